import { STATUS_CODES } from "node:http";
import { setTimeout as wait } from "node:timers/promises";

import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

import type { FaultArgs, Faults } from "./faults";

/** Injects the faults into the answers of all routes that are added later. */
export function injectFaults(app: FastifyInstance, faults: Faults): void {
  const afterwards = new WeakMap<FastifyRequest, FaultArgs>();

  app.addHook("onRequest", async (request, reply) => {
    const path = request.url.split("?", 1)[0];
    const fault = faults.next(request.method, request.routeOptions.url, path);
    if (fault === undefined) return;
    if (fault.afterwards) {
      afterwards.set(request, fault);
      return;
    }
    await delay(fault, request);
    if (fault.cut) cut(request, reply);
    else if (fault.status !== undefined) {
      await reply.code(fault.status).headers(headersOf(fault)).send(bodyOf(fault, fault.status));
    }
  });

  app.addHook("onSend", async (request, reply, payload) => {
    const fault = afterwards.get(request);
    if (fault === undefined) return payload;
    await delay(fault, request);
    if (fault.cut) cut(request, reply);
    if (fault.status === undefined) return payload;
    const body = bodyOf(fault, fault.status);
    void reply.code(fault.status).removeHeader("content-length").headers(headersOf(fault));
    if (typeof body === "string") return body;
    void reply.type("application/json");
    return JSON.stringify(body);
  });
}

/** Waits for the fault's delay, or until the client disconnects. */
async function delay({ latencyMilliseconds }: FaultArgs, { raw }: FastifyRequest): Promise<void> {
  if (latencyMilliseconds === undefined) return;
  const gone = new AbortController();
  const leave = (): void => gone.abort();
  raw.socket.once("close", leave);
  await wait(latencyMilliseconds, undefined, { signal: gone.signal }).catch(() => undefined);
  raw.socket.off("close", leave);
}

/** Closes the connection without an answer. */
function cut(request: FastifyRequest, reply: FastifyReply): void {
  reply.hijack();
  request.raw.socket.destroy();
}

function headersOf({ retryAfter, headers = {} }: FaultArgs): Record<string, string> {
  return { ...(retryAfter === undefined ? {} : { "retry-after": retryAfter }), ...headers };
}

function bodyOf({ body }: FaultArgs, status: number): unknown {
  if (body !== undefined) return body;
  // GitLab's rate limits answer in plain text.
  return status === 429 ? "Retry later" : { message: `${status} ${STATUS_CODES[status] ?? ""}` };
}

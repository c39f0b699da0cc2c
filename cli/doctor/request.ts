import { ConnectionError } from "../../components/http/connectionError";
import { type HttpAnswer, type HttpRequest, Transport } from "../../components/http/transport";
import type { Inspection } from "./inspection";
import type { Finding } from "./step";

const timeoutMs = 10_000;

/**
 * Sends a request once, without following a redirect: a diagnosis reports what happens, instead of trying again.
 *
 * @returns a finding about the network if there was no answer
 */
export async function sendOnce(
  inspection: Inspection,
  request: HttpRequest,
): Promise<HttpAnswer | Finding> {
  const { caCertificate } = inspection.get("target");
  try {
    return await new Transport({ env: inspection.io.env, caCertificate, timeoutMs }).send(request);
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    const { host, origin, pathname } = new URL(request.url);
    return {
      cause: `${host} gave no answer to ${request.method} ${pathname}: ${error.message}.`,
      failure: error.problem === "certificate" ? "tls" : "network",
      remedy: error.remedy ?? `curl -v ${origin}${pathname}`,
    };
  }
}

import { readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";

/** A request to one of the sandbox's servers. */
export interface ProbeOptions {
  readonly url: string;
  /** File of the CA that must have signed the server's certificate. */
  readonly authority?: string;
  /** @default "GET" */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Status codes that count as success. @default [200] */
  readonly statuses?: readonly number[];
  /** Client certificate, if the server requires one. */
  readonly client?: { readonly key: string; readonly certificate: string };
}

const timeoutMs = 2000;

/** Whether the server answers with one of the expected statuses; an error contains the answer that came instead. */
export async function probe(question: ProbeOptions): Promise<boolean> {
  await fetchText(question);
  return true;
}

/** Returns the body of the server's answer. */
export async function fetchText(question: ProbeOptions): Promise<string> {
  const { url, authority, client, headers, method = "GET", statuses = [200] } = question;
  return new Promise((resolve, reject) => {
    const options = {
      agent: false,
      headers,
      method,
      timeout: timeoutMs,
      ...(authority !== undefined && { ca: readFileSync(authority) }),
      ...(client && { key: readFileSync(client.key), cert: readFileSync(client.certificate) }),
    };
    const receive = (response: http.IncomingMessage): void => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (body += chunk));
      response.once("error", reject);
      response.once("end", () => {
        if (statuses.includes(response.statusCode ?? 0)) resolve(body);
        else reject(new Error(`status code ${response.statusCode}: ${method} ${url}`));
      });
    };
    const sent = url.startsWith("https:")
      ? https.request(url, options, receive)
      : http.request(url, options, receive);
    sent.once("timeout", () =>
      sent.destroy(new Error(`no answer in ${timeoutMs} ms: ${method} ${url}`)),
    );
    sent.once("error", reject);
    sent.end();
  });
}

import { ConnectionError } from "../../../components/http/connectionError";
import { findProxy } from "../../../components/http/proxy";
import { Transport } from "../../../components/http/transport";
import type { Inspection } from "../inspection";
import { connectTcp, type Endpoint, resolveHost, shakeHands } from "../probe";
import type { Finding, Outcome, Step } from "../step";
import { inspectTls } from "../tlsFindings";

/** A server that the steps connect to. */
export interface Server {
  /** First part of the steps' ids. */
  readonly id: string;
  /** Name in titles and in sentences. */
  readonly name: string;
  /** Address, once the configuration is known. */
  readonly locate: (inspection: Inspection) => URL;
}

const timeoutMs = 6_000;

/** The steps DNS, TCP and TLS of a server. Through a proxy, they are about the proxy, which then connects. */
export function createConnectionSteps({ id, locate, name }: Server): readonly Step[] {
  const step = (
    kind: string,
    title: string,
    failure: Step["failure"],
    before: string,
    run: Step["run"],
  ): Step => ({
    id: `${id}-${kind}`,
    title: `${title} of ${name}`,
    failure,
    dependsOn: [before],
    run,
  });
  const endpoint = (inspection: Inspection): Endpoint =>
    findEndpoint(locate(inspection), name, inspection);
  return [
    step("dns", "DNS", "network", "configuration", async (inspection) => {
      const { host } = endpoint(inspection);
      const found = await resolveHost(endpoint(inspection));
      return Array.isArray(found)
        ? { detail: found.includes(host) ? host : `${host} is ${found.slice(0, 3).join(", ")}` }
        : { findings: [found] };
    }),
    step("tcp", "TCP", "network", `${id}-dns`, async (inspection) => {
      const { host, port } = endpoint(inspection);
      const finding = await connectTcp(endpoint(inspection));
      return finding ? { findings: [finding] } : { detail: `${host}:${port}` };
    }),
    step("tls", "TLS", "tls", `${id}-tcp`, (inspection) =>
      inspectChannel(locate(inspection), name, inspection),
    ),
  ];
}

/** The proxy for a URL if there is one, or else its own host. */
function findEndpoint(url: URL, name: string, { io }: Inspection): Endpoint {
  const proxy = findProxy(url, io.env);
  const at = proxy === undefined ? url : new URL(proxy.address);
  const port =
    Number(at.port) || (at.protocol === "https:" ? 443 : at.protocol === "http:" ? 80 : 1080);
  const host = at.hostname.replace(/^\[(.*)\]$/, "$1");
  const label = proxy === undefined ? name : `the proxy of \`${proxy.variable}\``;
  return { label, host, port };
}

async function inspectChannel(url: URL, name: string, inspection: Inspection): Promise<Outcome> {
  const { caCertificate } = inspection.get("target");
  const proxy = findProxy(url, inspection.io.env);
  if (proxy === undefined && url.protocol === "https:") {
    return inspectTls(findEndpoint(url, name, inspection), caCertificate);
  }
  const transport = new Transport({ env: inspection.io.env, caCertificate, timeoutMs });
  try {
    const { text } = await transport.send({ method: "GET", url: url.href, headers: {} });
    if (/HTTP request (was sent )?to an? HTTPS/i.test(text)) {
      return { findings: [describePlainAddress(url)] };
    }
    return { detail: proxy ? `through ${proxy.address}` : "plain HTTP, without TLS" };
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    const speaksTls = proxy === undefined && (await offersCertificate(url, name, inspection));
    if (speaksTls) return { findings: [describePlainAddress(url)] };
    return { findings: [describeTunnelFailure(error, url, name)] };
  }
}

/** Whether a server that does not answer plain HTTP makes a TLS handshake. */
async function offersCertificate(url: URL, name: string, inspection: Inspection): Promise<boolean> {
  const { certificate } = await shakeHands(findEndpoint(url, name, inspection), undefined);
  return certificate !== undefined;
}

function describePlainAddress({ host }: URL): Finding {
  return {
    cause: `${host} speaks TLS, and its configured address begins with "http://".`,
    remedy: `pulumi config set gitlab:baseUrl https://${host}/api/v4/`,
  };
}

function describeTunnelFailure(error: ConnectionError, url: URL, name: string): Finding {
  const { message, problem, remedy } = error;
  const cause = `${name} was not reached through the network: ${message}.`;
  const failure = problem === "certificate" ? "tls" : "network";
  return { cause, failure, remedy: remedy ?? `curl -v ${url.origin}/` };
}

import type { Proxy } from "./proxy";

/** Why a request got no answer. */
export type ConnectionProblem = "proxy" | "certificate" | "timeout" | "network";

/** A request got no answer from its server. The message contains neither its URL nor any credential. */
export class ConnectionError extends Error {
  public override readonly name = "ConnectionError";

  constructor(
    message: string,
    public readonly problem: ConnectionProblem,
    /** Whether another attempt may succeed. */
    public readonly isTransient: boolean,
    /** What to do; undefined if that depends on the server. */
    public readonly remedy: string | undefined,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Errors of Node before a connection exists. If a proxy is used, they are about the proxy. */
const unreached = /^(ECONNREFUSED|ENOTFOUND|EAI_\w+|E(HOST|NET)UNREACH|UND_ERR_CONNECT_TIMEOUT)$/;

/** TLS errors of Node, which are the same at the next attempt. */
const untrusted = /CERT|SIGNATURE|ISSUER|ERR_TLS|ERR_SSL/;

/** Converts an error of the HTTP library into one that names what failed: the proxy, the network or the server. */
export function describeConnectionError(
  error: unknown,
  target: URL,
  proxy: Proxy | undefined,
): ConnectionError {
  const cause = findCause(error);
  const refusal = /Proxy response \((\d+)\)|Proxy Authentication Required \((407)\)/.exec(
    cause.message,
  );
  if (proxy !== undefined && refusal !== null) {
    return describeRefusal(Number(refusal[1] ?? refusal[2]), target, proxy, error);
  }
  if (proxy !== undefined && /^UND_ERR_PRX/.test(cause.code)) {
    return new ConnectionError(
      `${name(proxy)} closed the connection to ${formatHost(target)} without an answer`,
      "proxy",
      true,
      `Ask the proxy's administrator whether it may connect to ${formatHost(target)}. If that host needs no proxy, add it to \`NO_PROXY\`.`,
      { cause: error },
    );
  }
  if (proxy !== undefined && unreached.test(cause.code)) {
    return new ConnectionError(
      `${name(proxy)} was not reached (${cause.message})`,
      "proxy",
      true,
      `Check \`${proxy.variable}\` and the network. If ${formatHost(target)} needs no proxy, add it to \`NO_PROXY\`.`,
      { cause: error },
    );
  }
  if (isTimeout(cause)) {
    return new ConnectionError("no answer in time", "timeout", true, undefined, { cause: error });
  }
  const isUntrusted = untrusted.test(cause.code);
  const message = isUntrusted ? `${cause.message} (${cause.code})` : cause.message;
  return new ConnectionError(
    message,
    isUntrusted ? "certificate" : "network",
    !isUntrusted,
    undefined,
    { cause: error },
  );
}

/** Describes an answer of the proxy instead of the server's. */
function describeRefusal(
  status: number,
  target: URL,
  proxy: Proxy,
  cause: unknown,
): ConnectionError {
  const host = formatHost(target);
  const { host: proxyHost, protocol } = new URL(proxy.address);
  const remedies: Readonly<Record<number, string>> = {
    407: `The proxy wants a user name and a password: export ${proxy.variable}=${protocol}//<user>:<password>@${proxyHost}`,
    403: `Ask the proxy's administrator to allow connections to ${host}. If that host needs no proxy, add it to \`NO_PROXY\`.`,
  };
  return new ConnectionError(
    `${name(proxy)} refused to connect to ${host} with status code ${status}`,
    "proxy",
    [502, 503, 504].includes(status),
    remedies[status] ??
      `The proxy does not reach ${host}. Check the host's name and port, then ask the proxy's administrator. If that host needs no proxy, add it to \`NO_PROXY\`.`,
    { cause },
  );
}

function name({ address, variable }: Proxy): string {
  return `the proxy ${address} of \`${variable}\``;
}

function formatHost({ hostname, port, protocol }: URL): string {
  return `${hostname}:${port || (protocol === "https:" ? "443" : "80")}`;
}

interface Cause {
  readonly name: string;
  readonly code: string;
  readonly message: string;
}

/** Returns the cause. If all addresses of a host fail, Node's error has no message, but a list of errors. */
function findCause(error: unknown): Cause {
  if (error instanceof AggregateError && error.message === "") {
    const causes = error.errors.map(findCause);
    const messages = [...new Set(causes.map(({ message }) => message))];
    return { name: error.name, code: causes[0]?.code ?? "", message: messages.join("; ") };
  }
  const { code, message, name } = error as Partial<Error> & { code?: unknown };
  return {
    name: name ?? "",
    code: typeof code === "string" ? code : "",
    message: message ?? String(error),
  };
}

function isTimeout({ code, name }: Cause): boolean {
  return name === "TimeoutError" || /TIMEOUT|TIMEDOUT/.test(code);
}

import { BlockList, isIP } from "node:net";

/** The proxy for a request. */
export interface Proxy {
  /** URL with the user name and password, if any; it must not be printed. */
  readonly url: string;

  /** Scheme, host and port, without credentials. */
  readonly address: string;

  /** Name of the environment variable that contains it. */
  readonly variable: string;
}

/** An environment variable contains an invalid proxy. The message contains no credential. */
export class ProxySettingError extends Error {
  public override readonly name = "ProxySettingError";
}

const schemes = ["http:", "https:", "socks5:"];

/**
 * Finds the proxy for a URL in the environment, by the same rules as Go programs, so that the Pulumi providers,
 * BuildKit's client and kubectl use the same one.
 *
 * @param env environment with `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`, or the same in lower case
 * @returns undefined if the request goes directly to its host
 * @throws ProxySettingError if the variable does not contain the address of a proxy
 * @see https://pkg.go.dev/golang.org/x/net/http/httpproxy#Config
 */
export function findProxy(target: URL, env: NodeJS.ProcessEnv): Proxy | undefined {
  const name = target.protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
  const variable = [name, name.toLowerCase()].find((candidate) => env[candidate]);
  if (variable === undefined || isExcluded(target, env.NO_PROXY || env.no_proxy || "")) {
    return undefined;
  }
  const value = env[variable] ?? "";
  const url = URL.parse(value.includes("://") ? value : `http://${value}`);
  if (!url || !schemes.includes(url.protocol) || url.host === "") {
    throw new ProxySettingError(
      `\`${variable}\` is not the address of a proxy, such as "http://proxy.example.com:3128".`,
    );
  }
  return { url: url.href, address: `${url.protocol}//${url.host}`, variable };
}

/** Whether `NO_PROXY` excludes the host, or the host never needs a proxy. */
function isExcluded(target: URL, noProxy: string): boolean {
  const host = target.hostname.replace(/^\[(.*)\]$/, "$1").replace(/\.$/, "");
  const port = target.port || (target.protocol === "https:" ? "443" : "80");
  if (host === "localhost" || isInRange(host, "127.0.0.0/8") || host === "::1") return true;
  return noProxy
    .split(",")
    .map((entry) => entry.trim().toLowerCase())
    .some((entry) => entry !== "" && matches(entry, host, port));
}

function matches(entry: string, host: string, port: string): boolean {
  if (entry === "*") return true;
  if (entry.includes("/")) return isInRange(host, entry);
  const [, name, , entryPort] = /^(\[[^\]]*\]|[^:]*|.*:.*:.*)(:(\d+))?$/.exec(entry) ?? ["", entry];
  if (entryPort !== undefined && entryPort !== port) return false;
  const bare = name.replace(/^\[(.*)\]$/, "$1");
  if (isIP(bare) !== 0) return bare === host;
  const domain = bare.replace(/^\*(?=\.)/, "");
  return domain.startsWith(".")
    ? host.endsWith(domain)
    : host === domain || host.endsWith(`.${domain}`);
}

function isInRange(host: string, range: string): boolean {
  const family = isIP(host);
  const [, network, prefix] = /^(.+)\/(\d+)$/.exec(range) ?? [];
  if (family === 0 || network === undefined || isIP(network) !== family) return false;
  const type = family === 4 ? "ipv4" : "ipv6";
  if (Number(prefix) > (family === 4 ? 32 : 128)) return false;
  const list = new BlockList();
  list.addSubnet(network, Number(prefix), type);
  return list.check(host, type);
}

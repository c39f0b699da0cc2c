import { project, registry } from "../../e2e/support/gitlab";
import { findFreePort } from "../../support/freePort";
import { type Fault, testFaults } from "./fault";
import { Listeners, localhost } from "./listeners";

const gitlab = "https://gitlab.thelinuxlabs.com";
const of = (address: string, instance = gitlab): string =>
  `--registry ${address} --project ${project} --gitlab ${instance}`;
const sandbox = of(registry);
const noDns = /^The DNS (does not know|server did not answer about) `[^`]+\.invalid`, the host of /;

/** Names, ports, firewalls and proxies: none of them is a wrong password. */
export function testNetwork(): void {
  const listeners = new Listeners();
  const ports: Record<string, number> = {};
  const at = (name: string) => (): string => of(`${localhost}:${ports[name]}`);
  const through = (name: string) => (): string =>
    `export HTTPS_PROXY=http://127.0.0.1:${ports[name]}; unset NO_PROXY no_proxy`;

  beforeAll(async () => {
    ports.free = await findFreePort();
    ports.drops = await listeners.serveDrops();
    ports.silence = await listeners.serveSilence();
    ports.cuts = await listeners.serveCuts();
    ports.refusing = await listeners.serveProxy(403);
    ports.asking = await listeners.serveProxy(407);
    ports.broken = await listeners.serveProxy(502);
  });
  afterAll(() => listeners.close());

  const proxied = (cause: RegExp) => ({ "gitlab-tls": cause, "registry-tls": cause });
  const faults: Fault[] = [
    {
      name: "a registry whose name the DNS does not know",
      args: of("registry.invalid:5050"),
      causes: { "registry-dns": noDns },
      code: 12,
    },
    {
      name: "a GitLab whose name the DNS does not know",
      args: of(registry, "https://gitlab.invalid"),
      causes: { "gitlab-dns": noDns },
      code: 12,
    },
    {
      name: "a registry that does not run",
      args: at("free"),
      causes: {
        "registry-tcp": /^Nothing listens at localhost:\d+, the address of the registry: /,
      },
      code: 12,
    },
    {
      name: "a GitLab that does not run",
      args: () => of(registry, `https://${localhost}:${ports.free}`),
      causes: { "gitlab-tcp": /^Nothing listens at localhost:\d+, the address of GitLab: / },
      code: 12,
    },
    {
      name: "a firewall that drops what goes to the registry",
      args: at("drops"),
      causes: {
        "registry-tcp":
          /^Nothing answers at localhost:\d+, the address of the registry: a firewall/,
      },
      code: 12,
    },
    {
      name: "a registry that accepts connections and is silent",
      args: at("silence"),
      causes: { "registry-tls": /accepts connections, but does not answer a TLS handshake\.$/ },
      code: 12,
    },
    {
      name: "a firewall that cuts the handshake",
      args: at("cuts"),
      causes: { "registry-tls": /closed the connection in the TLS handshake\.$/ },
      code: 12,
    },
    {
      name: "a proxy that does not run",
      args: sandbox,
      setup: through("free"),
      causes: {
        "gitlab-tcp": /^Nothing listens at .* the address of the proxy of `HTTPS_PROXY`/,
        "registry-tcp": /^Nothing listens at .* the address of the proxy of `HTTPS_PROXY`/,
      },
      code: 12,
    },
    {
      name: "a proxy whose name the DNS does not know",
      args: sandbox,
      setup: "export HTTPS_PROXY=http://proxy.invalid:3128; unset NO_PROXY no_proxy",
      causes: { "gitlab-dns": noDns, "registry-dns": noDns },
      code: 12,
    },
    {
      name: "a proxy that refuses",
      args: sandbox,
      setup: through("refusing"),
      causes: proxied(/refused to connect to .* with status code 403\.$/),
      code: 12,
    },
    {
      name: "a proxy that asks for a password",
      args: sandbox,
      setup: through("asking"),
      causes: proxied(/refused to connect to .* with status code 407\.$/),
      code: 12,
    },
    {
      name: "a proxy that does not reach GitLab",
      args: sandbox,
      setup: through("broken"),
      causes: proxied(/refused to connect to .* with status code 502\.$/),
      code: 12,
    },
    {
      name: "a proxy's address that is none",
      args: sandbox,
      setup: "export HTTPS_PROXY=ftp://proxy.invalid; unset NO_PROXY no_proxy",
      causes: { configuration: /^`HTTPS_PROXY` is not the address of a proxy/ },
      code: 11,
    },
  ];
  testFaults(faults);
}

import { project, registry } from "../../e2e/support/gitlab";
import type { CertificateArgs } from "../../support/certificates";
import { type Fault, testFaults } from "./fault";
import { Listeners, localhost } from "./listeners";

const gitlab = "https://gitlab.thelinuxlabs.com";
const dayMs = 24 * 60 * 60 * 1000;
const inDays = (days: number): string => new Date(Date.now() + days * dayMs).toISOString();

/** Certificates, and servers with TLS where there should be none, and the reverse. */
export function testTls(): void {
  const listeners = new Listeners();
  let port = 0;
  afterAll(() => listeners.close());

  const of = (): string =>
    `--registry ${localhost}:${port} --project ${project} --gitlab ${gitlab}`;
  const serve = (certificate?: Partial<CertificateArgs>) => async (): Promise<void> => {
    port = await listeners.serve({ status: 401 }, certificate);
  };
  const trusted = { args: of, setup: () => listeners.trust };

  const faults: Fault[] = [
    {
      name: "a certificate of a CA that is not trusted",
      inject: serve(),
      args: of,
      causes: {
        "registry-tls": /^The certificate of the registry .* a CA that is not trusted here\./,
      },
      code: 13,
    },
    {
      name: "an expired certificate",
      inject: serve({ notAfter: inDays(-1) }),
      ...trusted,
      causes: { "registry-tls": /^The certificate of the registry at localhost:\d+ expired on / },
      code: 13,
    },
    {
      name: "a certificate of the future",
      inject: serve({ notBefore: inDays(1) }),
      ...trusted,
      causes: { "registry-tls": /is in the future by this machine's clock\.$/ },
      code: 13,
    },
    {
      name: "a certificate for another host",
      inject: serve({ hosts: ["other.example.com"] }),
      ...trusted,
      causes: { "registry-tls": /is for other names: other\.example\.com\.$/ },
      code: 13,
    },
    {
      name: "a registry without TLS",
      inject: async () => {
        port = await listeners.servePlain({ status: 401 });
      },
      args: of,
      causes: { "registry-tls": /, the address of the registry, answers without TLS\.$/ },
      code: 13,
    },
    {
      name: "a GitLab with TLS where its address has none",
      args: `--registry ${registry} --project ${project} --gitlab http://gitlab.thelinuxlabs.com:443`,
      causes: {
        "gitlab-tls":
          /^gitlab\.thelinuxlabs\.com:443 speaks TLS, and its configured address begins/,
      },
      code: 13,
    },
    {
      name: "the sandbox's CA that nobody trusts",
      setup: "unset NODE_EXTRA_CA_CERTS",
      causes: {
        "gitlab-tls": /^The certificate of GitLab .* a CA that is not trusted here/,
        "registry-tls": /^The certificate of the registry .* a CA that is not trusted here/,
      },
      code: 13,
    },
  ];
  testFaults(faults);
}

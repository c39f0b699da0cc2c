import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { parse, stringify } from "yaml";

import { checkout, inSandbox, shell, type Ended } from "./support/checkout";
import { expectSuccess } from "./support/expectSuccess";

const minuteMs = 60_000;
const file = join(checkout, "Pulumi.dev.yaml");
const pki = ".sandbox/test/pki";
let before: string;

beforeAll(async () => {
  before = readFileSync(file, "utf8");
  await inSandbox("pulumi stack select dev");
}, minuteMs);

afterAll(() => writeFileSync(file, before));

function configure(caCertificate: string): void {
  const content = parse(before) as { config: Record<string, unknown> };
  content.config["gatsby-site:caCertificate"] = caCertificate;
  writeFileSync(file, stringify(content));
}

/** A command in an environment that trusts no more than the machine does. */
const untrusting = (command: string): Promise<Ended> =>
  shell(`eval "$(make -s env)"; unset SSL_CERT_FILE NODE_EXTRA_CA_CERTS; ${command}`);

describe("a CA of the company's own", () => {
  it(
    "stops a plain preview with the line to run, where the environment lacks it",
    async () => {
      configure(`${pki}/gitlab-ca.pem`);
      const { code, output } = await untrusting("pulumi preview");

      expect(code).not.toBe(0);
      expect(output).toContain("`SSL_CERT_FILE` and `NODE_EXTRA_CA_CERTS`");
      expect(output).toContain('eval "$(npx slipway env)"');
      expect(output).not.toContain("DeployToken");
    },
    2 * minuteMs,
  );

  it.each(["a file", "PEM"])(
    "as %s reaches all who need it by configuration and that line alone",
    async (kind) => {
      const authority = `${pki}/gitlab-ca.pem`;
      configure(kind === "PEM" ? readFileSync(join(checkout, authority), "utf8") : authority);
      const ended = await untrusting(
        'eval "$(npx slipway env)" && npx slipway tokens && pulumi preview',
      );
      expectSuccess(ended);
      expect(ended.output).toContain("slipway/gatsby-site/dev/push");
      expect(ended.output).not.toMatch(/replace|DeployToken/);
    },
    3 * minuteMs,
  );

  it(
    "that did not sign GitLab's certificate is named as the cause",
    async () => {
      configure(`${pki}/kubernetes/kubernetes-ca.pem`);
      // Since Pulumi 3.276 a plain preview ends with the provider's own error, before the program can say more.
      const { code, output } = await untrusting(
        'eval "$(npx slipway env)"; npx slipway up dev --yes',
      );

      expect(code).not.toBe(0);
      expect(output).toContain("GitLab's certificate is not trusted here. Set `caCertificate`");
    },
    2 * minuteMs,
  );
});

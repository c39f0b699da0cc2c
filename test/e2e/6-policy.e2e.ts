import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { checkout, type Ended, git, inSandbox, shell } from "./support/checkout";
import { configureStack } from "./support/configuration";
import { editPage, page } from "./support/edit";

const minuteMs = 60_000;
const pack = ".sandbox/test/policy";

/** Previews a stack with the policy pack, in Pulumi's engine. */
const preview = (stack: string, options = ""): Promise<Ended> =>
  shell(
    `eval "$(make -s env)"; pulumi preview --stack ${stack} --non-interactive --policy-pack ${pack} ${options}`,
  );

/** What the policies say in an output of Pulumi, a line for each violation. */
const listViolations = (output: string): string[] =>
  output.split("\n").filter((line) => /^\s+- \[(advisory|mandatory)\]/.test(line));

describe("the policy pack in Pulumi's engine", () => {
  afterAll(() => {
    git(checkout, "checkout", "--", "Pulumi.dev.yaml", "index.ts", page);
  });

  it(
    "passes the stack that is deployed, and a preview whose digest is unknown",
    async () => {
      editPage();
      const { code, output } = await preview("dev");
      expect(output).toContain("✅ slipway@v0.1.0");
      // Nothing is advised either, and no policy gave up at the unknown digest.
      expect(listViolations(output)).toEqual([]);
      expect(output).toMatch(/~ {2}docker-build:index:Image site-image update/);
      expect(code).toBe(0);
      git(checkout, "checkout", "--", page);
    },
    2 * minuteMs,
  );

  it(
    "refuses what the stack's tier does not allow, and says what to do",
    async () => {
      configureStack(checkout, "dev", { tier: "production", allowDirty: true });
      const { code, output } = await preview("dev");
      expect(listViolations(output).map((line) => line.trim())).toEqual([
        "- [mandatory]  replicas  (kubernetes:apps/v1:Deployment: gatsby-site)",
      ]);
      expect(output).toContain(
        "`spec.replicas` is 1. With fewer than 2, the site is gone while a node restarts. Use at least 2 in a production stack: `pulumi config set replicas 2`.",
      );
      expect(code).not.toBe(0);

      const levels = join(checkout, ".sandbox", "levels.json");
      writeFileSync(levels, JSON.stringify({ replicas: "advisory" }));
      const advised = await preview("dev", `--policy-pack-config ${levels}`);
      expect(listViolations(advised.output)).toEqual([expect.stringContaining("[advisory]")]);
      expect(advised.code).toBe(0);
      git(checkout, "checkout", "--", "Pulumi.dev.yaml");
    },
    3 * minuteMs,
  );

  it(
    "stops an update before a resource that it refuses",
    async () => {
      const before = await inSandbox("kubectl get services --all-namespaces");
      const port = `new (require("@pulumi/kubernetes").core.v1.Service)("status", { metadata: { namespace: "default" }, spec: { type: "NodePort", ports: [{ port: 80 }] } });`;
      await inSandbox(`sed -i 's|^  exitWithEngine();|&\\n  ${port}|' index.ts`);
      const { code, output } = await shell(
        `eval "$(make -s env)"; pulumi up --stack dev --yes --skip-preview --non-interactive --policy-pack ${pack}`,
      );
      expect(output).toContain(
        '`spec.type` is "NodePort": the Service is reached from outside of the cluster, past the Ingress and its TLS. Use "ClusterIP" and an Ingress, or add `status` to the policy\'s setting `services`.',
      );
      expect(code).not.toBe(0);
      expect(await inSandbox("kubectl get services --all-namespaces --no-headers | wc -l")).toBe(
        `${before.trim().split("\n").length - 1}\n`,
      );
    },
    3 * minuteMs,
  );
});

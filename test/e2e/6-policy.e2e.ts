import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { checkout, type Ended, shell } from "./support/checkout";

const minuteMs = 60_000;

/** What `make up` writes for this sandbox's engine. */
const pack = join(checkout, ".sandbox", "test", "policy", "slipway");

/** A program of its own, which creates only components: no provider is needed. */
const program = join(checkout, ".sandbox", "refused");

const attempt = (command: string): Promise<Ended> => shell(`eval "$(make -s env)"; ${command}`);

/** What the policies say in an output of Pulumi, a line for each violation. */
const listViolations = (output: string): string[] =>
  output
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => /^- \[(advisory|mandatory)\]/.test(line));

describe("the policy pack in Pulumi's engine", () => {
  it(
    "stops an update of another program before the resource that it refuses",
    async () => {
      mkdirSync(program, { recursive: true });
      writeFileSync(join(program, "Pulumi.yaml"), "name: refused\nruntime: nodejs\n");
      // Without one Pulumi runs the `main` of the folder above.
      writeFileSync(join(program, "package.json"), '{ "main": "index.js" }');
      writeFileSync(
        join(program, "index.js"),
        `const { ComponentResource } = require("@pulumi/pulumi");
        const service = (name, type) =>
          new ComponentResource("kubernetes:core/v1:Service", name, { spec: { type } });
        const closed = service("closed", "ClusterIP");
        // \`dependsOn\` waits for a component's children, and this one has none.
        service("open", closed.urn.apply(() => "NodePort"));`,
      );
      const { code, output } = await attempt(
        `cd '${program}'; export PULUMI_BACKEND_URL=file://$PWD; pulumi stack init refused;
        pulumi up --yes --skip-preview --non-interactive --policy-pack '${pack}' || code=$?
        pulumi stack --show-urns; exit \${code:-0}`,
      );
      rmSync(program, { recursive: true });

      expect(listViolations(output)).toEqual([
        "- [mandatory]  service-exposure  (kubernetes:core/v1:Service: open)",
      ]);
      expect(output).toContain(
        '`spec.type` is "NodePort": the Service is reached from outside of the cluster, past the Ingress and its TLS. Use "ClusterIP" and an Ingress, or add `open` to the policy\'s setting `services`.',
      );
      expect(output).toContain("refused::kubernetes:core/v1:Service::closed");
      expect(output).not.toContain("refused::kubernetes:core/v1:Service::open");
      expect(code).not.toBe(0);
    },
    2 * minuteMs,
  );
});

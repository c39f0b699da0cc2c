import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { listPromotions, listStages } from "../../../cli/release/stages";

let cwd: string;

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "stages-"));
  mkdirSync(join(cwd, "stacks"));
  writeFileSync(join(cwd, "Pulumi.yaml"), "name: site\nstackConfigDir: stacks\n");
  write("dev", "config: {}\n");
  write("staging", "config:\n  site:promoteFrom: dev\n");
  write("prod", "config:\n  site:promoteFrom: company/site/staging\n");
  write("empty", "");
});

afterEach(() => rmSync(cwd, { recursive: true }));

function write(stack: string, text: string): void {
  writeFileSync(join(cwd, "stacks", `Pulumi.${stack}.yaml`), text);
}

describe("the stages of a project", () => {
  it("are the stacks that have a file, with the stack that each takes its releases from", () => {
    expect(listStages(cwd)).toEqual([
      { stack: "dev", promoteFrom: undefined },
      { stack: "empty", promoteFrom: undefined },
      { stack: "prod", promoteFrom: "company/site/staging" },
      { stack: "staging", promoteFrom: "dev" },
    ]);
  });

  it.each([
    ["dev", ["npx slipway promote dev staging"]],
    ["company/site/staging", ["npx slipway promote staging prod"]],
    ["prod", []],
    ["", []],
  ])("that come after %s", (stack, commands) => {
    expect(listPromotions(cwd, stack)).toEqual(commands);
  });

  it("are unknown if a file is no YAML", () => {
    write("broken", "config: {");
    expect(listPromotions(cwd, "dev")).toEqual([]);
    expect(() => listStages(cwd)).toThrow(`Pulumi.broken.yaml\` is not YAML: `);
  });
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { tokens } from "../../../cli/commands/tokens";
import { ended, FakeIo } from "../../support/cli";

let cwd: string;

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "slipway-cli-"));
  writeFileSync(join(cwd, "Pulumi.yaml"), "name: gatsby-site\n");
});

afterAll(() => rmSync(cwd, { recursive: true }));

const run = (io: FakeIo, stack?: string) => tokens({ cwd, stack, prune: false, yes: false }, io);

describe("a command for a stack that does not exist", () => {
  it.each([
    ["stagin", "Did you mean `staging`?"],
    ["organization/gatsby-site/stagin", "Did you mean `staging`?"],
    ["review", "The project has `dev`, `staging`."],
  ])("says so in words of its own: %s", async (stack, hint) => {
    await expect(run(new FakeIo({ dev: {}, staging: {} }), stack)).rejects.toThrow(
      `There is no stack \`${stack}\`. ${hint} To create it:\n    pulumi stack init ${stack} --no-select`,
    );
  });

  it("says that no stack is selected", async () => {
    const io = new FakeIo({ dev: {} });
    io.capture = () => Promise.resolve(ended(255, "", "error: no stack selected; please use x\n"));
    await expect(run(io)).rejects.toThrow(
      "No stack is selected. Name one, or select it: `pulumi stack select <stack>`. `pulumi stack ls` lists them.",
    );
  });

  it("passes on what else Pulumi says about the selected stack", async () => {
    const io = new FakeIo({ dev: {} });
    io.capture = () => Promise.resolve(ended(255, "", "error: PULUMI_ACCESS_TOKEN must be set\n"));
    await expect(run(io)).rejects.toThrow(
      "`pulumi stack --show-name` failed:\n  PULUMI_ACCESS_TOKEN must be set",
    );
  });
});

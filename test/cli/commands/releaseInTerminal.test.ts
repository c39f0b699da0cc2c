import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { rollback } from "../../../cli/commands/rollback";
import type { ProcessResult } from "../../../cli/process/run";
import { Terminal } from "../../../cli/terminal";
import { FakeIo } from "../../support/cli";
import { Screen } from "../progress/support/screen";
import { a, b, folder, prod, release, run, staging } from "../support/promotion";

beforeEach(folder.create);
afterEach(folder.remove);

/** A terminal, and an engine that says of an update only the stack's outputs. */
class TerminalIo extends FakeIo {
  public readonly screen = new Screen({ columns: 100 });
  public override readonly terminal = new Terminal(this.screen, false);

  public override stream(...call: Parameters<FakeIo["stream"]>): Promise<ProcessResult> {
    const [, args, , { environment = {} } = {}] = call;
    const type = "pulumi:pulumi:Stack";
    const [old, next] = [{}, { digest: environment.SLIPWAY_AGREED_DIGEST }];
    const metadata = { op: "same", type, old: { outputs: old }, new: { outputs: next } };
    const event = JSON.stringify({ resOutputsEvent: { metadata } });
    appendFileSync(args[args.indexOf("--event-log") + 1] ?? "", `${event}\n`);
    return super.stream(...call);
  }
}

const afterProd = "config:\n  gatsby-site:promoteFrom: prod\n";

describe("a release in a terminal", () => {
  it("is promoted under a page, and says which stage is next", async () => {
    writeFileSync(join(folder.path, "Pulumi.archive.yaml"), afterProd);
    const io = new TerminalIo({ staging, prod });
    await run(io, { yes: true });
    expect((await io.screen.read()).split("\n").slice(-4)).toEqual([
      expect.stringMatching(/^Updated prod, \d+\.\d s$/),
      `image:   ${b}`,
      "next:    npx slipway promote prod archive",
      `\`prod\` runs ${b}.`,
    ]);
  });

  it("is rolled back under a page, and nobody is asked to take that further", async () => {
    writeFileSync(join(folder.path, "Pulumi.archive.yaml"), afterProd);
    const outputs = release(b, { previousDigest: a, previousCommit: "aaaaaaaa" });
    const io = new TerminalIo({ prod: { ...prod, outputs } });
    await rollback({ cwd: folder.path, stack: "prod", yes: true }, io);
    expect((await io.screen.read()).split("\n").slice(-3)).toEqual([
      expect.stringMatching(/^Updated prod, \d+\.\d s$/),
      `image:   ${a}`,
      `\`prod\` runs ${a}.`,
    ]);
  });
});

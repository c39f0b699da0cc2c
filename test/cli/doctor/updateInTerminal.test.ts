import { writeFileSync } from "node:fs";

import { type PageRequest, runUpdate, type UpdateRun } from "../../../cli/doctor/watchedUpdate";
import type { ProcessResult } from "../../../cli/process/run";
import { Pulumi } from "../../../cli/pulumi/pulumiCli";
import { Terminal } from "../../../cli/terminal";
import { ended, FakeIo } from "../../support/cli";
import { readRecording } from "../progress/support/player";
import { Screen } from "../progress/support/screen";

/** A terminal, and an engine that writes what was recorded of another update. */
class TerminalIo extends FakeIo {
  public readonly screen = new Screen();
  public override readonly terminal = new Terminal(this.screen, false);
  /** For each visible or hidden program whether the user sees what it prints. */
  public readonly shown: boolean[] = [];
  public recording = "edit";
  /** Called while an update runs. */
  public meanwhile: () => void = () => undefined;

  public override stream(
    ...[program, args, cwd, options]: Parameters<FakeIo["stream"]>
  ): Promise<ProcessResult> {
    this.shown.push(options?.isShown ?? true);
    if (args[0] === "up") {
      const lines = readRecording(this.recording).map(({ event }) => JSON.stringify(event));
      writeFileSync(args[args.indexOf("--event-log") + 1] ?? "", lines.join("\n") + "\n");
      this.meanwhile();
    }
    return super.stream(program, args, cwd, options);
  }
}

const promotions = ["npx slipway promote dev staging"];
const page: PageRequest = { expected: ["image", "push", "tags", "cluster", "pods"], promotions };

const run = (io: FakeIo, update: UpdateRun = { page }) =>
  runUpdate(
    { cwd: ".", project: "site", stack: "company/site/dev", values: {} },
    new Pulumi(io, "."),
    io,
    update,
  );

/** A page without the duration of this run. All events come at once, so that no part takes a time. */
const withoutTime = (text: string): string => text.replace(/, \d+\.\d s$/m, ", <time>");

describe("an update in a terminal", () => {
  it("shows its page in place of Pulumi's lines, and what came out", async () => {
    const io = new TerminalIo({ dev: {} });
    expect(await run(io)).toBeUndefined();
    expect(withoutTime(await io.screen.read()).replace(/[0-9a-f]{64}/, "<digest>")).toBe(
      [
        "Updated dev, <time>",
        "ok   deploy tokens         3 unchanged",
        "ok   image                 updated: npm run build 44 s",
        "ok   push                  gitlab.thelinuxlabs.com:5050/web/gatsby-site",
        "ok   tags                  3 updated, 1 replaced",
        "ok   cluster               6 unchanged",
        "ok   pods                  updated: 1 of 1 ready",
        "site:    http://10.213.101.220",
        "image:   sha256:<digest>",
        "changes: 5 updated, 1 replaced, 19 unchanged",
        "next:    npx slipway promote dev staging",
      ].join("\n"),
    );
    expect(io.streamed).toEqual([
      "pulumi up --stack company/site/dev --yes --skip-preview --event-log <file>",
    ]);
    expect(io.shown).toEqual([false]);
  });

  it("says in a summary where Pulumi Cloud shows it", async () => {
    const io = new TerminalIo({ dev: {} });
    const url = "https://app.pulumi.com/company/site/dev/updates/7";
    io.updates = [ended(0, `Updating (dev)\n\nView in Browser (Ctrl+O): ${url}\n`)];
    await run(io);
    expect(await io.screen.read()).toContain(`\ndetails: ${url}\nnext:    `);
  });

  it("says why it failed as without a page, and does not speak of what Pulumi shows", async () => {
    const io = new TerminalIo({ dev: {} });
    io.recording = "broken";
    io.updates = [ended(1, "", "warning: A new version of Pulumi is available.\n")];
    const failures = await run(io);
    expect(failures?.at(-1)).toBe("Nothing was deployed: the site runs as before.");
    expect(failures?.join("\n")).toContain("The end of the build's log:\n");
    const screen = await io.screen.read();
    expect(screen).toContain("FAIL image");
    expect(screen).toContain("error: site-image: failed to solve: process");
    expect(screen.endsWith("warning: A new version of Pulumi is available.")).toBe(true);
    expect(screen).not.toContain("site:");
  });

  it("ends its page if another update holds the lock", async () => {
    const io = new TerminalIo({ dev: {} });
    io.recording = "unchanged";
    const lock = [
      "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with `pulumi cancel`.",
      "  file:///state/.pulumi/locks/x.json: created by me@host (pid 7) at 2026-01-01T00:00:00Z",
    ].join("\n");
    io.updates = [ended(255, "", lock)];
    await expect(run(io)).rejects.toThrow("`company/site/dev` is locked:");
    expect(await io.screen.read()).toContain("The update of dev failed, ");
    expect(io.screen.written.endsWith("\x1b[?25h")).toBe(true);
  });

  it("keeps what is printed meanwhile above the page", async () => {
    const io = new TerminalIo({ dev: {} });
    io.recording = "unchanged";
    io.meanwhile = () => io.print("Removed its lock.");
    await run(io);
    expect((await io.screen.read()).split("\n").slice(0, 2)).toEqual([
      "Removed its lock.",
      expect.stringMatching(/^Nothing changed on dev, \d/),
    ]);
  });
});

describe("an update in a terminal that nobody agreed to", () => {
  const asking = { ...page, preview: ["--refresh"] };

  it("shows Pulumi's preview, asks, and runs under the page what was asked for", async () => {
    const io = new TerminalIo({ dev: {} });
    expect(await run(io, { page: asking })).toBeUndefined();
    expect(io.streamed).toEqual([
      "pulumi preview --stack company/site/dev --refresh --event-log <file>",
      "pulumi up --stack company/site/dev --yes --skip-preview --refresh --event-log <file>",
    ]);
    expect(io.shown).toEqual([true, false]);
    expect(io.printed[0]).toBe("Each property that differs: `npx slipway up dev -- --diff`.");
    expect(io.questions).toEqual(["Update `dev` like this?"]);
  });

  it("changes nothing after a no", async () => {
    const io = new TerminalIo({ dev: {} });
    io.answer = false;
    await expect(run(io, { page: asking })).rejects.toThrow("Nothing was changed.");
    expect(io.streamed).toHaveLength(1);
    expect(io.screen.written).not.toContain("\x1b[?25l");
  });

  it("does not ask if the preview fails", async () => {
    const io = new TerminalIo({ dev: {} });
    io.updates = [ended(1)];
    expect(await run(io, { page: asking })).toEqual([]);
    expect(io.questions).toEqual([]);
    expect(io.streamed).toHaveLength(1);
  });
});

describe("an update without a page", () => {
  it("shows Pulumi's own lines in a pipe, and how long it took", async () => {
    const io = new TerminalIo({ dev: {} });
    (io as { terminal?: Terminal }).terminal = undefined;
    await run(io, { page: { ...page, preview: [] }, options: ["--refresh"] });
    expect(io.streamed).toEqual([
      "pulumi up --stack company/site/dev --refresh --event-log <file>",
    ]);
    expect(io.shown).toEqual([true]);
    expect(io.questions).toEqual([]);
    expect(io.screen.written).toBe("");
  });

  it("shows Pulumi's own display in a terminal if that was asked for", async () => {
    const io = new TerminalIo({ dev: {} });
    await run(io, { options: ["--diff"] });
    expect(io.streamed).toEqual(["pulumi up --stack company/site/dev --diff --event-log <file>"]);
    expect(io.shown).toEqual([true]);
    expect(io.screen.written).toBe("");
  });
});

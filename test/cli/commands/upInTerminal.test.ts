import { up, type UpOptions } from "../../../cli/commands/up";
import { Terminal } from "../../../cli/terminal";
import { tokenOf } from "../../sandbox/gitlab/support/world";
import { FakeIo } from "../../support/cli";
import { inGitLabProject } from "../support/gitlabProject";
import { Screen } from "../progress/support/screen";

const { cwd, world } = inGitLabProject();
let screen: Screen;

beforeEach(() => (screen = new Screen()));

function prepare(config: object = {}, env: NodeJS.ProcessEnv = {}): FakeIo {
  const common = { project: "web/gatsby-site", "gitlab:baseUrl": `${world.address}/api/v4/` };
  const io = new FakeIo({ dev: { config: { ...common, ...config } } });
  io.env = { GITLAB_TOKEN: tokenOf("maintainer"), ...env };
  io.terminal = new Terminal(screen, false);
  return io;
}

const run = (io: FakeIo, options: Partial<UpOptions> = {}) =>
  up({ cwd, yes: true, ...options }, io);

describe("slipway up in a terminal", () => {
  it.each([
    [{ yes: true }, {}, ["up --stack dev --yes --skip-preview"]],
    [{ yes: false }, {}, ["preview --stack dev", "up --stack dev --yes --skip-preview"]],
    [
      { yes: false, pulumiOptions: ["--refresh", "--policy-pack", "policy"] },
      {},
      [
        "preview --stack dev --refresh --policy-pack policy",
        "up --stack dev --yes --skip-preview --refresh --policy-pack policy",
      ],
    ],
    [
      { yes: true, pulumiOptions: ["--policy-pack", "policy"] },
      {},
      ["up --stack dev --yes --policy-pack policy"],
    ],
    [{ yes: false, pulumiOptions: ["--skip-preview"] }, {}, ["up --stack dev --skip-preview"]],
    [{ yes: false }, { PULUMI_SKIP_CONFIRMATIONS: "true" }, ["up --stack dev"]],
  ])("has a page in a terminal, and asks itself: %j %j", async (options, env, commands) => {
    const io = prepare({}, env);
    await run(io, options);

    expect(io.streamed).toEqual(commands.map((command) => `pulumi ${command} --event-log <file>`));
    expect(io.questions).toEqual(commands.length > 1 ? ["Update `dev` like this?"] : []);
    expect(await screen.read()).toContain("Updated dev, ");
  });

  it("leaves the terminal to Pulumi for options that choose its display", async () => {
    const io = prepare();
    await run(io, { yes: false, pulumiOptions: ["--diff"] });

    expect(io.streamed).toEqual(["pulumi up --stack dev --diff --event-log <file>"]);
    expect(screen.written).toBe("");
  });

  it.each([
    [{}, ["deploy tokens", "image", "push", "tags", "cluster", "pods"]],
    [{ builder: "engine" }, ["deploy tokens", "image", "tags", "cluster", "pods"]],
    [{ release: "promote", promoteFrom: "dev" }, ["deploy tokens", "tags", "cluster", "pods"]],
    [{ digest: `sha256:${"a".repeat(64)}` }, ["deploy tokens", "tags", "cluster", "pods"]],
  ])("shows beforehand which parts the update of a stack has: %j", async (config, phases) => {
    const io = prepare(config);
    await run(io);

    const waiting = screen.written.split("\n").filter((line) => line.startsWith("     "));
    expect(waiting.map((line) => line.trim().replace("\x1b[K", ""))).toEqual(phases);
  });
});

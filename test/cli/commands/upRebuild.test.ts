import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { up } from "../../../cli/commands/up";
import { FakeIo } from "../../support/cli";

let cwd: string;

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "slipway-cli-"));
  writeFileSync(join(cwd, "Pulumi.yaml"), "name: gatsby-site\n");
});

afterAll(() => rmSync(cwd, { recursive: true }));

const digest = `sha256:${"a".repeat(64)}`;
const existing = { username: "x", passwordFrom: "X" };

function prepare(config: Record<string, string> = {}, env: NodeJS.ProcessEnv = {}): FakeIo {
  // With credentials of its own it asks no GitLab.
  const credentials = JSON.stringify({ push: existing, pull: existing });
  const io = new FakeIo({
    dev: { config: { project: "web/site", credentials, ...config }, deployment: {} },
  });
  io.env = env;
  return io;
}

const run = (io: FakeIo, rebuild?: boolean) => up({ cwd, yes: true, rebuild }, io);
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

describe("slipway up --rebuild", () => {
  it("updates with the current time as the version of the content", async () => {
    const io = prepare();
    await run(io, true);
    expect(io.streamed[0]).toMatch(/^pulumi up --stack dev --yes --skip-preview --event-log /);
    expect(io.contentVersions).toEqual([expect.stringMatching(time)]);
  });

  it("is not what a plain update does", async () => {
    const io = prepare();
    await run(io);
    await run(io, false);
    expect(io.contentVersions).toEqual([]);
  });

  it.each<[object, string]>([
    [{ release: "promote", promoteFrom: "staging" }, "what `staging` runs"],
    [{ digest }, `${digest}, to which it is pinned`],
  ])("is refused for a stack with %j, which builds nothing", async (config, what) => {
    const io = prepare({ ...config });
    await expect(run(io, true)).rejects.toThrow(
      `\`dev\` builds nothing: it runs ${what}. Use \`--rebuild\` on the stack that builds, and promote its release.`,
    );
    expect(io.streamed).toEqual([]);
  });
});

describe("SLIPWAY_REBUILD", () => {
  it("is for the jobs of a pipeline: it rebuilds on the stack that builds, and says nothing on others", async () => {
    const building = prepare({}, { SLIPWAY_REBUILD: "true" });
    await run(building);
    expect(building.contentVersions).toEqual([expect.stringMatching(time)]);

    const promoting = prepare(
      { release: "promote", promoteFrom: "dev" },
      { SLIPWAY_REBUILD: "true" },
    );
    await run(promoting);
    expect(promoting.streamed).toHaveLength(1);
    expect(promoting.contentVersions).toEqual([]);
  });

  it.each(["", "false"])("may be %j", async (value) => {
    const io = prepare({}, { SLIPWAY_REBUILD: value });
    await run(io);
    expect(io.contentVersions).toEqual([]);
  });

  it("is refused if it is something else", async () => {
    await expect(run(prepare({}, { SLIPWAY_REBUILD: "1" }))).rejects.toThrow(
      '`SLIPWAY_REBUILD` is "1", which is not "true" or "false". Set it to "true" to build the image again.',
    );
  });
});

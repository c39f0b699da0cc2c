import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { UserError } from "../../../cli/errors";
import { FakeIo, type FakeStack } from "../../support/cli";
import {
  a,
  b,
  config,
  configured,
  folder,
  prod,
  release,
  run,
  staging,
} from "../support/promotion";

beforeEach(folder.create);
afterEach(folder.remove);

describe("slipway promote", () => {
  it("shows what will change, asks, updates, and names the file to commit", async () => {
    const io = new FakeIo({ staging, prod });
    io.commits = {
      "aaaaaaaa..bbbbbbbb": ["bbbbbbbb Menu", "abababab Fix"],
      "bbbbbbbb..aaaaaaaa": [],
    };
    io.status = " M Pulumi.prod.yaml\n";

    expect(await run(io)).toBe(true);
    expect(io.printed[0]).toBe(`prod:
  digest ${a} -> ${b}
  version v1.0.0 -> v1.1.0
  commit aaaaaaaa -> bbbbbbbb
  tag env-prod: ${b}
  tag previous-prod: ${a}
  brings 2 commits:
    bbbbbbbb Menu
    abababab Fix
  Pulumi.prod.yaml: release promote, promoteFrom staging, no digest`);
    expect(io.questions).toEqual(["Deploy this to `prod`?"]);
    expect(io.streamed).toEqual(["pulumi up --stack prod --yes --skip-preview --event-log <file>"]);
    expect(io.printed.slice(1)).toEqual([
      `\`prod\` runs ${b}.`,
      "Commit `Pulumi.prod.yaml`, since other machines and pipelines read it.",
    ]);
    expect(folder.readStackFile()).toBe(configured);
    expect(io.agreed).toEqual([b]);
  });

  it("reports what the stack's outputs say, not what was asked for", async () => {
    const io = new FakeIo({ staging, prod });
    io.deployed = a;

    await expect(run(io)).rejects.toThrow(
      `The update of \`prod\` succeeded, but the stack runs ${a}, not ${b}: another update came after it. See \`pulumi stack history --stack prod\`.`,
    );
    expect(io.printed).not.toContainEqual(expect.stringContaining("`prod` runs"));
  });

  it("takes names with organization and project", async () => {
    const [from, to] = ["organization/gatsby-site/staging", "organization/gatsby-site/prod"];
    const io = new FakeIo({ [from]: staging, [to]: prod });
    await run(io, { from, to });

    expect(io.printed[0]).toContain(`  tag env-prod: ${b}\n`);
    expect(folder.readStackFile()).toBe(
      configured.replace("promoteFrom: staging", `promoteFrom: ${from}`),
    );
    expect(io.streamed).toEqual([
      `pulumi up --stack ${to} --yes --skip-preview --event-log <file>`,
    ]);
  });

  it("changes the stack's file where Pulumi has it", async () => {
    writeFileSync(
      join(folder.path, "Pulumi.yaml"),
      'name: "gatsby-site" # the site\nstackConfigDir: stacks\n',
    );
    const io = new FakeIo({ staging, prod });
    await run(io);
    expect(folder.readStackFile()).toBe(configured);
    expect(readFileSync(join(folder.path, "stacks", "Pulumi.prod.yaml"), "utf8")).toContain(
      "gatsby-site:promoteFrom: staging",
    );
  });

  it("says that the release was built with uncommitted changes", async () => {
    const dirty = release(b, { tier: "staging", commit: "329a45dd-dirty" });
    const io = new FakeIo({
      staging: { outputs: dirty },
      prod: { ...prod, config: { ...config, tier: "staging" } },
    });
    await run(io);
    expect(io.printed[0]).toContain(
      "\nThe release of `staging` was built with uncommitted changes on top of 329a45dd, so it can't be built again.",
    );
  });

  it("configures a stack that built its own, and leaves the rest of its file", async () => {
    writeFileSync(
      join(folder.path, "Pulumi.prod.yaml"),
      "encryptionsalt: v1:x\nconfig:\n  # the site\n  gatsby-site:project: web/site\n",
    );
    const io = new FakeIo({ staging, prod: { config: { ...config, release: "build" } } });
    await run(io, { yes: true });

    expect(io.questions).toEqual([]);
    expect(io.printed[0]).toBe(`prod:
  digest none -> ${b}
  version none -> v1.1.0
  commit none -> bbbbbbbb
  tag env-prod: ${b}
  Pulumi.prod.yaml: release promote, promoteFrom staging, no digest`);
    expect(folder.readStackFile()).toBe(
      "encryptionsalt: v1:x\nconfig:\n  # the site\n  gatsby-site:project: web/site\n  gatsby-site:release: promote\n  gatsby-site:promoteFrom: staging\n",
    );
  });

  it("takes a pin away, and says so before", async () => {
    writeFileSync(
      join(folder.path, "Pulumi.prod.yaml"),
      `${configured}  gatsby-site:digest: ${a}\n`,
    );
    const io = new FakeIo({ staging, prod: { ...prod, config: { ...config, digest: a } } });
    await run(io);

    expect(io.printed[0]).toContain(`\n\`prod\` is pinned to ${a}. Promoting removes the pin.`);
    expect(folder.readStackFile()).toBe(configured);
  });

  it("says that the source's last update failed", async () => {
    const io = new FakeIo({ staging: { ...staging, last: "failed" }, prod });
    await run(io);

    expect(io.printed[0]).toContain(
      `\nThe last update of \`staging\` failed. Its last successful release is promoted: ${b}.`,
    );
  });

  it("says so when git does not know the commits", async () => {
    const io = new FakeIo({ staging, prod });
    await run(io);

    expect(io.printed[0]).toContain("\n  commits in between: not found in this git repository\n");
    expect(io.printed).not.toContainEqual(expect.stringContaining("Commit `"));
  });

  it("has nothing to do when the stack runs it", async () => {
    const io = new FakeIo({ staging, prod: { outputs: release(b), config, last: "succeeded" } });

    expect(await run(io)).toBe(false);
    expect(io.printed).toEqual([
      `\`prod\` runs the release of \`staging\` already, ${b}. There is nothing to do.`,
    ]);
    expect(io.streamed).toEqual([]);
  });

  it("finishes an update that failed", async () => {
    const io = new FakeIo({ staging, prod: { outputs: release(b), config, last: "failed" } });

    expect(await run(io)).toBe(true);
    expect(io.streamed).toHaveLength(1);
  });

  it("changes nothing when the answer is no", async () => {
    const io = new FakeIo({ staging, prod });
    io.answer = false;

    await expect(run(io)).rejects.toThrow(new UserError("Nothing was changed."));
    expect([io.streamed, folder.readStackFile()]).toEqual([[], configured]);
  });

  it.each<[string, Record<string, FakeStack>, object, string]>([
    ["a stack to itself", { prod }, { from: "prod" }, "`prod` can't be promoted to itself."],
    [
      "a stack to itself under its full name",
      { prod },
      { from: "organization/gatsby-site/prod" },
      "`prod` can't be promoted to itself.",
    ],
    [
      "to a stack that does not exist",
      { staging },
      {},
      "There is no stack `prod`. The project has `staging`. To create it:\n    pulumi stack init prod --no-select",
    ],
    [
      "from a stack that does not exist",
      { prod },
      {},
      "`prod` can't take its release from `staging`:\n  - There is no stack `staging`. Use another stack, or create and deploy that one first.\n      pulumi stack ls",
    ],
    [
      "what was never deployed",
      { staging: {}, prod },
      {},
      "`prod` can't take its release from `staging`:\n  - Nothing is deployed on `staging`: it has no successful release. Deploy it first.\n      pulumi up --stack staging",
    ],
    [
      "to production past staging",
      { staging: { outputs: release(b, { tier: "development" }) }, prod },
      {},
      '`prod` can\'t take its release from `staging`:\n  - `prod` is of `tier` "production" and takes only what a staging stack runs, but `staging` is of `tier` "development". Promote to a staging stack first, or let this one skip it.\n      pulumi config set skipStaging true --stack prod',
    ],
  ])("refuses to promote %s, before anything is written", async (_, stacks, options, message) => {
    const io = new FakeIo(stacks);

    await expect(run(io, options)).rejects.toThrow(new UserError(message));
    expect([io.printed, io.streamed, folder.readStackFile()]).toEqual([[], [], configured]);
  });
});

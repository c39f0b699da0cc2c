import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { rotate, type RotateOptions } from "../../../cli/commands/rotate";
import { computeRotationPeriod } from "../../../components/registry/rotationPeriod";
import type { ProcessResult } from "../../../cli/process/run";
import { tokenOf, World } from "../../sandbox/gitlab/support/world";
import { ended, FakeIo, type FakeStack } from "../../support/cli";

const world = new World();
const digest = `sha256:${"a".repeat(64)}`;
let cwd: string;

beforeAll(() => world.start());
afterAll(() => world.stop());

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "slipway-cli-"));
  writeFileSync(join(cwd, "Pulumi.yaml"), "name: gatsby-site\n");
});

afterEach(() => rmSync(cwd, { recursive: true }));

const read = (stack: string) => readFileSync(join(cwd, `Pulumi.${stack}.yaml`), "utf8");

/** Keeps the content of the files that updates are given as the stack's. */
class CopyIo extends FakeIo {
  public readonly copies: string[] = [];

  public override stream(program: string, args: readonly string[]): Promise<ProcessResult> {
    const shown = args.map((arg, index) => {
      if (args[index - 1] !== "--config-file") return arg;
      this.copies.push(readFileSync(arg, "utf8"));
      return "<copy>";
    });
    return super.stream(program, shown, cwd);
  }
}

function prepare(stacks: Record<string, FakeStack>): CopyIo {
  const io = new CopyIo(stacks);
  io.env = { GITLAB_TOKEN: tokenOf("maintainer") };
  return io;
}

function deployed(config: Record<string, string> = {}): FakeStack {
  return {
    outputs: { image: `registry.gitlab.com/web/gatsby-site@${digest}`, digest },
    config: {
      project: "web/gatsby-site",
      "gitlab:baseUrl": `${world.address}/api/v4/`,
      registry: "registry.gitlab.com",
      ...config,
    },
    deployment: {},
  };
}

const run = (io: FakeIo, options: Partial<RotateOptions> = {}) =>
  rotate({ cwd, stacks: [], all: false, due: false, yes: false, ...options }, io);

const targets = "--target **DeployToken** --target **kubernetes:core/v1:Secret**";
const left = (again: string) =>
  `The former push token is revoked. The former pull token is valid until it expires or until the next rotation, since nodes may be pulling with it. If it has leaked, wait until no pod is starting, and run this once more: \`npx slipway rotate ${again}\`.`;

describe("slipway rotate", () => {
  it("updates only the tokens and the pull secret of the selected stack, and says what to commit", async () => {
    writeFileSync(join(cwd, "Pulumi.dev.yaml"), "config:\n  gatsby-site:rotation: 2 # leak\n");
    const io = prepare({ dev: deployed({ rotation: "2" }) });
    io.status = " M Pulumi.dev.yaml\n";
    await run(io);

    expect(io.questions).toEqual(["Rotate the deploy tokens of `dev`?"]);
    expect(io.streamed).toEqual([
      `pulumi up --stack dev --yes --skip-preview ${targets} --event-log <file>`,
    ]);
    expect(read("dev")).toContain('gatsby-site:rotation: "3"');
    expect(io.printed).toEqual([
      "dev: new deploy tokens; `rotation` becomes 3 in `Pulumi.dev.yaml`.",
      "`dev` uses new tokens.",
      "Commit `Pulumi.dev.yaml`, since other machines and pipelines read it.",
      left("dev"),
    ]);
  });

  it.each([
    [0, 1],
    // This rotation is due by the calendar, and switches to the other token by itself.
    [1, 2],
    [2, 1],
  ])("replaces the token that is not in use if %i rotations are due", async (due, next) => {
    const period = computeRotationPeriod(new Date(), 60, "gatsby-site/dev");
    const expiry = new Date(Date.parse(period.expiresAt) - due * 60 * 24 * 60 * 60 * 1000);
    const outputs = { pullTokenExpiresAt: expiry.toISOString() };
    const resources = [
      { urn: "urn:pulumi:dev::gatsby-site", type: "pulumi:pulumi:Stack", outputs },
    ];
    const io = prepare({ dev: { ...deployed(), deployment: { resources } } });
    await run(io, { yes: true });
    expect(read("dev")).toBe(`config:\n  gatsby-site:rotation: "${next}"\n`);
  });

  it("keeps the release of a stack that promotes, which its source may have left by now", async () => {
    writeFileSync(join(cwd, "Pulumi.prod.yaml"), "config:\n  gatsby-site:release: promote\n");
    const io = prepare({ prod: deployed({ release: "promote", promoteFrom: "dev" }) });
    await run(io, { stacks: ["prod"], yes: true });

    expect(io.questions).toEqual([]);
    expect(io.streamed).toEqual([
      `pulumi up --stack prod --yes --skip-preview --config-file <copy> --config digest=${digest} ${targets} --event-log <file>`,
    ]);
    expect(read("prod")).toBe(
      'config:\n  gatsby-site:release: promote\n  gatsby-site:rotation: "1"\n',
    );
    // The copy has the number already.
    expect(io.copies).toEqual([read("prod")]);
  });

  it("rotates all stacks, and says of which there is nothing to rotate", async () => {
    const existing = { username: "x", passwordFrom: "X" };
    const credentials = JSON.stringify({ push: existing, pull: existing });
    const io = prepare({
      dev: deployed(),
      staging: { config: {} },
      other: deployed({ credentials }),
      prod: deployed(),
    });
    await run(io, { all: true });

    expect(io.questions).toEqual(["Rotate the deploy tokens of `dev`, `prod`?"]);
    expect(io.streamed.map((line) => line.split(" ")[3])).toEqual(["dev", "prod"]);
    expect(io.printed).toEqual([
      "Nothing is deployed on `staging`, so it has no tokens to rotate.",
      "`other` has no deploy tokens of its own: its `credentials` name existing ones. Replace them where they come from, then in `credentials`.",
      "dev: new deploy tokens; `rotation` becomes 1 in `Pulumi.dev.yaml`.",
      "prod: new deploy tokens; `rotation` becomes 1 in `Pulumi.prod.yaml`.",
      "`dev` uses new tokens.",
      "`prod` uses new tokens.",
      left("--all"),
    ]);
  });

  it.each([
    ["up", {}],
    // A plain update would take a newer release.
    ["rotate", { release: "promote", promoteFrom: "staging" }],
  ])(
    "goes on with the next stack if one fails, and says how to finish: %s",
    async (verb, config) => {
      const io = prepare({ dev: deployed({ ...config }), prod: deployed() });
      io.updates = [ended(1)];
      await expect(run(io, { all: true, yes: true })).rejects.toThrow(
        `The update of \`dev\` failed; the reason is above.\n\`Pulumi.dev.yaml\` has \`rotation\` 1 already: \`npx slipway ${verb} dev\` finishes this.`,
      );
      expect(io.streamed).toHaveLength(2);
      expect(io.printed.at(-1)).toBe("`prod` uses new tokens.");
    },
  );

  it("changes nothing if the user does not agree", async () => {
    const io = prepare({ dev: deployed() });
    io.answer = false;
    await expect(run(io)).rejects.toThrow("Nothing was changed.");
    expect(io.streamed).toEqual([]);
    expect(existsSync(join(cwd, "Pulumi.dev.yaml"))).toBe(false);
  });

  it.each<[string, Partial<RotateOptions>, string]>([
    [
      "a stack that does not exist",
      { stacks: ["dve"] },
      "There is no stack `dve`. Did you mean `dev`? To create it:\n    pulumi stack init dve --no-select",
    ],
    [
      "both all stacks and one",
      { stacks: ["dev"], all: true },
      "`--all` rotates the tokens of every stack, but `dev` is named too. Leave out `--all` or the names.",
    ],
    [
      "both all stacks and several",
      { stacks: ["dev", "staging"], all: true },
      "`--all` rotates the tokens of every stack, but `dev`, `staging` are named too. Leave out `--all` or the names.",
    ],
  ])("refuses %s", async (_, options, message) => {
    const io = prepare({ dev: deployed() });
    await expect(run(io, options)).rejects.toThrow(message);
    expect(io.streamed).toEqual([]);
  });

  describe("of tokens that are due", () => {
    const due = { due: true, yes: true };

    it("updates the tokens and the pull secret, and writes nothing to the stack's file", async () => {
      const io = prepare({ dev: deployed() });
      await run(io, { ...due, stacks: ["dev"] });
      expect(io.streamed).toEqual([
        `pulumi up --stack dev --yes --skip-preview ${targets} --event-log <file>`,
      ]);
      expect(existsSync(join(cwd, "Pulumi.dev.yaml"))).toBe(false);
      expect(io.printed).toEqual([]);
    });

    it("pins a stack that promotes to what it runs, in a copy of its file", async () => {
      const text = "config:\n  gatsby-site:release: promote\n";
      writeFileSync(join(cwd, "Pulumi.prod.yaml"), text);
      const stack = "organization/gatsby-site/prod";
      const io = prepare({ [stack]: deployed({ release: "promote", promoteFrom: "dev" }) });
      await run(io, { ...due, stacks: [stack] });
      expect(io.streamed.at(-1)).toBe(
        `pulumi up --stack ${stack} --yes --skip-preview --config-file <copy> --config digest=${digest} ${targets} --event-log <file>`,
      );
      expect([io.copies, read("prod")]).toEqual([[text], text]);
    });

    it("updates the pull secret of a stack with existing credentials too", async () => {
      const existing = { username: "x", passwordFrom: "X" };
      const credentials = JSON.stringify({ push: existing, pull: existing });
      const io = prepare({ dev: deployed({ credentials }) });
      await run(io, due);
      expect(io.streamed).toHaveLength(1);
    });

    it("has nothing to do for a stack without a release", async () => {
      const io = prepare({ prod: { config: {} } });
      await run(io, { ...due, stacks: ["prod"] });
      expect([io.streamed, io.printed[0]]).toEqual([
        [],
        "Nothing is deployed on `prod`, so it has no tokens to rotate.",
      ]);
    });

    it("fails with the update", async () => {
      const io = prepare({ dev: deployed() });
      io.updates = [ended(1)];
      await expect(run(io, due)).rejects.toThrow(
        /^The update of `dev` failed; the reason is above.$/,
      );
    });

    it("asks", async () => {
      const io = prepare({ dev: deployed() });
      io.answer = false;
      await expect(run(io, { due: true })).rejects.toThrow("Nothing was changed.");
      expect(io.questions).toEqual(["Replace the deploy tokens of `dev` that are due?"]);
    });
  });

  it("has nothing to do in a project without a deployed stack", async () => {
    const io = prepare({ dev: { config: {} } });
    await run(io);
    expect(io.printed).toEqual([
      "Nothing is deployed on `dev`, so it has no tokens to rotate.",
      "There is nothing to rotate.",
    ]);
  });
});

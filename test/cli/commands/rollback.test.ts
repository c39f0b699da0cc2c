import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { UserError } from "../../../cli/errors";
import { rollback } from "../../../cli/commands/rollback";
import { FakeIo, type FakeStack } from "../../support/cli";
import { FakeRegistry } from "../../support/registry";

const repository = "gitlab.example.com:5050/web/site";
const [a, b, c] = ["a", "b", "c"].map((digit) => `sha256:${digit.repeat(64)}`);
const prod: FakeStack = {
  outputs: {
    ...{ image: `${repository}@${a}`, digest: a, commit: "aaaaaaaa", version: "v1.1.0" },
    ...{ previousDigest: b, previousCommit: "bbbbbbbb", previousVersion: "v1.0.0" },
  },
  config: { promoteFrom: "staging" },
  last: "succeeded",
};

let cwd: string;
const file = () => readFileSync(join(cwd, "Pulumi.prod.yaml"), "utf8");
const before = "config:\n  gatsby-site:promoteFrom: staging\n";

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "slipway-cli-"));
  writeFileSync(join(cwd, "Pulumi.yaml"), "name: gatsby-site\n");
  writeFileSync(join(cwd, "Pulumi.prod.yaml"), before);
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(cwd, { recursive: true });
});

const run = (io: FakeIo, to?: string) => rollback({ cwd, stack: "prod", to, yes: false }, io);

describe("slipway rollback", () => {
  it("pins what the stack ran before, and keeps where it takes releases from", async () => {
    const io = new FakeIo({ prod });
    io.commits = { "aaaaaaaa..bbbbbbbb": [], "bbbbbbbb..aaaaaaaa": ["aaaaaaaa Menu"] };
    await run(io);

    expect(io.printed[0]).toBe(`prod:
  digest ${a} -> ${b}
  version v1.1.0 -> v1.0.0
  commit aaaaaaaa -> bbbbbbbb
  tag env-prod: ${b}
  tag previous-prod: ${a}
  takes back 1 commit:
    aaaaaaaa Menu
  Pulumi.prod.yaml: digest ${b}
\`prod\` stays pinned to this release until another one is promoted to it, or until you run \`pulumi config rm digest --stack prod\`.`);
    expect(io.questions).toEqual(["Deploy this to `prod`?"]);
    expect(file()).toBe(`${before}  gatsby-site:digest: ${b}\n`);
    expect(io.streamed).toEqual(["pulumi up --stack prod --yes --skip-preview --event-log <file>"]);
  });

  it("goes back to the last successful release if the last update failed", async () => {
    const io = new FakeIo({ prod: { ...prod, last: "failed" } });
    await run(io);

    expect(io.printed[0]).toContain(`  digest ${a}, unchanged\n`);
    expect(io.printed[0]).toContain(
      `\nThe last update of \`prod\` failed. Its last successful release is ${a}.\n`,
    );
    expect(file()).toContain(a);
  });

  it("finishes a roll-back whose update failed or was killed", async () => {
    for (const last of ["failed", "succeeded"]) {
      const io = new FakeIo({ prod: { ...prod, config: { digest: b }, last } });
      await run(io);
      expect(io.agreed).toEqual([b]);
      expect(io.printed.at(-1)).toBe(`\`prod\` runs ${b}.`);
    }
  });

  it("takes a name with organization and project", async () => {
    const stack = "organization/gatsby-site/prod";
    const io = new FakeIo({ [stack]: prod });
    await rollback({ cwd, stack, yes: true }, io);
    expect(file()).toContain(b);
    expect(io.printed[0]).toContain(`  tag env-prod: ${b}\n`);
  });

  it("goes to a digest that is named", async () => {
    await run(new FakeIo({ prod }), c);
    expect(file()).toContain(c);
  });

  it.each(["v0.9.0", "0.9.0"])("goes to the version %s, by what the registry has", async (to) => {
    const io = new FakeIo({ prod });
    io.env = { GITLAB_TOKEN: "glpat-1" };
    const login = { username: "slipway", password: "glpat-1" };
    FakeRegistry.install(repository, login).tags = { "v0.9.0": c };
    await run(io, to);

    expect(io.printed[0]).toContain("  version v1.1.0 -> v0.9.0\n");
    expect(file()).toContain(c);
  });

  it.each<[string, Record<string, FakeStack>, string | undefined, string]>([
    [
      "a stack that does not exist",
      {},
      undefined,
      "There is no stack `prod`. The project has no stacks here (`pulumi whoami --verbose` says where). To create it:\n    pulumi stack init prod --no-select",
    ],
    [
      "a stack on which nothing is deployed",
      { prod: {} },
      undefined,
      "Nothing is deployed on `prod`, so there is nothing to go back to.",
    ],
    [
      "the first release",
      { prod: { outputs: { digest: a } } },
      undefined,
      `\`prod\` had no release before ${a}. To deploy another release, name it: \`--to <digest|version>\`.`,
    ],
    [
      "to what is neither digest nor version",
      { prod },
      "yesterday",
      '`--to` is "yesterday", which is neither a digest, "sha256:" and 64 hexadecimal digits, nor a version such as "v1.2.3".',
    ],
    [
      "to a version without a way to look it up",
      { prod },
      "v1.0.0",
      "`GITLAB_TOKEN` is not set, so v1.0.0 can't be looked up. Set it to an access token with scope `read_registry` or `api`, or name the digest.\n  export GITLAB_TOKEN=<token>",
    ],
    [
      "to what it is pinned to already",
      { prod: { ...prod, config: { digest: a } } },
      a,
      `\`prod\` runs ${a} already, and is pinned to it.`,
    ],
    [
      "a second time, which would bring the bad release back",
      { prod: { ...prod, config: { digest: a } } },
      undefined,
      `\`prod\` is rolled back already: it runs ${a}, and is pinned to it. To deploy another release, name it: \`--to <digest|version>\`.`,
    ],
  ])("refuses to roll back %s", async (_, stacks, to, message) => {
    const io = new FakeIo(stacks);

    await expect(run(io, to)).rejects.toThrow(new UserError(message));
    expect([io.streamed, file()]).toEqual([[], before]);
  });

  it("names a version that the registry does not have, and says why it can't be looked up", async () => {
    const io = new FakeIo({ prod });
    io.env = { GITLAB_TOKEN: "glpat-1" };
    const registry = FakeRegistry.install(repository, { username: "slipway", password: "glpat-1" });

    await expect(run(io, "v7.0.0")).rejects.toThrow(
      new UserError(
        `\`${repository}\` has no v7.0.0: it was never pushed there, or the cleanup policy deleted it.`,
      ),
    );
    registry.failWith = 403;
    await expect(run(io, "v7.0.0")).rejects.toMatchObject({
      name: "UserError",
      message:
        "v7.0.0 can't be looked up. Request failed with status code 403: HEAD https://gitlab.example.com:5050/v2/web/site/manifests/v7.0.0.",
    });
  });
});

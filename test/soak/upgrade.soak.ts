import { readFileSync } from "node:fs";
import { join } from "node:path";

import { readBlocks } from "../docs/blocks";
import { checkout, createCheckout, git, make, shell } from "../e2e/support/checkout";
import { expectSuccess } from "../e2e/support/expectSuccess";
import { connectGitLab, type TestGitLab } from "../e2e/support/gitlab";
import { installed, installPackage } from "../e2e/support/package";
import { runBlock } from "../e2e/support/runBlock";
import { SteadyLoad } from "../e2e/support/steadyLoad";
import { npmSite } from "./sites/files";
import { SiteRepository } from "./sites/repository";
import {
  findTarball,
  installPreviousPackage,
  previouslyInstalled,
} from "./support/previousVersion";
import { listSteps, readKept, type Kept } from "./support/stackContents";

const minuteMs = 60_000;
const page = "docs/upgrading.md";
const stacks = ["dev", "staging", "prod"] as const;
const blocks = readBlocks({ path: page, text: readFileSync(page, "utf8") });
const [upgrade, otherStacks, goBack] = blocks.filter(
  ({ mark }) => mark === "run by: test/soak/upgrade.soak.ts",
);

/** Resources that stacks get with this version, and how CHANGELOG.md says so. */
const announced: Readonly<Record<string, string>> = {
  "gatsby-site-budget": "A site with two pods or more has a PodDisruptionBudget",
  "gatsby-site-network": "A NetworkPolicy closes the pods of a stack with a namespace of its own",
};
/** The tag of the upgrade's own commit, for the same digest. */
const commitTag = "replace release-commit";

/** What the page's own preview says, as JSON. */
const previewOfDev = join(checkout, ".sandbox", "preview.json");

let gitlab: TestGitLab;
let repository: SiteRepository;
/** What the stacks had with the version before. */
let before: Kept[];

const runIn = (command: string): Promise<string> => repository.runIn("deploy", command);
const readAll = (): Promise<Kept[]> => Promise.all(stacks.map((stack) => readKept(stack, runIn)));

/** What a preview would do, beside updates in place. */
async function preview(stack: string): Promise<string[]> {
  return listSteps(await runIn(`pulumi preview --stack ${stack} --json 2>/dev/null`));
}

/** Runs a block of the page in the repository, with the package of an installation. */
async function follow(index: number, installation = installed): Promise<void> {
  const block = blocks[index];
  const before = [
    `cd '${repository.folder}'`,
    ...["AUTHOR", "COMMITTER"].map(
      (role) => `export GIT_${role}_NAME=test GIT_${role}_EMAIL=test@example.com`,
    ),
    "export npm_config_prefer_offline=true",
  ].join("; ");
  const version = /<[\w ]+>/.exec(block.code)?.[0] ?? "<none>";
  const replace = [
    [version, `file:${findTarball(installation)}`],
    ["slipway init ", "slipway init --yes "],
    [
      "pulumi preview --stack dev",
      `pulumi preview --stack dev --json 2>/dev/null >'${previewOfDev}'; pulumi preview --stack dev`,
    ],
  ] as const;
  expectSuccess(await runBlock(block, { page, before, replace }));
}

/** Asks each stack for its page while something is done. */
async function expectServed(work: () => Promise<void>): Promise<void> {
  const loads = before.map(({ url }) => new SteadyLoad(url, { perSecond: 10 }));
  const stop = () => Promise.all(loads.map((load) => load.stop()));
  await work().finally(stop);
  for (const { failures, requests } of await stop()) {
    expect(failures).toEqual([]);
    expect(requests).toBeGreaterThan(10);
  }
}

beforeAll(async () => {
  createCheckout();
  await make("up");
  installPackage();
  installPreviousPackage();
  gitlab = await connectGitLab();
  const shape = { project: "web/upgrade", files: npmSite("Upgraded") };
  repository = await SiteRepository.create(shape, gitlab, previouslyInstalled);
  await repository.init();
  await runIn("npm install --ignore-scripts --prefer-offline --no-audit --no-fund");
  for (const stack of stacks) await runIn(`pulumi stack init ${stack} --no-select`);
  repository.commit("Deploy with Slipway");
  await runIn("npx slipway up dev --yes");
  await runIn("npx slipway promote dev staging --yes && npx slipway promote staging prod --yes");
  before = await readAll();
}, 60 * minuteMs);

afterAll(async () => {
  await repository.remove();
  await gitlab.close();
  await shell("make down");
}, 10 * minuteMs);

/** Files that the last commit changed. */
const listChanged = (): string[] =>
  git(repository.folder, "show", "--name-only", "--format=", "HEAD").trim().split("\n");

const program = ["deploy/package-lock.json", "deploy/package.json"];

describe("the page, followed from the version before", () => {
  it(
    "brings dev to the new version, while it is served",
    () => expectServed(() => follow(upgrade.index)),
    20 * minuteMs,
  );

  it("changes no files but those of the package and the pipeline's copy", () => {
    const others = listChanged().filter((file) => !file.startsWith("deploy/pipeline/"));
    expect(others).toEqual(program);
    expect(listChanged().length).toBeGreaterThan(others.length);
  });

  it(
    "replaces and deletes nothing, and creates what CHANGELOG.md says",
    async () => {
      const changelog = readFileSync(join(__dirname, "../../CHANGELOG.md"), "utf8");
      for (const text of Object.values(announced)) expect(changelog).toContain(text);
      const created = Object.keys(announced).map((name) => `create ${name}`);
      expect(listSteps(readFileSync(previewOfDev, "utf8"))).toEqual([...created, commitTag]);
      // Only the stack that builds tags commits.
      expect(await preview("staging")).toEqual(created);
      expect(await preview("prod")).toEqual(created);
    },
    5 * minuteMs,
  );

  it(
    "says that a promotion has nothing to do, and brings the other stacks to the new version",
    async () => {
      expect(await runIn("npx slipway promote dev staging --yes")).toContain(
        "There is nothing to do.",
      );
      await expectServed(() => follow(otherStacks.index));
    },
    10 * minuteMs,
  );

  it(
    "keeps tokens, digests, addresses, Deployments and pull secrets",
    async () => expect(await readAll()).toEqual(before),
    5 * minuteMs,
  );

  it(
    "leaves nothing to do",
    async () => {
      for (const stack of stacks) expect(await preview(stack)).toEqual([]);
    },
    5 * minuteMs,
  );
});

describe("going back", () => {
  it(
    "deploys by the older version again, while it is served",
    () => expectServed(() => follow(goBack.index, previouslyInstalled)),
    20 * minuteMs,
  );

  it("has the older pipeline again", () => {
    const first = git(repository.folder, "rev-list", "HEAD").trim().split("\n").at(-2) ?? "";
    const changed = git(repository.folder, "diff", "--name-only", first, "HEAD");
    // npm writes the package's path in another way than `init`.
    expect(changed.trim().split("\n")).toEqual(program);
  });

  it("deletes only what came with the newer version", () => {
    const deleted = Object.keys(announced).map((name) => `delete ${name}`);
    expect(listSteps(readFileSync(previewOfDev, "utf8"))).toEqual([...deleted, commitTag]);
  });

  it(
    "keeps the same too",
    async () => {
      expect(await readAll()).toEqual(before);
      for (const stack of stacks) expect(await preview(stack)).toEqual([]);
    },
    5 * minuteMs,
  );
});

import { readFileSync } from "node:fs";

import { isRun, readBlocks } from "../docs/blocks";
import { checkout, git, inSandbox, make } from "./support/checkout";
import { expectSuccess } from "./support/expectSuccess";
import { removalOf } from "./support/removal";
import { revokeTokens, runBlock, stack, useStack } from "./support/runBlock";
import { stories } from "./support/stories";

const minuteMs = 60_000;

/** Also of a run that was killed. */
const removeStacks = ["prod", "staging", stack].map(removalOf).join("; ");

beforeAll(() => inSandbox(removeStacks), 5 * minuteMs);

afterAll(async () => {
  git(checkout, "checkout", "--", ".");
  git(checkout, "clean", "--quiet", "--force", "--", "Pulumi.reader.yaml");
  await inSandbox(`curl --silent --request POST "$SLIPWAY_GITLAB_CONTROL/reset"; ${removeStacks}`);
  expectSuccess(await revokeTokens());
  // The files of the stacks are as they were, so that dev has to follow them again.
  await make("up");
}, 5 * minuteMs);

describe.each(stories.map((story) => [story.page, story] as const))("%s", (page, story) => {
  const blocks = readBlocks({ path: page, text: readFileSync(page, "utf8") });
  const run = blocks.filter(isRun);

  it("has each text that the test replaces", () => {
    const missing = (story.replace ?? []).filter(
      ([text]) => !run.some(({ code }) => code.includes(text)),
    );
    expect(missing).toEqual([]);
  });

  if (story.configures) {
    beforeAll(async () => expectSuccess(await useStack()), minuteMs);
    afterAll(() => inSandbox("pulumi stack select dev"), minuteMs);
  }

  it.each(run.map((block) => [block.index, block] as const))(
    "runs block %i",
    async (_, block) => {
      expectSuccess(await runBlock(block, story));
    },
    5 * minuteMs,
  );

  if (story.configures) {
    it("leads to a configuration that the program accepts", async () => {
      expect(await inSandbox(`npx slipway manifests ${stack}`)).toContain("kind: Deployment");
    });
  }

  if (story.after !== undefined) {
    afterAll(() => inSandbox(story.after ?? ""), minuteMs);
  }
});

import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { readBlocks } from "../docs/blocks";
import { checkout, createCheckout, inSandbox, make, shell } from "../e2e/support/checkout";
import { expectSuccess } from "../e2e/support/expectSuccess";
import { removalOf } from "../e2e/support/removal";
import { revokeTokens, runBlock, stack } from "../e2e/support/runBlock";
import { soakStories } from "../e2e/support/stories";

const minuteMs = 60_000;
const read = (page: string): string => readFileSync(page, "utf8");

/** The site with the Dockerfile of the page. */
function createLesson(): void {
  const folder = join(checkout, "lesson");
  cpSync(join(checkout, "site"), folder, { recursive: true });
  rmSync(join(folder, "nginx.conf"));
  const [, dockerfile = ""] =
    /^```dockerfile\n([^]*?)^```$/m.exec(read("docs/from-the-lesson.md")) ?? [];
  writeFileSync(join(folder, "Dockerfile"), dockerfile);
}

beforeAll(async () => {
  createCheckout();
  await make("up");
  await make('images NAMES="node:24 nginx:alpine"');
  await make("docker");
  createLesson();
  await inSandbox(removalOf(stack));
}, 40 * minuteMs);

afterAll(async () => {
  expectSuccess(await revokeTokens());
  await shell(`eval "$(make -s env)"; ${removalOf(stack)}; make down`);
}, 10 * minuteMs);

describe.each(soakStories.map((story) => [story.page, story] as const))("%s", (page, story) => {
  const blocks = readBlocks({ path: page, text: read(page) });
  const run = blocks.filter(({ mark }) => mark === "run by: test/soak/docs.soak.ts");

  it.each(run.map((block) => [block.index, block] as const))(
    "runs block %i",
    async (_, block) => expectSuccess(await runBlock(block, story)),
    30 * minuteMs,
  );
});

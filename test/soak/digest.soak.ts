import { createCheckout, inSandbox, make, shell } from "../e2e/support/checkout";
import {
  cloneElsewhere,
  computeRebuild,
  configureElsewhere,
  type Habits,
  runElsewhere,
} from "../e2e/support/elsewhere";
import { emptyBuilder } from "../e2e/support/services";

const minuteMs = 60_000;

/** Builds to compare, each habit twice: what varies with neither files nor habit varies between two of a kind. */
const coldBuilds = 6;

/** Checkouts as different people and machines make them. */
const habits: Habits[] = [
  { umask: "000", time: "2001-02-03 04:05" },
  { umask: "022", time: "2038-01-19 03:14" },
  { umask: "077", time: "1999-12-31 23:59" },
];

async function rebuild(): Promise<string> {
  await runElsewhere(await computeRebuild("dev"));
  return (await inSandbox("pulumi stack output digest --stack dev")).trim();
}

describe("the digest of one commit", () => {
  let cached: string;

  beforeAll(async () => {
    createCheckout();
    await make("up");
    cloneElsewhere();
    // What an earlier run of this test has left may be without a cache.
    cached = await rebuild();
  }, 60 * minuteMs);

  afterAll(async () => {
    await shell("make down");
  }, minuteMs);

  it(
    "comes out of the registry's cache as it went in",
    async () => {
      await emptyBuilder();
      expect(await rebuild()).toBe(cached);
    },
    5 * minuteMs,
  );

  it.each(Array.from({ length: coldBuilds }, (_, index) => habits[index % habits.length]))(
    "is the same when it is built from nothing, time %#, with %j",
    async (habit) => {
      cloneElsewhere(habit);
      configureElsewhere("dev", { cache: false });
      await emptyBuilder();
      expect(await rebuild()).toBe(cached);
    },
    10 * minuteMs,
  );
});

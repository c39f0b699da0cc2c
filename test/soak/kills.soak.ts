import { createCheckout, git, checkout, inSandbox, make, shell } from "../e2e/support/checkout";
import { expectedCensus, listLocks, namespaceUid, takeCensus } from "./support/census";
import { expectSuccess } from "../e2e/support/expectSuccess";
import { connectGitLab, type TestGitLab } from "../e2e/support/gitlab";
import { finish, killAfter, Random, readSeed, victims } from "./support/kills";
import { Calendar } from "../e2e/support/rotation";
import { pendingOperations } from "../e2e/support/state";

const minuteMs = 60_000;
const kills = Number(process.env.SLIPWAY_KILLS ?? 30);
const latestKillMs = 15_000;

const random = new Random(readSeed());
let gitlab: TestGitLab;
let calendar: Calendar;

// Rotations move the clock, so every command runs at the calendar's time.
const now = (command: string) => calendar.at(command);
const up = (stack: string) => now(`npx slipway up ${stack} --yes -- --skip-preview`);
const promote = () => now("npx slipway promote dev staging --yes");
const pin = () =>
  now(`npx slipway rollback staging --yes --to "$(pulumi stack output digest --stack dev)"`);

/** One command that is killed, and how the stack is brought to a state in which it has something to do. */
interface Scenario {
  readonly name: string;
  readonly stack: string;
  readonly prepare: () => Promise<unknown>;
  readonly command: () => string;
  /** Whether the stack's namespace must be the same afterwards. */
  readonly keepsSite: boolean;
}

const change = (stack: string) =>
  inSandbox(`pulumi config set --path publicConfig.notice '${random.next()}' --stack ${stack}`);

const scenarios: readonly Scenario[] = [
  {
    name: "up",
    stack: "dev",
    prepare: () => change("dev"),
    command: () => up("dev"),
    keepsSite: true,
  },
  {
    name: "rotation",
    stack: "dev",
    prepare: async () => {
      await calendar.turnPage();
      // Two periods without an update, and the tokens of `staging` would have expired.
      expectSuccess(await finish(up("staging")));
    },
    command: () => up("dev"),
    keepsSite: true,
  },
  {
    name: "promote",
    stack: "staging",
    // With the same release a promotion has only a pin to take away.
    prepare: async () => {
      expectSuccess(await finish(pin()));
      await change("staging");
    },
    command: promote,
    keepsSite: true,
  },
  {
    name: "rollback",
    stack: "staging",
    // There is one release here: going back to it pins it, and the change makes it an update.
    prepare: async () => {
      expectSuccess(await finish(promote()));
      await change("staging");
    },
    command: pin,
    keepsSite: true,
  },
  {
    name: "destroy",
    stack: "staging",
    prepare: () => Promise.resolve(),
    command: () => now("pulumi destroy --stack staging --yes --skip-preview"),
    keepsSite: false,
  },
];

beforeAll(async () => {
  createCheckout();
  await make("up");
  gitlab = await connectGitLab();
  calendar = new Calendar(gitlab);
  await shell(`eval "$(make -s env)"; pulumi stack init staging --no-select`);
  await inSandbox(promote());
}, 60 * minuteMs);

afterAll(async () => {
  await shell(
    `eval "$(make -s env)"; pulumi destroy --stack staging --yes --skip-preview; pulumi stack rm staging --yes --force --preserve-config`,
  );
  git(checkout, "checkout", "--", ".");
  // The next file's sandbox is this one.
  await calendar.close();
  await gitlab.close();
  await make("down");
}, 10 * minuteMs);

describe("thirty kills at random moments", () => {
  it.each(Array.from({ length: kills }, (_, index) => scenarios[index % scenarios.length]))(
    "leave nothing behind: $name",
    async ({ command, keepsSite, name, prepare, stack }) => {
      await prepare();
      const before = await namespaceUid(stack);
      // Pulumi alone has no guard: whoever kills it has to kill everything.
      const victim = name === "destroy" ? "everything" : random.pick(victims);
      const killed = await killAfter(command(), victim, random.next() * latestKillMs);
      expect(killed.leftovers).toEqual([]);

      if (name === "destroy") {
        await shell(`eval "$(make -s env)"; pulumi cancel --yes --stack staging`);
        expectSuccess(await finish(command()));
        expectSuccess(await finish(promote()));
      } else {
        await repeat(command(), stack);
      }
      expect(await takeCensus(stack, now)).toEqual(expectedCensus(stack));
      const isSameSite = (await namespaceUid(stack)) === before;
      expect(isSameSite).toBe(keepsSite);
    },
    10 * minuteMs,
  );
});

describe("a pending create of a site that runs by now", () => {
  it(
    "is forgotten: the site's namespace stays, with everything in it",
    async () => {
      const uid = await namespaceUid("dev");
      await inSandbox("kubectl create secret generic of-another --namespace gatsby-site-dev");
      await addPendingNamespace();
      expect(pendingOperations()).toEqual(["creating kubernetes:core/v1:Namespace"]);

      expectSuccess(await finish(up("dev")));
      expect(pendingOperations()).toEqual([]);
      expect(await namespaceUid("dev")).toBe(uid);
      await inSandbox("kubectl delete secret of-another --namespace gatsby-site-dev");
    },
    5 * minuteMs,
  );
});

/**
 * Runs a killed command again. If it was killed before its update began and the stack runs that release, there is
 * nothing to do for it, and only this test's own change is left.
 */
async function repeat(command: string, stack: string): Promise<void> {
  const ended = await finish(command);
  if (!/already, and is pinned to it|There is nothing to do/.test(ended.output)) {
    expectSuccess(ended);
    return;
  }
  expect(listLocks(stack)).toEqual([]);
  expectSuccess(await finish(up(stack)));
}

/** As a kill leaves it that a plain `pulumi up` went over: Pulumi keeps it through later successful updates. */
async function addPendingNamespace(): Promise<void> {
  const script = [
    `const fs = require("fs");`,
    `const file = ".sandbox/test/pulumi/state/.pulumi/stacks/gatsby-site/dev.json";`,
    `const state = JSON.parse(fs.readFileSync(file, "utf8"));`,
    `const { latest } = state.checkpoint;`,
    `const { id, outputs, created, modified, ...resource } = latest.resources.find(({ type }) => type.endsWith(":Namespace"));`,
    `latest.pending_operations = [{ type: "creating", resource }];`,
    `fs.writeFileSync(file, JSON.stringify(state));`,
  ];
  await inSandbox(`node -e '${script.join(" ")}'`);
}

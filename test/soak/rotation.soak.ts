import { createCheckout, inSandbox, make, shell, start } from "../e2e/support/checkout";
import { connectCluster, type TestCluster } from "../e2e/support/cluster";
import { expectSuccess } from "../e2e/support/expectSuccess";
import { connectGitLab, type TestGitLab } from "../e2e/support/gitlab";
import { Load } from "../e2e/support/load";
import { Calendar, describeRunning, tokenNames } from "../e2e/support/rotation";
import { killAt, listDeployTokens, pendingOperations } from "../e2e/support/state";

const minuteMs = 60_000;
const create = { route: "/projects/:id/deploy_tokens", method: "POST" } as const;
const revoke = { route: "/projects/:id/deploy_tokens/:token_id", method: "DELETE" } as const;
/** Longer than any test waits. */
const never = { latencyMilliseconds: 60 * minuteMs };

let gitlab: TestGitLab;
let cluster: TestCluster;
let calendar: Calendar;

beforeAll(async () => {
  createCheckout();
  await make("up");
  gitlab = await connectGitLab();
  cluster = await connectCluster();
  calendar = new Calendar(gitlab);
}, 60 * minuteMs);

afterEach(() => gitlab.control.clearFaults());

afterAll(async () => {
  await calendar.close();
  await gitlab.close();
  await cluster.close();
  await shell("make down");
}, 5 * minuteMs);

async function expectConvergence(): Promise<void> {
  expectSuccess(await calendar.up());
  expect(pendingOperations()).toEqual([]);
  expect(await listDeployTokens("dev")).toEqual(tokenNames);
  await inSandbox(calendar.at("pulumi preview --expect-no-changes"));
}

const outputOf = async (name: string): Promise<string> =>
  (await inSandbox(`pulumi stack output ${name}`)).trim();

it(
  "ten rotations are noticed by nobody",
  async () => {
    const running = await describeRunning();
    const load = await Load.start(cluster, {
      url: await outputOf("url"),
      namespace: await outputOf("namespace"),
      image: await outputOf("image"),
      pullSecret: "gitlab-registry",
    });
    try {
      for (let rotation = 1; rotation <= 10; rotation++) {
        await calendar.turnPage();
        expectSuccess(await calendar.up());
        expect(await listDeployTokens("dev")).toEqual(tokenNames);
      }
    } finally {
      expect(await load.stop()).toMatchObject({ failedRequests: [], failedPulls: [] });
    }
    expect(await describeRunning()).toEqual(running);
  },
  30 * minuteMs,
);

const struck = async (): Promise<boolean> =>
  (await gitlab.control.faults()).some((fault) => fault.struck > 0);

/** The steps of a rotation, in their order: what makes an update stand still there, and when it has come so far. */
const steps: [
  step: string,
  fault: object | undefined,
  hasCome: () => boolean | Promise<boolean>,
][] = [
  ["before GitLab makes the tokens", { ...create, ...never }, struck],
  [
    "after GitLab made a token, before it answers",
    { ...create, ...never, afterwards: true },
    struck,
  ],
  ["after one token is noted, before the other is made", { ...create, ...never, skip: 1 }, struck],
  [
    "while the pull secret changes",
    undefined,
    () => pendingOperations().includes("updating kubernetes:core/v1:Secret"),
  ],
  ["before GitLab revokes the old tokens", { ...revoke, ...never }, struck],
  [
    "after GitLab revoked an old token, before it answers",
    { ...revoke, ...never, afterwards: true },
    struck,
  ],
];

describe.each(steps)("an update killed %s", (_, fault, hasCome) => {
  it(
    "is finished by the next one, without orphans",
    async () => {
      await calendar.turnPage();
      if (fault !== undefined) await gitlab.control.addFault(fault);
      await killAt(start(calendar.at("make up")), hasCome);
      await gitlab.control.clearFaults();

      await expectConvergence();
    },
    15 * minuteMs,
  );
});

describe.each([
  [{ status: 401 }, / 401 /, /export GITLAB_TOKEN=/],
  [{ status: 403 }, / 403 /, /needs scope `api`/],
  [{ status: 404 }, / 404 /, /no such project or group/],
  [{ status: 409 }, / 409 /, /Run the command again/],
  [{ status: 422 }, / 422 /, /for the reason that it gives/],
  [{ status: 429, retryAfter: "0" }, / 429 /, /limits the number of requests/],
  [{ status: 500 }, / 500 /, /GitLab itself has a problem/],
  [{ status: 503 }, / 503 /, /GitLab itself has a problem/],
  [{ cut: true }, /: /, /was not reached, or closed the connection/],
  [{ latencyMilliseconds: 10 * minuteMs }, /: /, /did not answer in time/],
])("GitLab's %j", (fault, status, remedy) => {
  it.each([
    ["when it makes tokens", create, /POST https:\/\/\S+\/deploy_tokens/],
    [
      "when it is asked for the project",
      { route: "/projects/:id", method: "GET" },
      /GET https:\/\/\S+\/projects\//,
    ],
  ])(
    "%s is told with call and remedy, and overcome by the next update",
    async (_, route, call) => {
      await calendar.turnPage();
      await gitlab.control.addFault({ ...route, ...fault });
      const { code, output } = await calendar.up();
      expect(code).not.toBe(0);
      expect(output).toMatch(call);
      expect(output).toMatch(status);
      expect(output).toMatch(remedy);

      await gitlab.control.clearFaults();
      await expectConvergence();
    },
    15 * minuteMs,
  );
});

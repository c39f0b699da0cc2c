import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { checkout, inSandbox, make, start } from "./support/checkout";
import { connectCluster, type TestCluster } from "./support/cluster";
import { expectSuccess } from "./support/expectSuccess";
import { connectGitLab, type TestGitLab } from "./support/gitlab";
import { Load, type LoadTarget } from "./support/load";
import { Calendar, describeRunning, readTokenValues, tokenNames } from "./support/rotation";
import { listOccurrences } from "./support/secrets";
import { killAt, listDeployTokens, pendingOperations } from "./support/state";

const minuteMs = 60_000;
const createTokens = { route: "/projects/:id/deploy_tokens", method: "POST" } as const;

let gitlab: TestGitLab;
let cluster: TestCluster;
let calendar: Calendar;
let target: LoadTarget;
/** Every token that was ever in use here, and all that was said meanwhile. */
const tokens = new Set<string>();
const said: Record<string, string> = {};

const outputOf = async (name: string): Promise<string> =>
  (await inSandbox(`pulumi stack output ${name}`)).trim();

async function remember(): Promise<void> {
  for (const token of await readTokenValues()) tokens.add(token);
}

beforeAll(async () => {
  await make("up");
  gitlab = await connectGitLab();
  cluster = await connectCluster();
  calendar = new Calendar(gitlab);
  target = {
    url: await outputOf("url"),
    namespace: await outputOf("namespace"),
    image: await outputOf("image"),
    pullSecret: "gitlab-registry",
  };
  await remember();
}, 15 * minuteMs);

afterAll(async () => {
  await calendar.close();
  await gitlab.close();
  await cluster.close();
}, 5 * minuteMs);

afterEach(() => gitlab.control.clearFaults());

describe("a rotation", () => {
  it(
    "shows in a preview of the next window as due, and not a day before",
    async () => {
      const before = await inSandbox(
        "SLIPWAY_CLOCK_OFFSET_SECONDS=0 pulumi preview --expect-no-changes",
      );
      expect(before).not.toContain("rotation due");

      await calendar.turnPage();
      const preview = await inSandbox(calendar.at("pulumi preview --diff"));
      said["preview --diff"] = preview;
      said["preview --json"] = await inSandbox(calendar.at("pulumi preview --json"));
      expect(preview).toMatch(/rotation due: The pull token expires in \d+ days/);
      expect(preview).toMatch(/rotation due: The push token expires in \d+ days/);
      expect(preview).toMatch(/~ 1 to update\n\s+\+-2 to replace\n/);
    },
    3 * minuteMs,
  );

  it(
    "is noticed by nobody: no pull fails, no request, no pod restarts, nothing is built",
    async () => {
      const running = await describeRunning();
      const load = await Load.start(cluster, target);
      const users: string[] = [];
      try {
        for (const rotation of [1, 2]) {
          if (rotation > 1) await calendar.turnPage();
          const { code, output } = await calendar.up();
          said[`make up, rotation ${rotation}`] = output;
          expectSuccess({ code, output });
          expect(output).toMatch(/~ 1 updated\n\s+\+-2 replaced\n/);
          expect(output).not.toMatch(/docker-build:index:\w+ \S+ (creat|updat)/);
          await remember();
          users.push(await waitForAnotherPull(users.at(-1)));
        }
      } finally {
        const report = await load.stop();
        expect(report).toEqual({
          requests: expect.any(Number) as number,
          failedRequests: [],
          pods: expect.any(Number) as number,
          failedPulls: [],
        });
        expect(report.requests).toBeGreaterThan(20);
        // One pull by each of the two tokens; how many more depends on how long the rotations take.
        expect(report.pods).toBeGreaterThanOrEqual(2);
      }
      expect(new Set(users).size).toBe(2);
      expect(await describeRunning()).toEqual(running);
      expect(await listDeployTokens()).toEqual(tokenNames);
      await inSandbox(calendar.at("pulumi preview --expect-no-changes"));
    },
    15 * minuteMs,
  );
});

/** The credential of a pull that comes after now, once it is another one than before. */
async function waitForAnotherPull(before: string | undefined): Promise<string> {
  const events = await gitlab.control.events({ action: "registry_token" });
  let after = events.at(-1)?.id ?? 0;
  for (;;) {
    const later = await gitlab.control.events({ action: "registry_token", after });
    const pull = later.find(({ actor }) => actor?.endsWith("-pull"));
    if (pull?.credential && pull.credential !== before) return pull.credential;
    after = later.at(-1)?.id ?? after;
    await inSandbox("kubectl wait pod --all --for=delete --timeout=1s >/dev/null 2>&1 || true");
  }
}

describe("an update in which a rotation is due", () => {
  it(
    "is finished by the next one, without orphans, when it was killed between GitLab's answer and Pulumi's note",
    async () => {
      await calendar.turnPage();
      await gitlab.control.addFault({
        ...createTokens,
        afterwards: true,
        latencyMilliseconds: 10 * minuteMs,
      });
      await killAt(start(calendar.at("make up")), async () => {
        const made = (await gitlab.control.faults()).some(({ struck }) => struck === 2);
        return made && pendingOperations().length > 0;
      });
      await gitlab.control.clearFaults();
      expect((await listDeployTokens()).length).toBeGreaterThan(3);

      const { code, output } = await calendar.up();
      said["make up, after a kill"] = output;
      expectSuccess({ code, output });
      expect(await listDeployTokens()).toEqual(tokenNames);
      expect(pendingOperations()).toEqual([]);
      await remember();
    },
    10 * minuteMs,
  );

  it.each([
    ["refuses", { status: 403 }, "403 {message: 403 Forbidden}", "It needs scope `api`"],
    [
      "does what it is asked and cuts the answer off",
      { cut: true, afterwards: true },
      "",
      "GitLab was not reached, or closed the connection.",
    ],
  ])(
    "says what to do when GitLab %s, and is finished by the next one",
    async (_, fault, message, remedy) => {
      await calendar.turnPage();
      await gitlab.control.addFault({ ...createTokens, ...fault });
      const failed = await calendar.up();
      said[`make up, GitLab's ${JSON.stringify(fault)}`] = failed.output;
      expect(failed.code).not.toBe(0);
      expect(failed.output).toMatch(
        /POST https:\/\/\S+\/projects\/web%2Fgatsby-site\/deploy_tokens: /,
      );
      expect(failed.output).toContain(message);
      expect(failed.output).toContain(remedy);

      await gitlab.control.clearFaults();
      expectSuccess(await calendar.up());
      // Whose a token is that GitLab created without an answer is not certain: a person has it revoked.
      await inSandbox(calendar.at("npx slipway tokens dev --prune --yes"));
      expect(await listDeployTokens()).toEqual(tokenNames);
      await remember();
    },
    10 * minuteMs,
  );
});

describe("tokens that have all ended", () => {
  it(
    "hinder neither a refresh nor the next update, which makes new ones",
    async () => {
      await calendar.sleep();
      await inSandbox(calendar.at("pulumi refresh --yes --skip-preview"));
      const { code, output } = await calendar.up();
      said["make up, after long"] = output;
      expectSuccess({ code, output });
      expect(output).toMatch(/The pull token expired at \S+, and GitLab refuses it/);
      expect(await listDeployTokens()).toEqual(tokenNames);
      await remember();
    },
    10 * minuteMs,
  );
});

describe("every token that was in use", () => {
  it(
    "is nowhere to be read, in any spelling",
    async () => {
      expect(tokens.size).toBeGreaterThanOrEqual(8);
      const { namespace } = target;
      const texts: Record<string, string> = {
        ...said,
        state: await inSandbox("pulumi stack export"),
        outputs: await inSandbox("pulumi stack output --json"),
        history: await inSandbox("pulumi stack history --json"),
        tokens: await inSandbox("npx slipway tokens dev"),
        manifests: await inSandbox(
          `kubectl get deployments,replicasets,pods,serviceaccounts,configmaps,events --namespace ${namespace} --output yaml`,
        ),
        "GitLab's events": JSON.stringify(await gitlab.control.events({})),
        "images, their history and labels": readImages(),
        ...readLogs(),
      };
      for (const [name, text] of Object.entries(texts)) {
        expect({
          name,
          length: text.length > 0,
          found: listOccurrences(text, [...tokens]),
        }).toEqual({
          name,
          length: true,
          found: [],
        });
      }
    },
    5 * minuteMs,
  );
});

const sandbox = join(checkout, ".sandbox", "test");

/** What every service of the sandbox has said. */
function readLogs(): Record<string, string> {
  const names = readdirSync(join(sandbox, "log")).filter((name) => name.endsWith(".log"));
  const logs = names.map((name) => [name, readFileSync(join(sandbox, "log", name), "utf8")]);
  return Object.fromEntries(logs.filter(([, text]) => text !== "")) as Record<string, string>;
}

/** Manifests and configurations of all images that the registry has: what of its blobs is JSON. */
function readImages(): string {
  const files = readdirSync(join(sandbox, "registry"), { recursive: true, withFileTypes: true });
  return files
    .filter((file) => file.isFile() && file.name === "data" && file.parentPath.includes("blobs"))
    .map((file) => readFileSync(join(file.parentPath, file.name)))
    .filter((blob) => blob[0] === "{".charCodeAt(0))
    .map((blob) => blob.toString("utf8"))
    .join("\n");
}

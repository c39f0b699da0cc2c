import pWaitFor from "p-wait-for";

import { checkout, type Ended, git, inSandbox, make, shell } from "./support/checkout";
import { configureStack } from "./support/configuration";
import { added, commitPage, editPage, page } from "./support/edit";
import { connectGitLab, project } from "./support/gitlab";
import { removalOf } from "./support/removal";
import { digestOf } from "./support/registry";
import { forgetImages, listBuilds } from "./support/services";

const minuteMs = 60_000;
const stacks = ["dev", "staging", "prod"];
const stackFiles = ["Pulumi.staging.yaml", "Pulumi.prod.yaml"];

/** Also of a run that was killed. */
const removeStacks = ["prod", "staging"].map(removalOf).join("; ");

/** Runs a command in the sandbox's environment, whether it succeeds or not. */
const attempt = (command: string): Promise<Ended> => shell(`eval "$(make -s env)"; ${command}`);

const outputOf = async (name: string, stack: string): Promise<string> =>
  (await inSandbox(`pulumi stack output ${name} --stack ${stack}`)).trim();

const get = async (path: string, stack: string): Promise<Response> =>
  fetch(`${await outputOf("url", stack)}${path}`);

/** Builds and deploys the checkout as it is; it can take a while on a builder that has forgotten. */
async function build(): Promise<void> {
  await make("up");
}

let edited: string;

beforeAll(async () => {
  await inSandbox(
    `${removeStacks}; pulumi stack init staging --no-select && pulumi stack init prod --no-select`,
  );
  // The page with a sentence more is the first release here, and the page as it was the second.
  editPage();
  commitPage("A sentence more");
  await build();
  edited = await outputOf("digest", "dev");
}, 15 * minuteMs);

afterAll(async () => {
  git(checkout, "checkout", "--", ...stackFiles);
  await attempt(removeStacks);
  await build();
}, 15 * minuteMs);

describe("a release", () => {
  it(
    "is refused by production before staging runs it, by the program and by the command line",
    async () => {
      const nothing =
        "`prod` can't take its release from `staging`:\n  - Nothing is deployed on `staging`: it has no successful release. Deploy it first.\n      pulumi up --stack staging";
      const asked = await attempt("npx slipway promote staging prod --yes");
      expect(asked.code).toBe(1);
      expect(asked.output).toContain(`error: ${nothing}`);

      const updated = await attempt("pulumi up --stack prod --yes --skip-preview");
      expect(updated.code).not.toBe(0);
      expect(updated.output).toContain(`error: ${nothing.replaceAll("\n", "\n    ")}`);
      expect(updated.output).not.toMatch(/\n\s+at .+:\d+/);
      expect(updated.output).not.toMatch(/DeployToken\s+\S+\s+(creating|created)/);

      const skipped = await attempt("npx slipway promote dev prod --yes");
      expect(skipped.output).toContain(
        '`prod` is of `tier` "production" and takes only what a staging stack runs, but `dev` is of `tier` "development".',
      );
    },
    3 * minuteMs,
  );

  it(
    "travels by digest, and nothing is built on the way",
    async () => {
      const builds = await listBuilds();
      await inSandbox("npx slipway promote dev staging --yes");
      await inSandbox("npx slipway promote staging prod --yes");

      expect(await Promise.all(stacks.map((stack) => outputOf("digest", stack)))).toEqual(
        stacks.map(() => edited),
      );
      const namespaces = await Promise.all(stacks.map((stack) => outputOf("namespace", stack)));
      expect(namespaces).toEqual(stacks.map((stack) => `gatsby-site-${stack}`));
      expect(await digestOf("env-prod")).toBe(edited);
      expect(builds.length).toBeGreaterThan(0);
      expect(await listBuilds()).toEqual(builds);
      // They were configured so beforehand.
      expect(git(checkout, "status", "--porcelain", "--", ...stackFiles)).toBe("");
    },
    4 * minuteMs,
  );

  it(
    "is the same everywhere but for what its environment says",
    async () => {
      const answers = await Promise.all(
        stacks.map(async (stack) => {
          const home = await get("/", stack);
          const headers = Object.fromEntries(home.headers);
          const robots = headers["x-robots-tag"];
          delete headers["x-robots-tag"];
          delete headers["date"];
          const sitemap = await (await get("/sitemap-0.xml", stack)).text();
          const config: unknown = await (await get("/config.json", stack)).json();
          return { robots, config, same: { headers, html: await home.text(), sitemap } };
        }),
      );

      const [dev, staging, prod] = answers as [Answer, Answer, Answer];
      type Answer = (typeof answers)[number];
      expect(staging.same).toEqual(dev.same);
      expect(prod.same).toEqual(dev.same);
      expect(prod.same.html).toContain('<link rel="canonical" href="https://www.example.com/"');
      expect(prod.same.sitemap).toContain("<loc>https://www.example.com/");
      expect([dev.robots, staging.robots, prod.robots]).toEqual(["noindex", "noindex", undefined]);
      expect([dev.config, staging.config, prod.config]).toEqual([
        {},
        { notice: "Staging: this is what production gets next." },
        {},
      ]);
    },
    minuteMs,
  );

  it(
    "changes nothing in a second preview",
    async () => {
      for (const stack of ["staging", "prod"]) {
        const preview = await attempt(`pulumi preview --stack ${stack} --expect-no-changes`);
        expect({ ...preview, output: preview.code === 0 ? "" : preview.output }).toEqual({
          code: 0,
          output: "",
        });
      }
    },
    2 * minuteMs,
  );

  it(
    "restarts the pods when the environment changes, and is not built for it",
    async () => {
      const builds = await listBuilds();
      configureStack(checkout, "staging", { publicConfig: { notice: "Come back later." } });
      await inSandbox("pulumi up --stack staging --yes --skip-preview");
      const isServed = async (): Promise<boolean> =>
        (await (await get("/config.json", "staging")).text()).includes("Come back later.");
      await expect(pWaitFor(isServed, { interval: 200, timeout: 15_000 })).resolves.toBeUndefined();
      expect(await listBuilds()).toEqual(builds);
    },
    2 * minuteMs,
  );
});

describe("a second release", () => {
  let restored: string;

  beforeAll(async () => {
    git(checkout, "checkout", "HEAD~1", "--", page);
    commitPage("A sentence less");
    await build();
    restored = await outputOf("digest", "dev");
    await inSandbox("npx slipway promote dev staging --yes");
  }, 10 * minuteMs);

  it(
    "is deployed by the pipeline for its version, and by none for another",
    async () => {
      const up = "pulumi up --stack prod --yes --skip-preview";
      const head = git(checkout, "rev-parse", "HEAD").trim();
      const other = head.replace(/^./, (digit) => (digit === "0" ? "1" : "0"));
      const refused = await attempt(`CI_COMMIT_TAG=v3.0.0 CI_COMMIT_SHA=${other} ${up}`);
      expect(restored).not.toBe(edited);
      expect(refused.code).not.toBe(0);
      expect(refused.output).toContain(
        `error: \`v3.0.0\` is commit \`${other.slice(0, 8)}\`, of which \`gitlab.thelinuxlabs.com:5050/web/gatsby-site\` has no image, but \`staging\` runs ${restored}: nothing was changed.`,
      );
      expect(await outputOf("digest", "prod")).toBe(edited);

      await inSandbox(`CI_COMMIT_TAG=v3.0.0 CI_COMMIT_SHA=${head} ${up}`);
      expect(await outputOf("version", "prod")).toBe("v3.0.0");
      expect(await digestOf("v3.0.0")).toBe(restored);
      expect(await digestOf("env-prod")).toBe(restored);
      expect(await digestOf("previous-prod")).toBe(edited);
    },
    4 * minuteMs,
  );

  it(
    "is rolled back, which pins the one before until the next promotion",
    async () => {
      await inSandbox("npx slipway rollback prod --yes");
      expect(await outputOf("digest", "prod")).toBe(edited);
      expect(await digestOf("previous-prod")).toBe(restored);
      // The old pods leave the Service a moment after the new ones have joined it.
      const isBack = async (): Promise<boolean> =>
        (await (await get("/about/", "prod")).text()).includes(added);
      await expect(pWaitFor(isBack, { interval: 200, timeout: 15_000 })).resolves.toBeUndefined();

      expect(git(checkout, "diff", "--unified=0", "--", "Pulumi.prod.yaml")).toContain(
        `\n+  gatsby-site:digest: ${edited}\n`,
      );
      const preview = await inSandbox("pulumi preview --stack prod --expect-no-changes");
      expect(preview).toContain(
        `warning: \`prod\` is pinned to ${edited} by \`digest\`, so nothing newer is deployed.`,
      );
    },
    3 * minuteMs,
  );

  it(
    "goes back to a version by its name",
    async () => {
      await inSandbox("npx slipway rollback prod --to 3.0.0 --yes");
      expect(await outputOf("digest", "prod")).toBe(restored);
    },
    2 * minuteMs,
  );

  it(
    "is promoted although a later update of staging failed, and that is said",
    async () => {
      // Pods of another release that listens on no port that is asked.
      configureStack(checkout, "staging", {
        digest: edited,
        containerPort: 9999,
        progressDeadlineSeconds: 30,
      });
      const failed = await attempt("pulumi up --stack staging --yes --skip-preview");
      expect(failed.code).not.toBe(0);
      expect(await outputOf("digest", "staging")).toBe(restored);

      const promoted = await inSandbox("npx slipway promote staging prod --yes");
      const said = `The last update of \`staging\` failed. Its last successful release is promoted: ${restored}.`;
      expect(promoted).toContain(`\n${said}`);
      expect(promoted).toContain(`warning: ${said}`);
      expect(await outputOf("digest", "prod")).toBe(restored);
      expect(git(checkout, "status", "--porcelain", "--", "Pulumi.prod.yaml")).toBe("");

      configureStack(checkout, "staging", {
        digest: undefined,
        containerPort: undefined,
        progressDeadlineSeconds: undefined,
      });
      await inSandbox("pulumi up --stack staging --yes --skip-preview");
    },
    5 * minuteMs,
  );

  it(
    "is kept by the cleanup policy that the command line sets, on every stack",
    async () => {
      // The tests of other clients push to a repository that no stack uses: it has to be named.
      const said = await inSandbox(
        `npx slipway cleanup dev --apply --yes --include ${project}/clients`,
      );
      for (const stack of stacks) {
        const line = said.split("\n").find((one) => one.startsWith(`\`${stack}\` runs `));
        expect(line).toContain(`${await outputOf("digest", stack)}, kept by `);
        expect(line).toContain(`env-${stack}`);
      }
      // The sandbox may have it from a run before.
      expect(said).toMatch(/^GitLab has this policy (now|already)\./m);

      // What runs is pulled again in the next test.
      const gitlab = await connectGitLab();
      try {
        await gitlab.control.runCleanup(project);
      } finally {
        await gitlab.close();
      }
      expect(await inSandbox("npx slipway cleanup dev")).toContain(
        "GitLab has this policy already.",
      );
    },
    5 * minuteMs,
  );

  it(
    "stays when the stack that built it is destroyed, also for a node that has no image",
    async () => {
      await inSandbox("pulumi destroy --stack dev --yes --skip-preview");
      await forgetImages();
      await inSandbox(
        "kubectl delete pods --namespace gatsby-site-prod --all && kubectl rollout status deployment/gatsby-site --namespace gatsby-site-prod --timeout=120s",
      );

      const events = await inSandbox(
        "kubectl get events --namespace gatsby-site-prod --field-selector reason=Pulled --output jsonpath='{.items[*].message}'",
      );
      expect(events).toContain(`Successfully pulled image`);
      expect(events).toContain(restored);
      expect((await get("/", "prod")).status).toBe(200);
      await inSandbox("pulumi preview --stack prod --expect-no-changes");
    },
    5 * minuteMs,
  );
});

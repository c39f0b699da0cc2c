import { readFileSync } from "node:fs";
import { join } from "node:path";

import { createCheckout, inSandbox, make, shell } from "../e2e/support/checkout";
import { connectGitLab, ofProject, type TestGitLab } from "../e2e/support/gitlab";
import {
  clone,
  cloneForPipeline,
  commitPage,
  expectPassed,
  folder,
  Pipeline,
  type ProjectVariables,
} from "./support/pipeline";
import { prepareSettings } from "./support/pipelineSettings";
import { startRemoteBuilder } from "./support/remoteBuilder";
import { prepareRunner, type Runner } from "./support/runner";
import { findReportProblems } from "./support/scan/reportSchema";

const minuteMs = 60_000;
const path = `/${ofProject}`;
let gitlab: TestGitLab;
let settings: ProjectVariables;
let runner: Runner;

beforeAll(async () => {
  createCheckout();
  await make("up");
  cloneForPipeline();
  commitPage("Built by BuildKit beside the job.");
  runner = await prepareRunner(folder);
  gitlab = await connectGitLab();
  settings = await prepareSettings(gitlab, runner);
}, 60 * minuteMs);

afterAll(async () => {
  await gitlab.close();
  await shell("make down");
}, 5 * minuteMs);

/** The page that tests change, of the site that a job deployed. */
async function readPage(output: string): Promise<string> {
  const url = /SITE_URL=(\S+)/.exec(output)?.[1] ?? "";
  return (await fetch(`${url}/about/`)).text();
}

describe("a merge request's pipeline", () => {
  let iid: number;
  let pipeline: Pipeline;
  let request: { mergeRequest: number };

  beforeAll(async () => {
    // GitLab allows one open merge request a branch, and an earlier run's is still there.
    const branch = `change-${Date.now()}`;
    const change = { source_branch: branch, target_branch: "main", title: "Change" };
    ({ iid } = await gitlab.api<{ iid: number }>("POST", `${path}/merge_requests`, change));
    // The other builder that needs no machine of one's own.
    const builder = { ...settings, SLIPWAY_BUILDER: "buildkit" };
    request = { mergeRequest: iid };
    pipeline = new Pipeline(gitlab, request, builder, runner);
  });

  it(
    "tests the program, and builds the site for a look at it",
    async () => {
      await expectPassed(pipeline, "test");
      await expectPassed(pipeline, "build_website");
      expect(readFileSync(join(clone, "public", "index.html"), "utf8")).toContain(
        "<!DOCTYPE html>",
      );
    },
    20 * minuteMs,
  );

  it(
    "shows what it would change: log, widget and note",
    async () => {
      const output = await expectPassed(pipeline, "preview");
      expect(output).toContain("Rebuilt: the site's files changed.");
      expect(output).toMatch(/Pages +.*`\/about\/`\. The site has 8 pages\./);
      const widget = join(clone, "previews", "dev.widget.json");
      expect(JSON.parse(readFileSync(widget, "utf8"))).toEqual({
        // Tags of the branch and the commit.
        create: 2,
        update: expect.any(Number) as number,
        delete: 0,
      });
      const notes = await gitlab.api<{ body: string }[]>(
        "GET",
        `${path}/merge_requests/${iid}/notes`,
      );
      expect(notes.filter(({ body }) => body.includes("#### `dev`: "))).toHaveLength(1);
    },
    10 * minuteMs,
  );

  it(
    "has a review environment, built beside the job, without a token of its own making",
    async () => {
      const before = await gitlab.api<object[]>("GET", `${path}/deploy_tokens`);
      const output = await expectPassed(pipeline, "review");
      expect(output).toContain("Builder `slipway`: BuildKit at tcp://buildkit:1234.");
      expect(await readPage(output)).toContain("BuildKit beside the job");
      expect(await gitlab.api<object[]>("GET", `${path}/deploy_tokens`)).toHaveLength(
        before.length,
      );
    },
    40 * minuteMs,
  );

  it(
    "builds the next commit with a BuildKit of one's own, over TLS, and ends the environment",
    async () => {
      commitPage("Built by a BuildKit elsewhere.");
      const authorities = settings["SLIPWAY_CA_CERTIFICATE"] as string;
      const remote = await startRemoteBuilder(folder, runner, authorities);
      const next = new Pipeline(gitlab, request, { ...settings, ...remote }, runner);
      const output = await expectPassed(next, "review");
      expect(output).toContain("Builder `slipway`: BuildKit at tcp://remote-builder:1234.");
      expect(await readPage(output)).toContain("a BuildKit elsewhere");

      await expectPassed(next, "stop_review");
      const left = await inSandbox(
        `kubectl get namespace gatsby-site-review-${iid} --ignore-not-found`,
      );
      expect(left).toBe("");
    },
    20 * minuteMs,
  );
});

describe("the default branch's pipeline", () => {
  let pipeline: Pipeline;
  let built: string | undefined;

  beforeAll(async () => {
    for (const stack of ["staging", "prod"]) {
      await inSandbox(
        `folder=$(mktemp -d) && cp Pulumi.yaml "$folder" && cd "$folder" && pulumi stack select --create --stack organization/gatsby-site/${stack}`,
      );
    }
    pipeline = new Pipeline(gitlab, { ref: "main" }, settings, runner);
  }, 2 * minuteMs);

  const imageIn = (output: string): string | undefined => /SITE_IMAGE=\S+@(\S+)/.exec(output)?.[1];

  it(
    "builds in a Docker engine beside the job, and deploys to dev",
    async () => {
      commitPage("Built by Docker in Docker.");
      const output = await expectPassed(pipeline, "deploy_dev");
      expect(output).toContain("BuildKit in the Docker engine at tcp://docker:2376.");
      expect(await readPage(output)).toContain("Docker in Docker");
      built = imageIn(output);
      expect(built).toMatch(/^sha256:/);
    },
    15 * minuteMs,
  );

  it(
    "scans what was deployed",
    async () => {
      expect(await expectPassed(pipeline, "scan_image")).toContain("No vulnerabilities found");
      const report = readFileSync(join(clone, "gl-container-scanning-report.json"), "utf8");
      expect(await findReportProblems(JSON.parse(report))).toBe("");
    },
    5 * minuteMs,
  );

  it(
    "takes that image to staging, and to production by the plan that was shown",
    async () => {
      expect(imageIn(await expectPassed(pipeline, "promote_staging"))).toBe(built);
      await expectPassed(pipeline, "plan_production");
      expect(imageIn(await expectPassed(pipeline, "promote_production"))).toBe(built);
    },
    20 * minuteMs,
  );

  it(
    "takes no other image to production than the one that the plan showed",
    async () => {
      const planned = new Pipeline(gitlab, { ref: "main" }, settings, runner);
      await expectPassed(planned, "plan_production");
      commitPage("Built after the plan.");
      const next = new Pipeline(gitlab, { ref: "main" }, settings, runner);
      const newer = imageIn(await expectPassed(next, "deploy_dev"));
      expect(newer).not.toBe(built);
      expect(imageIn(await expectPassed(next, "promote_staging"))).toBe(newer);

      const { code, output } = await planned.run("promote_production");
      expect(code).not.toBe(0);
      expect(output).toContain("This update is not the one that the plan showed");
      expect((await inSandbox("pulumi stack output digest --stack prod")).trim()).toBe(built);
    },
    20 * minuteMs,
  );

  it(
    "names every variable that a job lacks, and runs nothing",
    async () => {
      const { GITLAB_TOKEN, SLIPWAY_KUBECONFIG, ...rest } = settings;
      expect([GITLAB_TOKEN, SLIPWAY_KUBECONFIG]).not.toContain(undefined);
      const lacking = new Pipeline(gitlab, { ref: "main" }, rest, runner);
      const { code, output } = await lacking.run("promote_staging");
      expect(code).toBe(1);
      expect(output).toContain("- GITLAB_TOKEN\n");
      expect(output).toContain("- SLIPWAY_KUBECONFIG or KUBECONFIG\n");
      expect(output).not.toContain("npm");
    },
    2 * minuteMs,
  );
});

describe("a schedule's pipeline", () => {
  const schedule = (): Pipeline =>
    new Pipeline(gitlab, { ref: "main", source: "schedule" }, settings, runner);

  it(
    "finds no drift, and then some, which the line that it prints repairs",
    async () => {
      const job = "drift: [staging]";
      await expectPassed(schedule(), job, { SLIPWAY_SCHEDULE: "drift" });
      await inSandbox(
        `kubectl patch configmap gatsby-site-environment -n gatsby-site-staging --type merge -p '{"data":{"config.json":"{}"}}'`,
      );
      const { code, output } = await schedule().run(job, { SLIPWAY_SCHEDULE: "drift" });
      expect(code).not.toBe(0);
      const repair =
        "PULUMI_K8S_ENABLE_PATCH_FORCE=true pulumi up --refresh --run-program --stack staging";
      expect(output).toContain(repair);
      await inSandbox(`${repair} --yes --skip-preview`);
      await expectPassed(schedule(), job, { SLIPWAY_SCHEDULE: "drift" });
      await inSandbox("pulumi preview --stack staging --expect-no-changes");
    },
    10 * minuteMs,
  );

  it(
    "finds no drift after the cleanup policy has deleted the commit's tag",
    async () => {
      const tag = (await inSandbox("pulumi stack output commit --stack dev")).slice(0, 8);
      const repositories = await gitlab.api<{ id: number; name: string }[]>(
        "GET",
        `${path}/registry/repositories`,
      );
      const id = repositories.find(({ name }) => name === "")?.id;
      await gitlab.api("DELETE", `${path}/registry/repositories/${id}/tags/${tag}`);
      await expectPassed(schedule(), "drift: [dev]", { SLIPWAY_SCHEDULE: "drift" });
    },
    5 * minuteMs,
  );

  it(
    "renews tokens, and nothing else",
    async () => {
      const output = await expectPassed(schedule(), "rotate: [prod]", {
        SLIPWAY_SCHEDULE: "rotate",
      });
      expect(output).not.toMatch(/Deployment gatsby-site (updat|creat|replac)/);
    },
    10 * minuteMs,
  );

  it(
    "cleans the registry up",
    async () => {
      await expectPassed(schedule(), "cleanup", { SLIPWAY_SCHEDULE: "cleanup" });
      const { container_expiration_policy } = await gitlab.api<{
        container_expiration_policy: { enabled: boolean; name_regex_keep: string };
      }>("GET", path);
      expect(container_expiration_policy).toMatchObject({
        enabled: true,
        name_regex_keep: expect.stringContaining("env-") as string,
      });
    },
    5 * minuteMs,
  );
});

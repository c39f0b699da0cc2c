import { readFileSync } from "node:fs";
import { join } from "node:path";

import { createCheckout, make, shell } from "../e2e/support/checkout";
import { connectGitLab, type TestGitLab } from "../e2e/support/gitlab";
import { installPackage } from "../e2e/support/package";
import { initialize, npmSite, pnpmSite } from "./support/initialized";
import {
  expectPassed,
  folder,
  Pipeline,
  type PipelineRepository,
  type ProjectVariables,
} from "./support/pipeline";
import { prepareSettings } from "./support/pipelineSettings";
import { prepareRunner, type Runner } from "./support/runner";

const minuteMs = 60_000;
let gitlab: TestGitLab;
let settings: ProjectVariables;
let runner: Runner;

beforeAll(async () => {
  createCheckout();
  await make("up");
  installPackage();
  runner = await prepareRunner(folder);
  gitlab = await connectGitLab();
  settings = await prepareSettings(gitlab, runner);
}, 60 * minuteMs);

afterAll(async () => {
  await gitlab.close();
  await shell("make down");
}, 5 * minuteMs);

describe.each([
  ["npm at its top", npmSite],
  ["pnpm in a workspace", pnpmSite],
])("the pipeline that `slipway init` writes for a site with %s", (_, shape) => {
  let repository: PipelineRepository;

  beforeAll(async () => {
    repository = await initialize(shape(), gitlab);
  }, 10 * minuteMs);

  const read = (file: string): string => readFileSync(join(repository.clone, file), "utf8");

  it(
    "tests and builds the site, and shows what a merge request would change",
    async () => {
      const path = `/projects/${encodeURIComponent(repository.project)}/merge_requests`;
      // GitLab allows one open merge request a branch, and an earlier run's is still there.
      const branch = `change-${Date.now()}`;
      const change = { source_branch: branch, target_branch: "main", title: "Change" };
      const { iid } = await gitlab.api<{ iid: number }>("POST", path, change);
      const pipeline = new Pipeline(gitlab, { mergeRequest: iid }, settings, runner, repository);
      await expectPassed(pipeline, "test");
      await expectPassed(pipeline, "build_website");
      expect(read("public/index.html")).toContain("<h1>Initialized</h1>");

      await expectPassed(pipeline, "preview");
      expect(JSON.parse(read("deploy/previews/dev.widget.json"))).toMatchObject({ delete: 0 });
      expect(await gitlab.api<object[]>("GET", `${path}/${iid}/notes`)).toHaveLength(1);
    },
    30 * minuteMs,
  );

  it(
    "deploys it, from a context without anything of the job, and scans the image",
    async () => {
      const pipeline = new Pipeline(gitlab, { ref: "main" }, settings, runner, repository);
      const output = await expectPassed(pipeline, "deploy_dev");
      expect(output).not.toContain("dirty");
      const url = /SITE_URL=(\S+)/.exec(output)?.[1] ?? "";
      expect(await (await fetch(url)).text()).toContain("<h1>Initialized</h1>");
      expect(await expectPassed(pipeline, "scan_image")).toContain("No vulnerabilities found");
    },
    30 * minuteMs,
  );
});

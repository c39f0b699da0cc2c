import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";

import { parse } from "yaml";

import { Shape, site } from "../cli/init/support/shape";
import { renderScriptsTemplate, scriptsTemplate } from "./support/scriptsTemplate";

const run = promisify(execFile);

interface Job {
  readonly before_script?: readonly string[];
  readonly script?: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
  readonly artifacts?: { readonly paths?: readonly string[]; readonly reports?: object };
  readonly cache?: readonly { readonly key: unknown; readonly paths: readonly string[] }[];
  readonly needs?: readonly unknown[];
}

let shape: Shape;
let jobs: Readonly<Record<string, Job>>;

/** gitlab-ci-local checks the pipeline against GitLab's schema, and fails if it is invalid. */
async function readPipeline(...options: string[]): Promise<string> {
  const { folder } = shape.repository;
  const { stderr, stdout } = await run(
    process.execPath,
    [require.resolve("gitlab-ci-local"), ...options],
    { cwd: folder, env: { ...process.env, HOME: folder } },
  );
  expect(stderr).toContain("json schema validated");
  return stdout;
}

beforeAll(async () => {
  shape = new Shape({
    ...site("apps/web", { scripts: { build: "gatsby build", test: "jest" } }),
    "package.json": '{ "private": true, "packageManager": "pnpm@9.15.0" }',
    "pnpm-workspace.yaml": "packages:\n  - apps/*\n",
    "pnpm-lock.yaml": "lockfileVersion: '9.0'\n",
    ".gitlab-ci.yml": "lint:\n  stage: build\n  script: make lint\n",
  });
  await shape.init({ pipeline: undefined });
  shape.repository.commit();
  jobs = parse(await readPipeline("--preview"), { merge: true }) as typeof jobs;
}, 60_000);

afterAll(() => shape.remove());

describe("the pipeline that `slipway init` includes", () => {
  it("has the jobs of each purpose, beside those that were there", async () => {
    const list = async (...variables: string[]): Promise<string> => {
      const options = ["CI_DEFAULT_BRANCH=main", ...variables].flatMap((v) => ["--variable", v]);
      const names = await readPipeline("--list-csv", ...options);
      return [...names.matchAll(/^(?!name;)"?([\w-]+(?:: \[\w+\])?)"?;/gm)]
        .map(([, name]) => name)
        .join(" ");
    };
    expect(await list("CI_COMMIT_BRANCH=main")).toBe(
      "lint test build_website deploy_dev scan_image promote_staging plan_production promote_production",
    );
    expect(await list("CI_COMMIT_BRANCH=change", "CI_PIPELINE_SOURCE=merge_request_event")).toBe(
      "lint test build_website preview",
    );
  }, 60_000);

  it("installs the site's packages in the workspace, and builds and tests in the site's folder", () => {
    const install = [
      'cd "$CI_PROJECT_DIR/apps/web/../.."',
      'npm install --global --prefix "$slipway_home/manager" --userconfig ./.npmrc pnpm@9.15.0 --no-audit --no-fund --no-update-notifier; export PATH="$slipway_home/manager/bin:$PATH"; pnpm install --frozen-lockfile --ignore-scripts=$IGNORE_SCRIPTS --store-dir "$slipway_cache/pnpm"',
      'cd "$CI_PROJECT_DIR/apps/web"',
    ];
    expect(jobs.test.script).toEqual([...install, "pnpm test"]);
    expect(jobs.build_website.script).toEqual([
      ...install,
      "pnpm run build",
      '[ public -ef "$CI_PROJECT_DIR/public" ] || mv public "$CI_PROJECT_DIR/public"',
    ]);
    expect(jobs.build_website.cache?.map(({ key, paths }) => [key, paths])).toEqual([
      [{ files: ["package-lock.json", "pnpm-lock.yaml"], prefix: "site" }, [".slipway-cache/"]],
      ["gatsby-$CI_COMMIT_REF_SLUG", ["apps/web/.cache/"]],
    ]);
  });

  it.each([
    [
      "preview",
      `node_modules/slipway/ci/preview.sh dev --note --pages "$CI_PROJECT_DIR.tmp/slipway/pages"`,
    ],
    ["review", "node_modules/slipway/ci/review.sh deploy"],
    ["stop_review", "node_modules/slipway/ci/review.sh destroy"],
    ["deploy_dev", "node_modules/slipway/ci/deploy.sh dev"],
    ["promote_staging", "node_modules/slipway/ci/deploy.sh staging"],
    ["plan_production", "node_modules/slipway/ci/preview.sh prod -- --save-plan plan.json"],
    ["promote_production", "node_modules/slipway/ci/deploy.sh prod plan.json"],
    ["drift", 'node_modules/slipway/ci/drift.sh "$STACK"'],
    ["rotate", 'node_modules/slipway/ci/rotate.sh "$STACK"'],
    ["cleanup", "npx slipway cleanup prod --apply --yes"],
  ])("runs %s in the program's folder, by the installed package's script", (name, script) => {
    const { artifacts, before_script = [], script: lines = [], variables } = jobs[name];
    expect(before_script.slice(-2)).toEqual([
      'cd "$CI_PROJECT_DIR/deploy"',
      "slipway_install --workspaces=false",
    ]);
    expect(lines.at(-1)).toBe(script);
    for (const path of artifacts?.paths ?? []) expect(path).toMatch(/^deploy\//);
    for (const report of Object.values(artifacts?.reports ?? {})) {
      expect([report].flat().join()).toMatch(/^deploy\//);
    }
    // Where no build's context can be.
    expect(variables).toMatchObject({
      PULUMI_HOME: "$CI_PROJECT_DIR.tmp/slipway/pulumi",
      npm_config_cache: "$CI_PROJECT_DIR.tmp/slipway/cache/npm",
    });
  });

  it("scans with the script that the job before it installed", () => {
    expect(jobs.scan_image.script).toEqual(["sh deploy/node_modules/slipway/ci/scan.sh"]);
    expect(jobs.deploy_dev.artifacts?.paths).toEqual([
      "deploy/previews/",
      "deploy/node_modules/slipway/ci/scan.sh",
      "deploy/node_modules/slipway/ci/gl-container-scanning.tmpl",
    ]);
  });

  it("builds no image with the pages of another job in its context", () => {
    expect(jobs.deploy_dev.needs).toEqual([
      { job: "test", artifacts: false, optional: false },
      { job: "build_website", artifacts: false, optional: false },
    ]);
  });
});

describe("the template", () => {
  it("has the scripts that a job needs before it installs anything (`npm run generate`)", () => {
    expect(readFileSync(scriptsTemplate, "utf8")).toBe(renderScriptsTemplate());
  });
});

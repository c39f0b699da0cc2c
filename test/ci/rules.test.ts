import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { versionPattern } from "../../components/image/revision";
import { TemplateCopy } from "./support/pipelineJobs";

const templates = join(__dirname, "..", "..", "templates");
const production = ["plan_production", "promote_production"];
let copy: TemplateCopy;

beforeAll(async () => {
  copy = await new TemplateCopy().prepare();
});

afterAll(() => copy.remove());

describe("a tag's pipeline", () => {
  it.each(["v1.2.3", "v10.20.30-rc.1"])("releases the version %s", async (tag) => {
    expect(await copy.listJobs({ CI_COMMIT_TAG: tag })).toEqual(production);
  });

  it.each(["v2", "v1.2", "v1-test", "v1.2.3.4"])(
    "has no job for %s, which is not a version",
    async (tag) => {
      expect(await copy.listJobs({ CI_COMMIT_TAG: tag })).toEqual([]);
    },
  );

  it("has the program's pattern, wherever the template compares a tag", () => {
    const files = readdirSync(templates, { recursive: true, encoding: "utf8" });
    const texts = files
      .filter((name) => name.endsWith(".yml"))
      .map((name) => readFileSync(join(templates, name), "utf8"));
    const conditions = texts.flatMap((text) => text.match(/\$CI_COMMIT_TAG\b.*/g) ?? []);
    expect(conditions).toHaveLength(2);
    for (const condition of conditions) {
      expect(condition).toBe(`$CI_COMMIT_TAG =~ /${versionPattern.source}/`);
    }
  });
});

describe("a schedule's pipeline", () => {
  const schedule = (kind: string): Promise<string[]> =>
    copy.listJobs({
      CI_COMMIT_BRANCH: "main",
      CI_PIPELINE_SOURCE: "schedule",
      SLIPWAY_SCHEDULE: kind,
    });
  const eachStack = (job: string): string[] =>
    ["dev", "staging", "prod"].map((stack) => `${job}: [${stack}]`);

  it("rotates tokens without touching the cleanup policy", async () => {
    expect(await schedule("rotate")).toEqual(eachStack("rotate"));
  });

  it("cleans up on a schedule of its own", async () => {
    expect(await schedule("cleanup")).toEqual(["cleanup"]);
  });

  it("checks for drift, and does nothing for a schedule of another purpose", async () => {
    expect(await schedule("drift")).toEqual(eachStack("drift"));
    expect(await schedule("")).toEqual([]);
  });

  it("builds the site again, and promotes it, with content from elsewhere", async () => {
    const branch = { CI_COMMIT_BRANCH: "main" };
    const rebuilt = await copy.listJobs({
      ...branch,
      CI_PIPELINE_SOURCE: "schedule",
      SLIPWAY_REBUILD: "true",
    });
    expect(rebuilt).toContain("deploy_dev");
    expect(rebuilt).toEqual(await copy.listJobs({ ...branch, CI_PIPELINE_SOURCE: "push" }));
    // A content system starts it by a trigger.
    expect(rebuilt).toEqual(await copy.listJobs({ ...branch, CI_PIPELINE_SOURCE: "trigger" }));
  });
});

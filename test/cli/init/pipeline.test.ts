import { includePipeline } from "../../../cli/init/pipeline";

const source = { file: { local: "/deploy/pipeline/slipway.yml" }, inputs: { site: "web" } };
const entry = `  # Slipway's pipeline: a copy of the npm package's, which \`slipway init\` writes.
  - local: /deploy/pipeline/slipway.yml
    inputs:
      site: web
`;
const ours = "test, build_website, preview, review, deploy, scan, staging, production, maintenance";

describe("includePipeline", () => {
  it("makes the file where there is none", () => {
    expect(includePipeline(undefined, source)).toEqual({
      text: `include:\n${entry}`,
      problems: [],
    });
  });

  it("includes a project's file", () => {
    const file = { project: "web/slipway", ref: "v1.0.0", file: "/templates/slipway.yml" };
    expect(includePipeline("", { ...source, file }).text).toBe(`include:
  # Slipway's pipeline: a copy of its repository has to be on this GitLab.
  - project: web/slipway
    ref: v1.0.0
    file: /templates/slipway.yml
    inputs:
      site: web
`);
  });

  it("adds to a list, and keeps comments and layout", () => {
    const text = `# Ours.

include:
  - local: /a.yml # first
  # Last.
  - template: Jobs/SAST.gitlab-ci.yml

lint:
  script: ["npm run lint"] # quick
`;
    expect(includePipeline(text, source, () => "").text).toBe(
      text.replace("ci.yml\n\nlint", `ci.yml\n${entry}\nlint`),
    );
  });

  it("makes a list of one include", () => {
    expect(includePipeline("include: /a.yml\n\nlint:\n  script: x\n", source, () => "").text).toBe(
      `include:\n  - /a.yml\n${entry}\nlint:\n  script: x\n`,
    );
  });

  it("names the jobs that it replaces: those that build an image or deploy it", () => {
    const text = `build:
  script: docker build .
kaniko:
  script:
    - /kaniko/executor
release:
  script: [helm upgrade --install web .]
lint:
  script: npm run lint
.hidden:
  script: docker push x
`;
    expect(includePipeline(text, source).text).toContain(
      "  # It replaces `build`, `kaniko`, `release`: delete these jobs.\n",
    );
  });

  it("changes nothing where it is included", () => {
    expect(includePipeline(`include:\n${entry}`, source)).toEqual({ problems: [] });
  });
});

describe("the stages of a file with the pipeline", () => {
  const stagesOf = (text: string, included?: string): string | undefined =>
    includePipeline(text, source, () => included).text?.replace(/^include:\n(?: .*\n)+/m, "");

  it("are added to the file's own list, which takes the place of included ones", () => {
    expect(stagesOf("stages:\n  - test\n  - deploy\n")).toBe(
      "\nstages:\n  - test\n  - deploy\n  - build_website\n  - preview\n  - review\n  - scan\n  - staging\n  - production\n  - maintenance\n",
    );
  });

  it("have GitLab's own stage `build`, if a job is in it", () => {
    expect(stagesOf("compile:\n  stage: build\n  script: make\n")).toBe(
      `\nstages: [ build, ${ours} ]\n\ncompile:\n  stage: build\n  script: make\n`,
    );
    expect(stagesOf("lint:\n  script: make\n")).toBe("\nlint:\n  script: make\n");
  });

  it("have those of an included file, whose list the pipeline's would replace", () => {
    expect(stagesOf("include:\n  - /a.yml\n", "stages: [lint, test]\n")).toBe(
      `\nstages: [ lint, ${ours} ]\n`,
    );
  });
});

describe("a file that would be invalid with the pipeline stays as it is:", () => {
  const foreign = (name: string): string =>
    `\`.gitlab-ci.yml\` includes \`${name}\`, which Slipway can't read: its jobs may have the names of Slipway's, and its stages would be replaced. Check that, and add the lines below.`;
  const layout =
    "Slipway can't add to `.gitlab-ci.yml` without changing its layout. Add the lines below.";

  it.each([
    ["another layout", "lint: {script:   x}\n", layout],
    ["no YAML", "test: [\n", layout],
    [
      "jobs of the same names",
      "test:\n  only: [main]\n  script: x\nreview:\n  script: x\n",
      "`.gitlab-ci.yml` and Slipway's pipeline both have `test`, `review`, and GitLab would merge jobs of the same name. Rename or delete yours, and add the lines below.",
    ],
    ["a project's file", "include:\n  - project: web/ci\n    file: a.yml\n", foreign("web/ci")],
    ["a remote file", "include: https://example.com/a.yml\n", foreign("https://example.com/a.yml")],
    [
      "a template with stages",
      "include:\n  - template: Auto-DevOps.gitlab-ci.yml\n",
      foreign("Auto-DevOps.gitlab-ci.yml"),
    ],
    ["several files by a pattern", "include: /ci/*.yml\n", foreign("/ci/*.yml")],
  ])("%s", (_, text, problem) => {
    expect(includePipeline(text, source)).toEqual({
      problems: [problem],
      byHand: `include:\n${entry}`,
    });
  });

  it("a job of the same name in an included file", () => {
    const { problems } = includePipeline("include: /a.yml\n", source, (path) =>
      path === "a.yml" ? "include: b.yml\n" : "deploy_dev:\n  script: x\n",
    );
    expect(problems).toEqual([
      "`.gitlab-ci.yml` and Slipway's pipeline both have `deploy_dev`, and GitLab would merge jobs of the same name. Rename or delete yours, and add the lines below.",
    ]);
  });

  it("the pipeline of another program", () => {
    const text = "include:\n  - local: /deploy-shop/pipeline/slipway.yml\n";
    expect(includePipeline(text, source)).toEqual({
      problems: [
        "`.gitlab-ci.yml` includes Slipway's pipeline from elsewhere already. It serves one program of a repository: deploy the others with `slipway up`.",
      ],
    });
  });
});

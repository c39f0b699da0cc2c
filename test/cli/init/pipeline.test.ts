import { includePipeline } from "../../../cli/init/pipeline";

const source = { project: "web/slipway", ref: "v1.0.0", inputs: { site: "web" } };
const entry = `  # Slipway's pipeline: a copy of its repository has to be on this GitLab.
  - project: web/slipway
    ref: v1.0.0
    file: /templates/slipway.yml
    inputs:
      site: web
`;

describe("includePipeline", () => {
  it("makes the file where there is none", () => {
    expect(includePipeline(undefined, source)).toEqual({
      text: `include:\n${entry}`,
      replaced: [],
    });
  });

  it("adds to a list, and keeps comments and layout", () => {
    const text = `# Ours.

include:
  - local: /a.yml # first
  # Last.
  - template: Jobs/SAST.gitlab-ci.yml

test:
  script: ["npm test"] # quick
`;
    expect(includePipeline(text, source).text).toBe(
      text.replace("ci.yml\n\ntest", `ci.yml\n${entry}\ntest`),
    );
  });

  it("makes a list of one include", () => {
    expect(includePipeline("include: /a.yml\n\ntest:\n  script: x\n", source).text).toBe(
      `include:\n  - /a.yml\n${entry}\ntest:\n  script: x\n`,
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
    expect(includePipeline(text, source).replaced).toEqual(["build", "kaniko", "release"]);
  });

  it("adds the stages that the file's own list would take away", () => {
    expect(includePipeline("stages:\n  - test\n  - deploy\n", source).text).toContain(
      "stages:\n  - test\n  - deploy\n  - build_website\n  - preview\n  - review\n  - scan\n  - staging\n  - production\n  - maintenance\n",
    );
  });

  it("changes nothing where the pipeline is included", () => {
    expect(includePipeline(`include:\n${entry}`, source)).toEqual({ replaced: [] });
  });

  it.each([
    ["is laid out in another way", "test: {script:   x}\n"],
    ["is not YAML", "test: [\n"],
  ])("leaves a file as it is that %s, and says what to add", (_, text) => {
    expect(includePipeline(text, source)).toEqual({ replaced: [], byHand: `include:\n${entry}` });
  });
});

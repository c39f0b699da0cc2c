import { renderStack } from "../../../cli/manifests/renderStack";
import { leavePipeline } from "../../support/pipeline";
import { SiteProject } from "./support/project";

const project = new SiteProject();
const home = process.cwd();

beforeAll(() => {
  leavePipeline();
  process.env.GITLAB_TOKEN = "glpat-of-the-person";
  process.chdir(project.folder);
});

afterAll(() => {
  process.chdir(home);
  project.remove();
});

// The tests of `slipway manifests` have a process for each; this is what it runs.
describe("renderStack", () => {
  it("runs the program of a stack, whose name may have organization and project before it", async () => {
    project.configure("dev", { replicas: 4 });
    const request = { stack: "acme/handbook/dev", outputs: {} };
    const text = await renderStack(request, project.folder, process.env);

    expect(text).toMatch(/^apiVersion: v1\nkind: Namespace\n/);
    expect(text).toContain("  name: handbook-gatsby-site-dev\n");
    expect(text).toContain("  replicas: 4\n");
    expect(process.env.GITLAB_TOKEN).toBe("[value of GITLAB_TOKEN]");
  });
});

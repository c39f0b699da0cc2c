import { World, type Answer } from "./support/world";

const world = new World();
beforeAll(() => world.start());
afterAll(() => world.stop());

const path = (project: string): string => `/projects/${encodeURIComponent(project)}/environments`;

/** Asks a project for something with the token of a job of another one. */
async function ask(project: string, user: string, method: "GET" | "POST" = "GET"): Promise<Answer> {
  const { token } = await world.control.startJob({ project: "web/gatsby-site", user });
  const json = method === "POST" ? { name: `of-${user}` } : undefined;
  return world.api(path(project), { method, headers: { "job-token": token }, json });
}

function letIn(project: string): void {
  const { namespaces, jobTokenAllowlist } = world.state;
  jobTokenAllowlist.add(
    namespaces.findProject(project)!,
    namespaces.findProject("web/gatsby-site")!,
  );
}

const refused = (to: string) => ({
  status: 403,
  body: {
    message: `403 Forbidden - Authentication by CI/CD job token not allowed from gatsby-site to ${to}.`,
  },
});

describe("the jobs of another project", () => {
  it("are told that they are shut out, also where their user is a member", async () => {
    expect(await ask("closed/lone", "developer")).toMatchObject(refused("lone"));
    expect(await ask("web/inner/deep", "owner")).toMatchObject(refused("deep"));
    expect(await ask("no/such", "owner")).toMatchObject({
      status: 404,
      body: { message: "404 Project Not Found" },
    });
  });

  it("may do what their user may, where they are let in", async () => {
    letIn("web/inner/deep");
    letIn("closed/lone");

    expect(await ask("web/inner/deep", "developer", "POST")).toMatchObject({ status: 201 });
    expect(await ask("web/inner/deep", "reporter")).toMatchObject({ status: 200 });
    expect(await ask("web/inner/deep", "reporter", "POST")).toMatchObject({ status: 403 });
    // The user is no member there.
    expect(await ask("closed/lone", "developer")).toMatchObject(refused("lone"));
  });
});

import { World, type Answer, type CallerName } from "../support/world";

const world = new World();
beforeAll(() => world.start());
afterAll(() => world.stop());

const site = "/projects/web%2Fgatsby-site";
const job = { project: "web/gatsby-site", user: "developer", ref: "main" } as const;

const create = (as: CallerName): Promise<Answer> =>
  world.api(`${site}/pipeline`, { method: "POST", as, json: { ref: "main" } });
const act = (id: number, action: string, as: CallerName): Promise<Answer> =>
  world.api(`${site}/jobs/${id}/${action}`, { method: "POST", as });

describe("on the protected branch", () => {
  it("are for maintainers to run: pipelines", async () => {
    expect(await create("developer")).toMatchObject({
      status: 400,
      body: {
        message: {
          base: [
            "You do not have sufficient permission to run a pipeline on 'main'. Please select a different branch or contact your administrator for assistance.",
          ],
        },
      },
    });
    expect(await create("maintainer")).toMatchObject({ status: 201 });
    const started = await world.control.startJob(job);
    const path = `${site}/pipelines/${started.pipelineId}`;
    const statuses = async (as: CallerName): Promise<number[]> => [
      (await world.api(`${path}/variables`, { as })).status,
      (await world.api(`${path}/metadata`, { method: "PUT", as, json: { name: "n" } })).status,
      (await world.api(`${path}/cancel`, { method: "POST", as })).status,
      (await world.api(`${path}/retry`, { method: "POST", as })).status,
    ];

    // Even though it is the developer who started it.
    expect(await statuses("developer")).toEqual([403, 403, 403, 403]);
    expect(await statuses("maintainer")).toEqual([200, 200, 200, 201]);
    expect(await world.api(`${site}/pipelines/latest`, { as: "guest" })).toMatchObject({
      body: { id: started.pipelineId },
    });
    // A tag may be called like the branch.
    const tagged = await world.control.startJob({ ...job, tag: true });
    const cancel = `${site}/pipelines/${tagged.pipelineId}/cancel`;
    expect(await world.api(cancel, { method: "POST", as: "developer" })).toMatchObject({
      status: 200,
    });
  });

  it("are for maintainers to run: jobs", async () => {
    const started = (status: "running" | "manual") => world.control.startJob({ ...job, status });
    const ended = await started("running");
    await world.control.endJob(ended, "failed");
    const [running, manual] = [await started("running"), await started("manual")];
    const statuses = async (as: CallerName): Promise<number[]> => [
      (await act(running.id, "cancel", as)).status,
      (await act(ended.id, "erase", as)).status,
      (await act(ended.id, "retry", as)).status,
      (await act(manual.id, "play", as)).status,
    ];

    expect(await statuses("developer")).toEqual([403, 403, 403, 403]);
    expect(await statuses("maintainer")).toEqual([201, 201, 201, 200]);
  });
});

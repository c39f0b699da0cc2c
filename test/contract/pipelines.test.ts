import { ensureBranch } from "./repository";
import { describeContract, findRefusal } from "./workplace";

describeContract("pipelines", (open) => {
  it("are started, found, canceled and removed", async () => {
    await ensureBranch(open(), "contract-pipeline");
    const { client, project } = open();
    const created = await client.Pipelines.create(project, "contract-pipeline", {
      variables: [{ key: "CONTRACT", value: "1" }],
    });

    expect(created).toMatchObject({ ref: "contract-pipeline", source: "api" });
    expect(await client.Pipelines.show(project, created.id)).toMatchObject({ id: created.id });
    const listed = await client.Pipelines.all(project, { ref: "contract-pipeline" });
    expect(listed.map(({ id }) => id)).toContain(created.id);
    expect(await client.Pipelines.allVariables(project, created.id)).toMatchObject([
      { key: "CONTRACT", value: "1" },
    ]);
    expect(await client.Pipelines.cancel(project, created.id)).toMatchObject({ id: created.id });
    await client.Pipelines.remove(project, created.id);
    expect(await findRefusal(client.Pipelines.show(project, created.id))).toEqual({
      status: 404,
      description: "404 Not found",
    });
  });
});

import { describeContract, findRefusal } from "./workplace";

describeContract("projects", (open) => {
  it("are found by path and by id", async () => {
    const { client, project } = open();

    const byPath = await client.Projects.show(project);

    expect(byPath).toMatchObject({ path_with_namespace: project });
    expect(await client.Projects.show(byPath.id)).toEqual(byPath);
  });

  it("that nobody has aren't there", async () => {
    const { client, project } = open();

    expect(await findRefusal(client.Projects.show(`${project}-that-nobody-has`))).toEqual({
      status: 404,
      description: "404 Project Not Found",
    });
  });
});

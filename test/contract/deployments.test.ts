import { ensureBranch } from "./repository";
import { describeContract, findRefusal } from "./workplace";

describeContract("environments and deployments", (open) => {
  it("an environment is made, changed, stopped and removed", async () => {
    const { client, project } = open();
    const { id } = await client.Environments.create(project, "review/contract", {
      externalUrl: "https://contract.example.com",
    });

    expect(await client.Environments.show(project, id)).toMatchObject({
      name: "review/contract",
      slug: expect.stringMatching(/^review-contract-[a-z0-9]{6}$/) as string,
      state: "available",
      tier: "development",
      external_url: "https://contract.example.com",
    });
    const listed = await client.Environments.all(project, { name: "review/contract" });
    expect(listed.map((one) => one.id)).toEqual([id]);
    expect(
      await client.Environments.edit(project, id, { externalUrl: "https://other.example.com" }),
    ).toMatchObject({ external_url: "https://other.example.com" });
    expect(await findRefusal(client.Environments.remove(project, id))).toMatchObject({
      status: 403,
      description: "403 Forbidden",
    });
    expect(await client.Environments.stop(project, id)).toMatchObject({ state: "stopped" });
    await client.Environments.remove(project, id);
    expect(await findRefusal(client.Environments.show(project, id))).toEqual({
      status: 404,
      description: "404 Not found",
    });
  });

  it("a deployment makes its environment, and ends once", async () => {
    const { client, project } = open();
    const sha = await ensureBranch(open(), "contract-deployed");
    const created = await client.Deployments.create(
      project,
      "contract-target",
      sha,
      "contract-deployed",
      false,
      { status: "running" } as never,
    );

    expect(created).toMatchObject({
      sha,
      status: "running",
      environment: { name: "contract-target" },
    });
    expect(await client.Deployments.edit(project, created.id, "success")).toMatchObject({
      status: "success",
    });
    expect(
      await findRefusal(client.Deployments.edit(project, created.id, "running")),
    ).toMatchObject({ status: 400 });
    const environment = await client.Environments.show(project, created.environment.id);
    expect(environment).toMatchObject({ last_deployment: { id: created.id } });
    const listed = await client.Deployments.all(project, { environment: "contract-target" });
    expect(listed.map(({ id }) => id)).toEqual([created.id]);
  });
});

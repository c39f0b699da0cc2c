import { Gitlab } from "@gitbeaker/rest";

import { describeContract, findRefusal } from "./workplace";

describeContract("what a project is run with", (open) => {
  it("a variable is made, changed and removed, in each scope by itself", async () => {
    const { client, project } = open();
    const make = (environmentScope: string) =>
      client.ProjectVariables.create(project, "CONTRACT", "first-value", {
        masked: true,
        environmentScope,
      });

    expect(await make("production")).toMatchObject({
      key: "CONTRACT",
      value: "first-value",
      masked: true,
      protected: false,
      variable_type: "env_var",
      environment_scope: "production",
    });
    await make("staging");
    expect(await findRefusal(client.ProjectVariables.show(project, "CONTRACT"))).toMatchObject({
      status: 409,
    });
    const scoped = { filter: { environment_scope: "production" } };
    expect(
      await client.ProjectVariables.edit(project, "CONTRACT", "second-value", scoped),
    ).toMatchObject({ value: "second-value" });
    await client.ProjectVariables.remove(project, "CONTRACT", scoped);
    await client.ProjectVariables.remove(project, "CONTRACT");
    expect(await findRefusal(client.ProjectVariables.show(project, "CONTRACT"))).toEqual({
      status: 404,
      description: "404 Variable Not Found",
    });
  });

  it("a project access token is a member with its role until it is revoked", async () => {
    const { client, project, url } = open();
    const inAMonth = new Date(Date.now() + 30 * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
    const made = await client.ProjectAccessTokens.create(project, "contract", ["api"], inAMonth, {
      accessLevel: 30,
    });

    expect(made).toMatchObject({ name: "contract", access_level: 30, active: true });
    const bot = new Gitlab({ host: url, token: made.token });
    const user = await bot.Users.showCurrentUser();
    expect(user.username).toMatch(/^project_\d+_bot_/);
    const members = await client.ProjectMembers.all(project);
    expect(members).toContainEqual(expect.objectContaining({ id: user.id, access_level: 30 }));
    expect(await findRefusal(bot.DeployTokens.all({ projectId: project }))).toEqual({
      status: 403,
      description: "403 Forbidden",
    });
    await client.ProjectAccessTokens.revoke(project, made.id);
    expect(await findRefusal(bot.Users.showCurrentUser())).toMatchObject({ status: 401 });
  });

  it("its group lists it", async () => {
    const { client, project } = open();
    const group = project.slice(0, project.lastIndexOf("/"));

    expect(await client.Groups.show(group)).toMatchObject({ full_path: group });
    const projects = await client.Groups.allProjects(group);
    expect(projects.map((one) => one["path_with_namespace"])).toContain(project);
  });
});

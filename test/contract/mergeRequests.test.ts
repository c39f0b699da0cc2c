import { ensureBranch } from "./repository";
import { describeContract, findRefusal } from "./workplace";

describeContract("merge requests and their notes", (open) => {
  async function create(branch: string, title = `A change on ${branch}`) {
    await ensureBranch(open(), branch);
    const { client, project } = open();
    return client.MergeRequests.create(project, branch, "main", title, {
      removeSourceBranch: true,
      labels: "contract",
    });
  }

  it("are opened, found, changed, closed and opened again", async () => {
    const { client, project } = open();
    const created = await create("contract-one");

    expect(created).toMatchObject({
      state: "opened",
      source_branch: "contract-one",
      target_branch: "main",
      labels: ["contract"],
      draft: false,
      references: { short: `!${created.iid}` },
      author: { username: expect.any(String) as string },
    });
    const found = await client.MergeRequests.all({
      projectId: project,
      sourceBranch: "contract-one",
      state: "opened",
    });
    expect(found.map(({ iid }) => iid)).toEqual([created.iid]);
    const edit = (options: Parameters<typeof client.MergeRequests.edit>[2]) =>
      client.MergeRequests.edit(project, created.iid, options);
    expect(await edit({ title: "Draft: Changed", description: "d" })).toMatchObject({
      title: "Draft: Changed",
      draft: true,
      detailed_merge_status: expect.any(String) as string,
    });
    expect(await edit({ stateEvent: "close" })).toMatchObject({ state: "closed" });
    expect(await edit({ stateEvent: "reopen" })).toMatchObject({ state: "opened" });
    expect(await client.MergeRequests.show(project, created.iid)).toMatchObject({
      iid: created.iid,
      web_url: created.web_url,
    });
  });

  it("are refused between branches that have one", async () => {
    const { client, project } = open();
    const { iid } = await create("contract-twice");
    const again = client.MergeRequests.create(project, "contract-twice", "main", "again");

    expect(await findRefusal(again)).toEqual({
      status: 409,
      description: `["Another open merge request already exists for this source branch: !${iid}"]`,
    });
  });

  it("that are drafts aren't merged", async () => {
    const { client, project } = open();
    const { iid } = await create("contract-draft", "Draft: not yet");

    expect(await findRefusal(client.MergeRequests.merge(project, iid))).toEqual({
      status: 405,
      description: "405 Method Not Allowed",
    });
  });

  it("carry one note that is kept up to date", async () => {
    const { client, project } = open();
    const { iid } = await create("contract-notes");
    const marker = "<!-- contract -->";
    const created = await client.MergeRequestNotes.create(project, iid, `${marker} one`);
    await client.MergeRequestNotes.create(project, iid, "something else");

    const notes = await client.MergeRequestNotes.all(project, iid, { sort: "asc", perPage: 1 });
    const sticky = notes.find(({ body, system }) => !system && body.startsWith(marker));
    expect(sticky).toMatchObject({ id: created.id, noteable_iid: iid, system: false });
    const edited = await client.MergeRequestNotes.edit(project, iid, created.id, {
      body: `${marker} two`,
    });
    expect(edited).toMatchObject({ id: created.id, body: `${marker} two` });
    await client.MergeRequestNotes.remove(project, iid, created.id);
    expect(await findRefusal(client.MergeRequestNotes.show(project, iid, created.id))).toEqual({
      status: 404,
      description: "404 Not found",
    });
  });
});

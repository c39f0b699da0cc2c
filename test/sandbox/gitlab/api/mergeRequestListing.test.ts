import { mergeRequestsOf, type MergeRequest } from "../support/mergeRequests";
import { World } from "../support/world";

const world = new World();
beforeAll(() => world.start());
afterAll(() => world.stop());

const noon = world.now;
afterEach(() => {
  world.now = noon;
});

const { create, put } = mergeRequestsOf(world);

describe("the list of merge requests", () => {
  it("has what is asked for, in the order that is asked for", async () => {
    const path = "/projects/open%2Finternal/merge_requests";
    const at = (hour: number): void => {
      world.now = new Date(Date.UTC(2027, 0, 1, hour));
    };
    at(1);
    await create({ title: "One", source_branch: "one", labels: "a,b" }, path, "developer");
    at(2);
    await create({ title: "Draft: Two", source_branch: "two" }, path, "maintainer");
    at(3);
    await create({ title: "Three", description: "TWO", target_branch: "main" }, path, "owner");
    at(4);
    await put(`${path}/1`, { state_event: "close" });
    const iids = async (query: string): Promise<number[]> => {
      const { body } = await world.api(`${path}?${query}`, { as: "developer" });
      return (body as MergeRequest[]).map(({ iid }) => iid);
    };
    const developer = (await world.api("/user", { as: "developer" })).body as { id: number };

    expect(await iids("")).toEqual([3, 2, 1]);
    expect(await iids("sort=asc")).toEqual([1, 2, 3]);
    expect(await iids("order_by=updated_at")).toEqual([1, 3, 2]);
    expect(await iids("order_by=title&sort=asc")).toEqual([2, 1, 3]);
    expect(await iids("state=opened")).toEqual([3, 2]);
    expect(await iids("state=closed")).toEqual([1]);
    expect(await iids("state=all")).toEqual([3, 2, 1]);
    expect(await iids("source_branch=two")).toEqual([2]);
    expect(await iids("target_branch=main")).toEqual([3]);
    expect(await iids("iids[]=1&iids[]=3")).toEqual([3, 1]);
    expect(await iids(`author_id=${developer.id}`)).toEqual([1]);
    expect(await iids("author_username=maintainer")).toEqual([2]);
    expect(await iids("scope=created_by_me")).toEqual([1]);
    expect(await iids("labels=a,b")).toEqual([1]);
    expect(await iids("labels=None")).toEqual([3, 2]);
    expect(await iids("search=two")).toEqual([3, 2]);
    expect(await iids("search=two&in=title")).toEqual([2]);
    expect(await iids("wip=yes")).toEqual([2]);
    expect(await iids("created_after=2027-01-01T02:00:00Z")).toEqual([3, 2]);
    expect(await iids("updated_before=2027-01-01T02:00:00Z")).toEqual([2]);
    const page = await world.api(`${path}?per_page=2&page=2`, { as: "developer" });
    expect(page).toMatchObject({
      body: [{ iid: 1 }],
      headers: { "x-total": "3", "x-page": "2", "x-next-page": "", "x-prev-page": "1" },
    });
    expect(await world.api(`${path}?state=new`, { as: "developer" })).toMatchObject({
      status: 400,
      body: { error: "state does not have a valid value" },
    });
  });
});

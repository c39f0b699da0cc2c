import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { computeExampleSeed } from "../../../../sandbox/gitlab/seed/exampleSeed";
import { readSeed, type Seed } from "../../../../sandbox/gitlab/seed/seed";
import { findSeedProblems } from "../../../../sandbox/gitlab/seed/seedRules";
import { seed, World } from "../support/world";

describe("readSeed", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "seed-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("takes a token's value from its file, beside the seed or anywhere", () => {
    writeFileSync(join(folder, "token"), "glpat-from-file\n");
    const tokens = ["token", join(folder, "token")].map((valueFile) => ({
      name: "t",
      scopes: ["api"],
      valueFile,
    }));
    const user = { username: "u", name: "U", personalAccessTokens: tokens };
    writeFileSync(
      join(folder, "seed.json"),
      JSON.stringify({ users: [user], groups: [{ path: "g" }] }),
    );

    const read = { name: "t", scopes: ["api"], value: "glpat-from-file" };
    expect(readSeed(join(folder, "seed.json"))).toEqual({
      users: [{ ...user, personalAccessTokens: [read, read] }],
      groups: [{ path: "g" }],
    });
  });
});

describe("findSeedProblems", () => {
  it("finds none in a good seed, nor in an empty one", () => {
    expect(findSeedProblems(seed)).toEqual([]);
    expect(findSeedProblems({})).toEqual([]);
  });

  it("finds all, and tells no secret", () => {
    const wrong = {
      users: [
        {
          username: "u",
          name: "U",
          personalAccessTokens: [
            { name: "empty", scopes: ["api"] },
            { name: "odd", scopes: ["api", "all"], value: "glpat-secret", expiresAt: "soon" },
          ],
        },
      ],
      groups: [{ path: "a", visibility: "hidden" }, { path: "b/c" }],
      projects: [
        { path: "lone" },
        { path: "a/p", containerRegistryAccessLevel: "on" },
        { path: "x/p" },
      ],
      members: [
        { username: "u", role: "king", group: "a" },
        { username: "ghost", role: "guest", project: "a/p" },
        { username: "u", role: "guest", group: "x" },
        { username: "u", role: "guest", project: "x" },
        { username: "u", role: "guest", group: "a", project: "a/p" },
      ],
      mergeRequests: [
        { project: "x", author: "u", title: "t", sourceBranch: "s" },
        {
          ...{ project: "a/p", author: "ghost", title: "t", sourceBranch: "s", targetBranch: "s" },
          notes: ["ghost", "shade"].map((author) => ({ author, body: "boo" })),
        },
      ],
    } as unknown as Seed;

    expect(findSeedProblems(wrong)).toEqual([
      "`personal access token empty of u` has no value. Set `value` or `valueFile`.",
      '`scope of personal access token odd of u` is "all". Use one of api, read_api, read_user, read_repository, write_repository, read_registry, write_registry, read_virtual_registry, write_virtual_registry, sudo, admin_mode, create_runner, manage_runner, ai_features, k8s_proxy, self_rotate.',
      '`expiresAt of personal access token odd of u` is "soon". Use a day, `YYYY-MM-DD`.',
      '`visibility of group a` is "hidden". Use one of private, internal, public.',
      "`group b/c` is in no group of the seed. Add the group to `groups`.",
      "`project lone` is in no group of the seed. Add the group to `groups`.",
      '`containerRegistryAccessLevel of project a/p` is "on". Use one of enabled, private, disabled.',
      "`project x/p` is in no group of the seed. Add the group to `groups`.",
      '`role of member u of a` is "king". Use one of guest, reporter, developer, maintainer, owner.',
      "`member ghost of a/p` is not a user. Add the user to `users`.",
      "`member u of x` is a member of nothing in the seed. Add it to `groups` or `projects`.",
      "`member u of x` is a member of nothing in the seed. Add it to `groups` or `projects`.",
      "`member u of a` needs one of `group` and `project`.",
      "`merge request of s in x` is in no project of the seed. Add the project to `projects`.",
      "`merge request of s in a/p` has the same branch as `targetBranch`. Use another.",
      "`merge request of s in a/p` names ghost, who is not a user. Add the user to `users`.",
      "`merge request of s in a/p` names shade, who is not a user. Add the user to `users`.",
    ]);
  });

  it("takes groups in any order", async () => {
    const world = new World();
    await world.start({ seed: { ...seed, groups: seed.groups!.toReversed() } });

    expect(await world.api("/groups/web%2Finner", { as: "guest" })).toMatchObject({ status: 200 });
    await world.stop();
  });

  it("keeps a simulator with a wrong seed from starting", async () => {
    const world = new World();

    await expect(world.start({ seed: { groups: [{ path: "a/b" }] } })).rejects.toThrow(
      "The seed has 1 problem:\n  - `group a/b` is in no group of the seed. Add the group to `groups`.",
    );
    await world.stop();
  });
});

describe("computeExampleSeed", () => {
  it("has the project and a token for everybody, each with its role", async () => {
    const world = new World();
    const file = (name: string): string => {
      writeFileSync(join(world.folder, name), `glpat-of-${name}`);
      return join(world.folder, name);
    };
    const example = computeExampleSeed({
      project: "web/gatsby-site",
      botTokenFile: file("slipway"),
      tokenFile: file,
    });
    writeFileSync(join(world.folder, "seed.json"), JSON.stringify(example));
    await world.start({ seed: readSeed(join(world.folder, "seed.json")) });

    const levels: Record<string, unknown> = {};
    for (const name of ["guest", "reporter", "developer", "maintainer", "owner", "slipway"]) {
      const { body } = await world.api("/projects/web%2Fgatsby-site", {
        token: `glpat-of-${name}`,
      });
      const { permissions } = body as { permissions: { group_access: { access_level: number } } };
      levels[name] = permissions.group_access.access_level;
    }
    // Once, also when the seed is applied again.
    const path = "/projects/web%2Fgatsby-site/merge_requests";
    const token = "glpat-of-developer";
    await world.api(`${path}/1`, { method: "PUT", token, json: { state_event: "close" } });
    await world.restart({ seed: readSeed(join(world.folder, "seed.json")) });
    const mergeRequests = await world.api(path, { token });
    const notes = await world.api(`${path}/1/notes?activity_filter=only_comments`, { token });
    const { body: administrator } = await world.api("/user", { token: "glpat-of-admin" });
    await world.stop();

    expect(levels).toEqual({
      ...{ guest: 10, reporter: 20, developer: 30, maintainer: 40, owner: 50, slipway: 50 },
    });
    expect(mergeRequests.body).toMatchObject([
      { iid: 1, author: { username: "developer" }, target_branch: "main", state: "closed" },
    ]);
    expect(notes.body).toMatchObject([{ author: { username: "maintainer" } }]);
    expect(administrator).toMatchObject({ username: "admin", is_admin: true });
  });
});

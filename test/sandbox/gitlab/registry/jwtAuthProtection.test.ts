import { tokenOf, World, type Answer, type CallerName } from "../support/world";
import { listAccess, readAccess } from "./support/tokens";

let world: World;
beforeEach(async () => {
  world = new World();
  await world.start();
});
afterEach(() => world.stop());

const site = "web/gatsby-site";
const rules = "/projects/web%2Fgatsby-site/registry/protection";
const denied = {
  status: 403,
  body: {
    errors: [{ code: "DENIED", message: "Pushing to protected repository path forbidden" }],
    http_status: 403,
  },
};

function ask(scopes: string, user: CallerName): Promise<Answer> {
  return world.jwtAuth(`&scope=${scopes}`, `x:${tokenOf(user)}`);
}

function protect(kind: "repository" | "tag", json: object): Promise<Answer> {
  return world.api(`${rules}/${kind}/rules`, { method: "POST", as: "maintainer", json });
}

describe("a protected repository", () => {
  const push = `repository:${site}:pull,push`;

  it.each([
    ["maintainer", "developer", false],
    ["maintainer", "maintainer", true],
    ["owner", "maintainer", false],
    ["owner", "owner", true],
    ["admin", "owner", false],
    ["admin", "admin", true],
  ] as const)("for %ss: a %s may push: %s", async (level, user, allowed) => {
    await protect("repository", {
      repository_path_pattern: site,
      minimum_access_level_for_push: level,
    });

    expect(await ask(push, user)).toMatchObject(allowed ? { status: 200 } : denied);
    expect(await ask(`repository:${site}:pull`, user)).toMatchObject({ status: 200 });
  });

  it.each([
    [`${site}/base`, false],
    [`${site}/baseless`, false],
    [site, true],
    [`${site}/other`, true],
  ])("is told by a pattern, in any case: %s is free: %s", async (name, free) => {
    await protect("repository", {
      repository_path_pattern: `${site}/bas*e*`,
      minimum_access_level_for_push: "owner",
    });

    expect(await ask(`repository:${name}:push`, "developer")).toMatchObject(
      free ? { status: 200 } : denied,
    );
  });

  it("denies the whole request, other scopes too", async () => {
    await protect("repository", {
      repository_path_pattern: site,
      minimum_access_level_for_push: "owner",
    });

    expect(await ask(`repository:open/public:pull+${push}`, "developer")).toMatchObject(denied);
    // Nothing to push is granted to a reporter, so there is nothing to be protected from.
    expect(listAccess(await ask(push, "reporter"))).toEqual([`${site}:pull`]);
    expect(await ask(`repository:${site}:*`, "maintainer")).toMatchObject(denied);
  });

  it.each(["minimum_access_level_for_push", "minimum_access_level_for_delete"])(
    "is closed to deploy tokens by a rule with %s",
    async (field) => {
      const token = await world.createDeployToken("projects/web%2Fgatsby-site", {
        name: "d",
        scopes: ["read_registry", "write_registry"],
      });
      const login = `${token.username}:${token.token}`;
      expect(await world.jwtAuth(`&scope=${push}`, login)).toMatchObject({ status: 200 });

      await protect("repository", { repository_path_pattern: site, [field]: "maintainer" });

      expect(await world.jwtAuth(`&scope=${push}`, login)).toMatchObject(denied);
      expect(listAccess(await world.jwtAuth(`&scope=repository:${site}:pull`, login))).toEqual([
        `${site}:pull`,
      ]);
    },
  );

  it("takes a job for its user", async () => {
    await protect("repository", {
      repository_path_pattern: site,
      minimum_access_level_for_push: "maintainer",
    });
    const statuses: number[] = [];
    for (const username of ["developer", "maintainer"]) {
      const job = world.state.jobs.create({
        pipelineId: 1,
        project: world.state.namespaces.findProject(site)!,
        user: world.state.users.findByUsername(username)!,
        name: "build",
        stage: "build",
      });
      const answer = await world.jwtAuth(`&scope=${push}`, `gitlab-ci-token:${job.value}`);
      statuses.push(answer.status);
    }

    expect(statuses).toEqual([403, 200]);
  });
});

describe("protected tags", () => {
  const patterns = async (actions: string, user: CallerName): Promise<unknown> =>
    readAccess(await ask(`repository:${site}:${actions}`, user))[0]?.meta?.tag_deny_access_patterns;

  // The rules and the answers of GitLab's own test of this.
  beforeEach(async () => {
    for (const [pattern, pushLevel, deleteLevel] of [
      ["v1.*", "maintainer", "maintainer"],
      ["latest", "owner", "maintainer"],
      ["admin-only", "admin", "owner"],
    ]) {
      await protect("tag", {
        tag_name_pattern: pattern,
        minimum_access_level_for_push: pushLevel,
        minimum_access_level_for_delete: deleteLevel,
      });
    }
  });

  it.each([
    ["developer", "pull", {}],
    ["developer", "push", { push: ["v1.*", "latest", "admin-only"] }],
    ["developer", "pull,delete", {}],
    ["developer", "push,push", { push: ["v1.*", "latest", "admin-only"] }],
    ["maintainer", "push,delete", { push: ["latest", "admin-only"], delete: ["admin-only"] }],
    ["maintainer", "*", { push: ["latest", "admin-only"], delete: ["admin-only"] }],
    ["owner", "pull,delete", { delete: [] }],
    ["owner", "*", { push: ["admin-only"], delete: [] }],
    ["admin", "pull,push", { push: [] }],
    ["admin", "*", { push: [], delete: [] }],
  ] as const)("are named to a %s who asks for %s: %j", async (user, actions, expected) => {
    expect(await patterns(actions, user)).toEqual(expected);
  });

  it("aren't named where there are none", async () => {
    const [access] = readAccess(await ask("repository:web/inner/deep:push", "developer"));

    expect(access.meta).not.toHaveProperty("tag_deny_access_patterns");
  });
});

import { tokens } from "../../../cli/commands/tokens";
import { tokenOf } from "../../sandbox/gitlab/support/world";
import { FakeIo } from "../../support/cli";
import { inGitLabProject } from "../support/gitlabProject";

const type = "gitlab:index/projectDeployToken:ProjectDeployToken";
const { cwd, world } = inGitLabProject();
let io: FakeIo;

const holder = "projects/web%2Fgatsby-site";
const make = async (name: string, path = holder): Promise<number> => {
  const args = { name, scopes: ["read_registry"], expires_at: "2027-03-01T00:00:00Z" };
  return (await world.createDeployToken(path, args)).id;
};
const listIds = async (path = holder): Promise<number[]> =>
  (
    (await world.api(`/${path}/deploy_tokens?per_page=100`, { as: "admin" })).body as {
      id: number;
    }[]
  ).map(({ id }) => id);

/** A stack `dev` whose state knows these tokens. */
function prepare(
  known: readonly number[],
  { config = {}, pending = [] as object[] }: { config?: object; pending?: object[] } = {},
): void {
  const resources = known.map((id) => ({ urn: "", type, id: `web/gatsby-site:${id}` }));
  io = new FakeIo({
    dev: {
      config: {
        project: "web/gatsby-site",
        "gitlab:baseUrl": `${world.address}/api/v4/`,
        ...config,
      },
      deployment: { resources, pending_operations: pending },
    },
  });
  io.env = { GITLAB_TOKEN: tokenOf("maintainer"), SLIPWAY_CLOCK_OFFSET_SECONDS: clockOffset() };
}

/** The table says how long tokens live: by a clock that stands still. */
const clockOffset = (): string => String((Date.parse("2027-02-01T12:00:00Z") - Date.now()) / 1000);

const run = (options: { stack?: string; prune?: boolean; yes?: boolean } = {}) =>
  tokens({ cwd, prune: false, yes: false, ...options }, io);

afterEach(async () => {
  await world.control.reset();
  for (let ids = await listIds(); ids.length > 0; ids = await listIds()) {
    for (const id of ids) {
      await world.api(`/${holder}/deploy_tokens/${id}`, { method: "DELETE", as: "admin" });
    }
  }
});

describe("slipway tokens", () => {
  it("lists the stack's tokens, and says which of them are not in its state", async () => {
    const known = await make("slipway/gatsby-site/dev/push");
    const orphan = await make("slipway/gatsby-site/dev/pull-a/2");
    await make("slipway/gatsby-site/prod/push");
    await make("by hand");
    prepare([known]);

    expect(await run()).toBe(1);
    const [table, ...advice] = io.printed;
    expect(table.split("\n").map((line) => line.replace(/\d+ [dh]\b/, "27 d"))).toEqual([
      "id  expires            state    name",
      `${String(known).padEnd(2)}  2027-03-01 (27 d)  known    slipway/gatsby-site/dev/push`,
      `${String(orphan).padEnd(2)}  2027-03-01 (27 d)  unknown  slipway/gatsby-site/dev/pull-a/2`,
    ]);
    expect(advice).toEqual([
      "1 deploy token is not in the state of `dev`: left by a killed update, or in use by another stack with the same project and stack name, or by a copy of this state.",
      "If nothing uses it, revoke it: slipway tokens dev --prune",
    ]);
  });

  it("revokes what the state does not know and nothing else, after asking", async () => {
    const kept = [
      await make("slipway/gatsby-site/dev/push"),
      await make("slipway/gatsby-site/prod/push"),
      await make("by hand"),
    ];
    const orphan = await make("slipway/gatsby-site/dev/push");
    prepare([kept[0]]);

    expect(await run({ prune: true })).toBe(0);
    expect(io.questions).toEqual([
      "Revoke 1 deploy token? If another stack uses it, its pods can't pull any more.",
    ]);
    expect(io.printed.at(-1)).toBe(`Revoked slipway/gatsby-site/dev/push (${orphan}).`);
    expect((await listIds()).sort()).toEqual(kept.sort());
  });

  it("revokes nothing when the answer is no", async () => {
    const orphan = await make("slipway/gatsby-site/dev/push");
    prepare([]);
    io.answer = false;

    expect(await run({ prune: true })).toBe(1);
    expect(await listIds()).toEqual([orphan]);
  });

  it("does not ask who agreed beforehand", async () => {
    await make("slipway/gatsby-site/dev/push");
    prepare([]);

    expect(await run({ prune: true, yes: true })).toBe(0);
    expect(io.questions).toEqual([]);
    expect(await listIds()).toEqual([]);
  });

  it("leaves a token that an update may just be creating", async () => {
    const made = await make("slipway/gatsby-site/dev/push");
    prepare([], { pending: [{ type: "creating", resource: { urn: "", type } }] });

    expect(await run({ prune: true, yes: true })).toBe(1);
    expect(io.printed.at(-1)).toMatch(
      /^An update of `dev` is running or was killed, and 1 deploy token may be its own/,
    );
    expect(await listIds()).toEqual([made]);
  });

  it("finds a group's tokens, of this project alone", async () => {
    const own = await make("slipway/web/gatsby-site/gatsby-site/dev/push", "groups/web");
    const other = await make("slipway/web/inner/deep/gatsby-site/dev/push", "groups/web");
    prepare([], { config: { group: "web" } });
    io.env.GITLAB_TOKEN = tokenOf("owner");

    expect(await run({ prune: true, yes: true })).toBe(0);
    expect(await listIds("groups/web")).toEqual([other]);
    expect(own).not.toBe(other);
  });

  it("sees more tokens than fit on a page", async () => {
    const ids = await Promise.all(
      Array.from({ length: 101 }, () => make("slipway/gatsby-site/dev/push")),
    );
    prepare(ids);

    expect(await run()).toBe(0);
    expect(io.printed[0].split("\n")).toHaveLength(102);
  });

  it("takes the stack that is named, with or without its organization", async () => {
    prepare([]);
    io.stacks["organization/gatsby-site/dev"] = io.stacks.dev;

    expect(await run({ stack: "organization/gatsby-site/dev" })).toBe(0);
    expect(io.captured.join()).not.toContain("--show-name");
  });

  it("comes back after a limit, and a moment's trouble", async () => {
    await world.control.addFault({ status: 429, count: 1, retryAfter: "0", route: "/projects/*" });
    await world.control.addFault({ status: 503, count: 1, route: "/projects/*" });
    prepare([]);

    expect(await run()).toBe(0);
  });

  it.each([
    [{ status: 401 }, "Request failed with status code 401: GET ", /export GITLAB_TOKEN=/],
    [{ status: 403 }, "Request failed with status code 403: GET ", /role Maintainer/],
    [{ status: 404 }, "Request failed with status code 404: GET ", /can't see it/],
    [{ status: 500 }, "Request failed with status code 500: GET ", /GitLab itself has a problem/],
    [{ cut: true }, "Request failed: GET ", /was not reached/],
  ])("says what to do about %j", async (fault, start, remedy) => {
    await world.control.addFault(fault);
    prepare([]);

    const error = await run().catch((cause: unknown) => cause as Error);
    expect(error).toMatchObject({ name: "UserError" });
    const { message } = error as Error;
    expect(message).toContain(`${start}${world.address}/api/v4/${holder}/deploy_tokens`);
    expect(message).toMatch(remedy);
    expect(message).not.toContain(tokenOf("maintainer"));
  });

  it("takes an access token that the stack has as a secret", async () => {
    prepare([], { config: { "gitlab:token": "" } });
    io.env = {};
    io.secrets["gitlab:token"] = tokenOf("maintainer");

    expect(await run()).toBe(0);
    expect(io.captured).toContain("pulumi config get gitlab:token --stack dev");
  });

  it("asks for what is missing", async () => {
    prepare([]);
    io.env = {};
    await expect(run()).rejects.toThrow(/^`GITLAB_TOKEN` is not set\./);

    prepare([], { config: { project: "" } });
    await expect(run()).rejects.toThrow(/^`project` of stack `dev` is missing\./);
  });
});

import { up } from "../../../cli/commands/up";
import { tokenOf } from "../../sandbox/gitlab/support/world";
import { ended, FakeIo } from "../../support/cli";
import { inGitLabProject } from "../support/gitlabProject";

const type = "gitlab:index/projectDeployToken:ProjectDeployToken";
const holder = "projects/web%2Fgatsby-site";
const { cwd, world } = inGitLabProject();

const listIds = async (): Promise<number[]> => {
  const { body } = await world.api(`/${holder}/deploy_tokens?per_page=100`, { as: "admin" });
  return (body as { id: number }[]).map(({ id }) => id).sort((a, b) => a - b);
};

afterEach(async () => {
  for (const id of await listIds()) {
    await world.api(`/${holder}/deploy_tokens/${id}`, { method: "DELETE", as: "admin" });
  }
});

const nameOf = (slot: string) => `slipway/gatsby-site/dev/${slot}`;
const create = async (slot: string): Promise<number> => {
  const args = { name: nameOf(slot), scopes: ["read_registry"] };
  return (await world.createDeployToken(holder, args)).id;
};

/** A state of project `gatsby-site` and stack `dev`, and what its updates do to GitLab. */
class State {
  public readonly known: number[] = [];
  private pending: string[] = [];
  private readonly io: FakeIo;

  constructor(hasTags = true) {
    const { known } = this;
    const pending = () => this.pending;
    const dev = {
      config: { project: "web/gatsby-site", "gitlab:baseUrl": `${world.address}/api/v4` },
      get deployment() {
        return {
          resources: known.map((id) => ({ urn: "", type, id: `web/gatsby-site:${id}` })),
          pending_operations: pending().map((name) => ({
            type: "creating",
            resource: { urn: "", type, inputs: { name } },
          })),
        };
      },
    };
    this.io = new FakeIo({ dev });
    this.io.env = { GITLAB_TOKEN: tokenOf("maintainer") };
    if (!hasTags) this.io.tags = undefined;
  }

  /** Runs `slipway up`, whose update creates these tokens; what it prints. */
  public async up(...slots: string[]): Promise<string[]> {
    return this.run(async () => {
      for (const slot of slots) this.known.push(await create(slot));
    });
  }

  /** Kills `slipway up` while it creates `pending`; GitLab gets as far as `created`. */
  public async kill(pending: string[], created: string[]): Promise<number[]> {
    const ids: number[] = [];
    const killed = new Error("killed");
    const update = async () => {
      for (const slot of created) ids.push(await create(slot));
      this.pending = pending.map(nameOf);
      throw killed;
    };
    await this.run(update).catch((error: unknown) => {
      if (error !== killed) throw error;
    });
    return ids;
  }

  /** As {@link kill}, for `pulumi up` without `slipway`. */
  public async killPlainly(slot: string): Promise<void> {
    await create(slot);
    this.pending = [nameOf(slot)];
  }

  private async run(update: () => Promise<void>): Promise<string[]> {
    this.io.printed.length = 0;
    jest.spyOn(this.io, "stream").mockImplementation(async (_, args) => {
      if (args[0] === "up") await update();
      else this.pending = [];
      return ended(0);
    });
    await up({ cwd, stack: "dev", yes: true }, this.io);
    return this.io.printed.filter((line) => !line.endsWith("Checking what it was creating."));
  }
}

const slots = ["push", "pull-a", "pull-b"];
const revoked = (slot: string, id: number) =>
  `Revoked ${nameOf(slot)} (${id}): a killed update of \`dev\` had created it.`;
const others = (tokens: string) =>
  `${tokens} not in its state. Another stack with the same project and stack name may use them. To look: slipway tokens dev`;
const three = others("3 deploy tokens named like those of `dev` are");
const one =
  "1 deploy token named like those of `dev` is not in its state. Another stack with the same project and stack name may use it. To look: slipway tokens dev";

describe("a killed update that created tokens", () => {
  it("leaves none of them after the next one", async () => {
    const state = new State();
    const [push, pull] = await state.kill(["push", "pull-a", "pull-b"], ["push", "pull-a"]);

    expect(await state.up(...slots)).toEqual([revoked("push", push), revoked("pull-a", pull)]);
    expect(await listIds()).toEqual(state.known);
  });

  it("leaves none after two kills, and a kill after recovery", async () => {
    const state = new State();
    const [first] = await state.kill(["push"], ["push"]);
    const [second] = await state.kill(["push"], ["push"]);
    await state.kill([], []);

    expect(await state.up(...slots)).toEqual([revoked("push", first), revoked("push", second)]);
    expect(await listIds()).toEqual(state.known);
    expect(await state.up()).toEqual([]);
  });

  it("leaves none in a rotation", async () => {
    const state = new State();
    await state.up(...slots);
    const [push] = await state.kill(["push"], ["push"]);

    expect(await state.up("push")).toEqual([revoked("push", push)]);
    expect(await listIds()).toEqual(state.known);
  });
});

describe("two states with the same project and stack name", () => {
  it("leave each other's tokens alone", async () => {
    const [mine, theirs] = [new State(), new State()];
    await mine.up(...slots);
    expect(await theirs.up(...slots)).toEqual([three]);
    expect(await mine.up()).toEqual([three]);
    expect(await listIds()).toEqual([...mine.known, ...theirs.known]);
  });

  it("leave each other's alone when one is killed before GitLab creates any", async () => {
    const [mine, theirs] = [new State(), new State()];
    await theirs.up(...slots);
    await mine.kill(slots, []);

    expect(await mine.up(...slots)).toEqual([three]);
    expect(await listIds()).toEqual([...theirs.known, ...mine.known]);
  });

  it("leave each other's alone when both create some at the same time", async () => {
    const [mine, theirs] = [new State(), new State()];
    await mine.kill(["push"], []);
    await theirs.up(...slots);

    expect(await mine.up(...slots)).toEqual([three]);
    expect(await listIds()).toEqual([...theirs.known, ...mine.known]);
  });

  it("leave each other's alone when one is a copy that rotates", async () => {
    const [mine, copy] = [new State(), new State()];
    await mine.up(...slots);
    copy.known.push(...mine.known);
    await copy.up("push");

    expect(await mine.up()).toEqual([one]);
    expect(await listIds()).toEqual(copy.known);
  });
});

describe("a token of which the state can't know", () => {
  it("is named, when `pulumi up` was killed before `slipway up` ever ran", async () => {
    const state = new State();
    await state.killPlainly("push");

    expect(await state.up(...slots)).toEqual([one]);
    expect(await listIds()).toHaveLength(4);
  });

  it("is named, when the backend keeps no tags", async () => {
    const state = new State(false);
    await state.kill(["push"], ["push"]);

    expect(await state.up(...slots)).toEqual([one]);
    expect(await listIds()).toHaveLength(4);
  });
});

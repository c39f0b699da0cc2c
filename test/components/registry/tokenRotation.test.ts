import * as fc from "fast-check";

import {
  RegistryAccess,
  type RegistryAccessArgs,
} from "../../../components/registry/registryAccess";
import { FakeEngine, promiseOf } from "../../support/engine";

const day = 24 * 60 * 60 * 1000;
const begin = Date.UTC(2026, 0, 1);

interface Token {
  readonly id: number;
  readonly name: string;
  readonly expiresAt: string;
}

/** A stack over many updates: what the engine makes, keeps and replaces of the tokens that are registered. */
class Stack {
  readonly tokens = new Map<string, Token>();
  /** Which of them the pull secret has. */
  used: Token | undefined;
  private made = 0;

  /** One update; gives the tokens that it deleted in its end. */
  async update(args: Partial<RegistryAccessArgs> & { readonly now: Date }): Promise<Token[]> {
    const engine = await FakeEngine.install();
    const access = new RegistryAccess("registry", { project: "web/site", ...args });
    await engine.settle();
    const deleted = engine.registrations
      .filter(({ type }) => type.endsWith("DeployToken"))
      .flatMap(({ inputs, name, request }) =>
        this.replace(name, inputs, request.getIgnorechangesList()),
      );
    const handedOut = await promiseOf(access.pull!.password);
    const slot = [...this.tokens.keys()].find((name) => handedOut.includes(name)) ?? "";
    this.used = this.tokens.get(slot);
    return deleted;
  }

  private replace(slot: string, inputs: Record<string, unknown>, ignored: string[]): Token[] {
    const old = this.tokens.get(slot);
    const { name, expiresAt } = inputs as unknown as Token;
    const wanted = {
      name: old !== undefined && ignored.includes("name") ? old.name : name,
      expiresAt: old !== undefined && ignored.includes("expiresAt") ? old.expiresAt : expiresAt,
    };
    if (old?.name === wanted.name && old.expiresAt === wanted.expiresAt) return [];
    this.tokens.set(slot, { id: ++this.made, ...wanted });
    return old === undefined ? [] : [old];
  }
}

const at = (days: number): Date => new Date(begin + days * day);
const lives = (token: Token | undefined, now: Date): boolean =>
  token !== undefined && Date.parse(token.expiresAt) > now.getTime();

describe("a stack's tokens, over its updates", () => {
  it("are three from the first update on, and the same within a window", async () => {
    const stack = new Stack();
    expect(await stack.update({ now: at(20) })).toEqual([]);
    expect([...stack.tokens.keys()].sort()).toEqual([
      "registry-pull-a",
      "registry-pull-b",
      "registry-push",
    ]);
    expect(await stack.update({ now: at(49) })).toEqual([]);
    expect(stack.tokens.size).toBe(3);
  });

  it("rotate without deleting a pull token that was in use", async () => {
    const stack = new Stack();
    await stack.update({ now: at(20) });
    for (let window = 1; window <= 10; window++) {
      const { used } = stack;
      const deleted = await stack.update({ now: at(20 + 60 * window) });
      expect(deleted.map(({ name }) => /(push|pull)/.exec(name)?.[0]).sort()).toEqual([
        "pull",
        "push",
      ]);
      expect(deleted).not.toContain(used);
      expect(stack.used).not.toBe(used);
      expect(lives(used, at(20 + 60 * window))).toBe(true);
    }
  });

  it("rotate when they are forced to, again and again, and back", async () => {
    const stack = new Stack();
    await stack.update({ now: at(20) });
    const first = stack.used;
    for (const rotation of [1, 2, 3]) {
      const { used } = stack;
      const deleted = await stack.update({ now: at(20), rotation });
      expect(deleted).not.toContain(used);
      expect(deleted).toHaveLength(2);
      expect(stack.used).not.toBe(used);
    }
    expect([...stack.tokens.values()]).not.toContain(first);
    expect((await stack.update({ now: at(20), rotation: 2 })).map(({ name }) => name)).toEqual([
      "slipway/gatsby-site/dev/push/3",
    ]);
  });

  it("come back to life when no update ran for so long that all are dead", async () => {
    const stack = new Stack();
    await stack.update({ now: at(20) });
    for (const days of [400, 460, 521]) {
      await stack.update({ now: at(days) });
      expect(lives(stack.used, at(days))).toBe(true);
      expect(stack.tokens.size).toBe(3);
    }
  });

  it("are enough whatever is configured and whenever an update runs", async () => {
    const step = fc.record({
      days: fc.integer({ min: 0, max: 200 }),
      rotateEveryDays: fc.constantFrom(30, 30, 30, 60, 7),
      rotation: fc.integer({ min: 0, max: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
        const stack = new Stack();
        let days = 0;
        for (const { days: passed, ...args } of steps) {
          days += passed;
          const now = at(days);
          await stack.update({ now, ...args });
          const life = Date.parse(stack.used?.expiresAt ?? "") - now.getTime();
          expect(life).toBeGreaterThan(args.rotateEveryDays * day);
          expect(stack.tokens.size).toBe(3);
          // Nothing differs right afterwards.
          expect(await stack.update({ now, ...args })).toEqual([]);
        }
      }),
      { numRuns: 10 },
    );
  }, 60_000);
});

import { findCallProblems } from "../support/slipwayCalls";
import { ScriptWorld } from "./support/script";

let world: ScriptWorld;

beforeEach(() => {
  world = new ScriptWorld();
});

afterEach(() => world.remove());

describe("rotate.sh", () => {
  it("has `slipway` replace the tokens of the stack that are due", async () => {
    world.stub("npx");
    const { calls, code } = await world.run("rotate.sh prod");
    expect([calls, code]).toEqual([["npx slipway rotate prod --due --yes"], 0]);
    expect(calls.flatMap(findCallProblems)).toEqual([]);
  });

  it("fails if that fails", async () => {
    world.stub("npx", 'echo "There is no stack" >&2; exit 1');
    const { code, output } = await world.run("rotate.sh prod");
    expect([code, output]).toEqual([1, "There is no stack\n"]);
  });
});

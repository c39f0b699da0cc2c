import { readUpOptions } from "../../../cli/pulumi/upOptions";

describe("the options of `pulumi up`", () => {
  it.each([
    [[], { scope: [], isAgreed: false, isPartial: false }],
    [["--yes"], { scope: [], isAgreed: true, isPartial: false }],
    [["-f", "--refresh"], { scope: ["--refresh"], isAgreed: true, isPartial: false }],
    [
      ["--refresh=true", "--policy-pack", "policy", "-m", "why"],
      {
        scope: ["--refresh=true", "--policy-pack", "policy", "-m", "why"],
        isAgreed: false,
        isPartial: false,
      },
    ],
    [
      ["--target", "**Secret**", "--target-dependents"],
      {
        scope: ["--target", "**Secret**", "--target-dependents"],
        isAgreed: false,
        isPartial: true,
      },
    ],
    [["--exclude=a"], { scope: ["--exclude=a"], isAgreed: false, isPartial: true }],
    [
      ["--config", "--diff=1"],
      { scope: ["--config", "--diff=1"], isAgreed: false, isPartial: false },
    ],
  ])("say what is updated: %j", (options, expected) => {
    expect(readUpOptions(options)).toEqual(expected);
  });

  it.each([
    [["--diff"]],
    [["--json", "--yes"]],
    [["--expect-no-changes"]],
    [["--show-sames"]],
    [["--suppress-outputs"]],
    [["--debug"]],
    [["--yes=false"]],
    [["--an-option-of-next-year"]],
    [["--target"]],
    [["word"]],
  ])("choose Pulumi's own display: %j", (options) => {
    expect(readUpOptions(options)).toBeUndefined();
  });
});

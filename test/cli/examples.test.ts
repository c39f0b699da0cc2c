import { commandNames, findCallProblems, renderHelp } from "../support/slipwayCalls";

describe("the help of a command", () => {
  it.each(commandNames)("has examples that %s accepts", (name) => {
    const [, examples = ""] = renderHelp(name).split(/^Examples?:$/m);
    const lines = examples.trim().split("\n");
    expect(lines.filter((line) => !/^\s*\$ /.test(line))).toEqual([]);
    expect(lines.filter((line) => line.includes(`slipway ${name}`))).not.toEqual([]);
    expect(lines.flatMap(findCallProblems)).toEqual([]);
  });
});

describe("the check of examples", () => {
  it.each([
    ["npx slipway demote dev", "slipway has no command demote"],
    ["npx slipway up dev --wrong", "slipway up has no option --wrong"],
    ["npx slipway promote dev --yes", "slipway promote does not take 1 arguments: dev"],
    ['eval "$(npx slipway env a b)"', "slipway env does not take 2 arguments: a b"],
  ])("finds the mistake in %s", (line, problem) => {
    expect(findCallProblems(line)).toEqual([problem]);
  });

  it.each([
    "npx slipway up dev -- --wrong",
    "npx slipway promote a b && npx slipway rollback b --to v1",
    'slipway doctor --explain "x509: a b" | head',
  ])("accepts %s", (line) => expect(findCallProblems(line)).toEqual([]));
});

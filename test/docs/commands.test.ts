import { readFileSync } from "node:fs";

import { keys } from "../../config/schema";
import { findCallProblems } from "../support/slipwayCalls";
import { readCode, readPages } from "./support";

// The changelog names commands as they were, and the measurements a wrong one.
const pages = readPages()
  .filter(({ path }) => path !== "CHANGELOG.md" && !path.startsWith("bench/"))
  .map((page) => [page.path, page] as const);
const targets = [...readFileSync("Makefile", "utf8").matchAll(/^([a-z]+):/gm)].map(
  ([, name]) => name,
);

function findMakeProblems(code: string): string[] {
  const calls = code.matchAll(
    /(?:^|[\s(;&])make((?: -[a-z]+)*)((?: (?!NAMES=)[a-z]+)*)(?=$|[\s;&|)"])/g,
  );
  return [...calls]
    .flatMap(([, , names]) => names.trim().split(" ").filter(Boolean))
    .filter((name) => !targets.includes(name))
    .map((name) => `make has no target ${name}`);
}

/** Keys of `pulumi config set` and `rm` that the configuration does not have. Other projects' have a namespace. */
function findConfigProblems(code: string): string[] {
  const calls = code.matchAll(
    /pulumi config (?:set|rm|get)((?: +--[\w-]+(?: <stack>)?)*) +'?([\w.:[\]<>-]+)'?/g,
  );
  return [...calls]
    .map(([, , path]) => path.split(/[.[]/)[0])
    .filter((key) => !/[<:]/.test(key) && !keys.has(key))
    .map((key) => `the configuration has no key ${key}`);
}

const findProblems = (code: string): string[] => [
  ...findCallProblems(code),
  ...findMakeProblems(code),
  ...findConfigProblems(code),
];

describe("the documentation's commands", () => {
  it.each(pages)("exist, with their options: %s", (_, page) => {
    const { inline, lines } = readCode(page);
    expect([...lines, ...inline].flatMap(findProblems)).toEqual([]);
  });

  it.each([
    ["make upp && npx slipway up", "make has no target upp"],
    ['eval "$(make -s enf)"', "make has no target enf"],
    ["pulumi config set --path buildArg.X y", "the configuration has no key buildArg"],
    ["npx slipway tokens <stack> --prun", "slipway tokens has no option --prun"],
  ])("are found to be wrong: %s", (code, problem) => {
    expect(findProblems(code)).toEqual([problem]);
  });
});

import { tryParseJson } from "../components/json";
import type { Problem } from "../components/problem";
import { type FileValues, tryReadStackFile } from "../components/release/stackFiles";

/** A stack that runs the release of another one. */
interface PromotedStack {
  /** Name of the Pulumi project. */
  readonly project: string;
  readonly promoteFrom: string;
  readonly buildArgs: Readonly<Record<string, string>>;
}

/** More stacks in a row promote to each other only in a circle. */
const longestChain = 20;

/**
 * Finds the `GATSBY_*` build arguments of a promoted stack that differ from those that its release was built
 * with. Pages read them when they are built, so that there is one value for all stacks.
 *
 * @param folder folder of Pulumi.yaml
 */
export function findPromotedArgProblems(
  { buildArgs, project, promoteFrom }: PromotedStack,
  folder = ".",
): Problem[] {
  const names = Object.keys(buildArgs).filter((name) => name.startsWith("GATSBY_"));
  const builder = names.length > 0 ? findBuilder(project, promoteFrom, folder) : undefined;
  if (builder === undefined) return [];
  const { stack, values } = builder;
  const built = readObject(values[`${project}:buildArgs`]);
  return names
    .filter((name) => buildArgs[name] !== built[name])
    .map((name) => ({
      text: `\`buildArgs.${name}\` is "${buildArgs[name]}", but the image of this stack is built by the stack \`${stack}\`, where it is ${describe(built[name])}. One image runs on all stacks. Put what differs between them into \`publicConfig\`, which pages read at run time.`,
      command: `pulumi config set --path publicConfig.${name} <value> && pulumi config rm --path buildArgs.${name}`,
    }));
}

/** The stack at the beginning of a chain of promotions; undefined if its configuration is not here. */
function findBuilder(
  project: string,
  first: string,
  folder: string,
): { readonly stack: string; readonly values: FileValues } | undefined {
  let stack = first;
  for (let step = 0; step < longestChain; step++) {
    const values = tryReadStackFile(project, stack, folder);
    if (values === undefined) return undefined;
    const next = values[`${project}:promoteFrom`];
    if (typeof next !== "string" || next === "") return { stack, values };
    stack = next;
  }
  return undefined;
}

/** `pulumi config set --path` stores an object, and `pulumi config set` the same as JSON. */
function readObject(value: unknown): Readonly<Record<string, unknown>> {
  const parsed = typeof value === "string" ? tryParseJson(value) : value;
  return typeof parsed === "object" && parsed !== null ? { ...parsed } : {};
}

function describe(value: unknown): string {
  return typeof value === "string" ? `"${value}"` : "not set";
}

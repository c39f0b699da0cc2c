import * as fs from "node:fs";

/** Build argument of Slipway's Dockerfile: the path below which the pages are served. */
const prefixArgument = "PATH_PREFIX";

/**
 * Says that a Dockerfile serves the pages below another path than the cluster is to ask for. Of a Dockerfile without the
 * argument nothing is known.
 *
 * @returns a sentence with what to do, or nothing
 */
export function findPrefixProblems(
  dockerfile: string,
  {
    buildArgs = {},
    pathPrefix,
  }: { readonly pathPrefix?: string; readonly buildArgs?: Readonly<Record<string, string>> },
): string[] {
  if (pathPrefix === undefined) return [];
  const text = fs.readFileSync(dockerfile, "utf8");
  const written = new RegExp(`^\\s*ARG\\s+${prefixArgument}=["']?([^\\s"']*)`, "im").exec(
    text,
  )?.[1];
  const served = buildArgs[prefixArgument] ?? written;
  if (served === undefined || served === pathPrefix) return [];
  const command = served === "" ? "rm pathPrefix" : `set pathPrefix ${served}`;
  return [
    `\`pathPrefix\` is "${pathPrefix}", but \`${dockerfile}\` serves the pages below "${served || "/"}". If that is right: \`pulumi config ${command}\`. If not, write there: \`ARG ${prefixArgument}=${pathPrefix}\`.`,
  ];
}

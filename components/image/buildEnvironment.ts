import * as fs from "node:fs";

import * as pulumi from "@pulumi/pulumi";

import { contentVersionArgument } from "./contentVersionNames";
import { environmentSecret } from "./imageBuild";

/** Build argument with the values that a Dockerfile does not name, as a shell's assignments. */
const environmentArgument = "BUILD_ENV";

/** Build arguments that BuildKit knows without `ARG`. @see https://docs.docker.com/build/building/variables/ */
const predefined = /^(https?_proxy|ftp_proxy|no_proxy|all_proxy|source_date_epoch|buildkit_\w+)$/i;

/** Name of a shell's variable. */
const variable = /^[A-Za-z_]\w*$/;

/** The values that a build is given by name. */
export interface BuildValues {
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly buildSecrets: Readonly<Record<string, pulumi.Input<string>>>;
}

/** What a Dockerfile reads of the values that a build is given. */
interface DockerfileNames {
  readonly args: ReadonlySet<string>;
  /** Undefined if an id is computed, so that any may be meant. */
  readonly secrets: ReadonlySet<string> | undefined;
}

/**
 * Build arguments and secrets in the form in which a Dockerfile reads them: those that it names as they are,
 * the others together, if it takes them in.
 */
export function resolveBuildValues(dockerfile: string, values: BuildValues): BuildValues {
  const { args, secrets } = readNames(dockerfile);
  const { buildArgs, buildSecrets } = values;
  const isNamed = ([name]: [string, string]): boolean => args.has(name) || predefined.test(name);
  const named = Object.entries(buildArgs).filter(isNamed);
  const others = Object.entries(buildArgs).filter((entry) => !isNamed(entry));
  if (others.length > 0) {
    others.sort(([a], [b]) => (a < b ? -1 : 1));
    named.push([environmentArgument, renderAssignments(others)]);
  }
  const takesAll = secrets?.has(environmentSecret) && Object.keys(buildSecrets).length > 0;
  const all = takesAll && {
    [environmentSecret]: pulumi.secret(
      pulumi.all(buildSecrets).apply((texts) => renderAssignments(Object.entries(texts))),
    ),
  };
  return { buildArgs: Object.fromEntries(named), buildSecrets: { ...buildSecrets, ...all } };
}

/**
 * Says which build arguments and secrets change nothing, since the Dockerfile does not name them.
 *
 * @returns a sentence for each, with what to do
 */
export function findUnusedValues(dockerfile: string, values: BuildValues): string[] {
  const { args, secrets } = readNames(dockerfile);
  const unusedArgs = Object.keys(values.buildArgs).filter(
    (name) => !args.has(name) && !predefined.test(name) && !args.has(environmentArgument),
  );
  const others = Object.keys(values.buildSecrets).filter(
    (id) => secrets !== undefined && !secrets.has(id),
  );
  const takesOthers = secrets?.has(environmentSecret) === true;
  const unusedSecrets = takesOthers ? [] : others;
  const misnamed = takesOthers ? others.filter((id) => !variable.test(id)) : [];
  return [
    ...unusedArgs.map(
      (name) =>
        `${describeOrigin(name)}, which \`${dockerfile}\` does not name, so that it would change nothing. Add \`ARG ${name}\` ${name === contentVersionArgument ? "before the step that builds the site" : "to the stage that needs it, or remove the key"}.`,
    ),
    ...unusedSecrets.map(
      (id) =>
        `\`buildSecrets\` has \`${id}\`, which no step of \`${dockerfile}\` mounts. Add \`--mount=type=secret,id=${id}\` to the \`RUN\` that needs it, or remove the key.`,
    ),
    ...misnamed.map(
      (id) =>
        `\`buildSecrets\` has \`${id}\`, which \`${dockerfile}\` does not name, and which can't be the name of a variable. Use letters, digits and \`_\`, such as \`${id.replace(/\W/g, "_")}\`.`,
    ),
  ];
}

/** Build argument that comes from a key of its own. */
export const outputArgument = "OUTPUT_DIRECTORY";

/** Whether a build argument can change what a Dockerfile builds. */
export function takesBuildArg(dockerfile: string, name: string): boolean {
  const { args } = readNames(dockerfile);
  return args.has(name) || args.has(environmentArgument);
}

function describeOrigin(name: string): string {
  if (name === contentVersionArgument) {
    return `The version of the content is the build argument \`${name}\``;
  }
  return name === outputArgument
    ? `\`outputDirectory\` is the build argument \`${name}\``
    : `\`buildArgs\` has \`${name}\``;
}

function readNames(dockerfile: string): DockerfileNames {
  const text = fs
    .readFileSync(dockerfile, "utf8")
    .replace(/^\s*#.*$/gm, "")
    .replace(/\\\r?\n/g, " ");
  const args = [...text.matchAll(/^\s*ARG\s+(.*)$/gim)].flatMap(([, names]) =>
    names.split(/\s+/).map((name) => name.split("=", 1)[0]),
  );
  const mounts = [...text.matchAll(/--mount=(\S*type=secret\S*)/g)].map(([, mount]) => mount);
  const ids = mounts.map((mount) => {
    const options = Object.fromEntries(mount.split(",").map((option) => option.split("=", 2))) as {
      id?: string;
      target?: string;
    };
    return options.id ?? options.target?.split("/").at(-1) ?? "";
  });
  const isComputed = ids.some((id) => id.includes("$"));
  return { args: new Set(args), secrets: isComputed ? undefined : new Set(ids) };
}

/** Assignments as a shell reads them, a line each. What can't be a variable's name is left out. */
function renderAssignments(entries: readonly [string, string][]): string {
  return entries
    .filter(([name]) => variable.test(name))
    .map(([name, value]) => `${name}='${value.replaceAll("'", `'\\''`)}'\n`)
    .join("");
}

import { readFileSync } from "node:fs";
import { join, relative } from "node:path";

import { readDefaults } from "../../components/release/stackFiles";
import { shortenStackName } from "../../components/release/stackName";
import { UserError } from "../errors";
import { findProjectExtension } from "../projectFolder";
import { renderValues } from "./updateRecord";
import { parseYaml } from "./yamlFile";

/** The parts of Pulumi.yaml that the command line uses. */
export interface Project {
  readonly name: string;
  /** The program, relative to the project's folder: a file, or a folder with a package.json or an index file. */
  readonly main: string;
  /** Folder of the stacks' files (`stackConfigDir`), relative to the project's. */
  readonly stackFolder: string;
  /** `.yaml` or `.yml`; the stacks' files have the same extension as the project's. */
  readonly extension: string;
  /** Values of the configuration for all stacks, by key with its namespace. */
  readonly defaults: Readonly<Record<string, string>>;
}

/**
 * Reads the Pulumi project in a folder.
 *
 * @throws UserError if there is none, or if its file can't be read
 * @see https://www.pulumi.com/docs/iac/concepts/projects/project-file/
 */
export function readProject(cwd: string): Project {
  const extension = findProjectExtension(cwd);
  if (extension === undefined) {
    throw new UserError(
      `There is no \`${join(cwd, "Pulumi.yaml")}\`. Run this in the project's folder, or name it with \`--cwd\`.`,
    );
  }
  const file = join(cwd, `Pulumi${extension}`);
  const document = parseYaml(file, readFileSync(file, "utf8"));
  const { config, main, name, stackConfigDir } = (document.toJS() ?? {}) as Record<string, unknown>;
  if (typeof name !== "string") throw new UserError(`\`${file}\` has no \`name\`.`);
  const stackFolder = typeof stackConfigDir === "string" ? stackConfigDir : "";
  return {
    name,
    main: typeof main === "string" ? main : ".",
    stackFolder,
    extension,
    defaults: renderValues(readDefaults(name, config)),
  };
}

/** Whether two names mean the same stack. Each may have organization and project before it. */
export function isSameStack(one: string, other: string, project: string): boolean {
  if (shortenStackName(one) !== shortenStackName(other)) return false;
  const [a, b] = [one, other].map((name) => name.split("/").slice(0, -1));
  const inProject = (parts: string[]): boolean => parts.length < 2 || parts[1] === project;
  const [organization, another] = [a[0], b[0]];
  const isOneOrganization =
    organization === undefined || another === undefined || organization === another;
  return inProject(a) && inProject(b) && isOneOrganization;
}

/**
 * Path of the file with a stack's configuration, relative to the project's folder.
 *
 * @param stack its name, with or without organization and project
 */
export function findStackFile(cwd: string, stack: string): string {
  const { extension, stackFolder } = readProject(cwd);
  return relative(cwd, join(cwd, stackFolder, `Pulumi.${shortenStackName(stack)}${extension}`));
}

import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";

import { parseAllDocuments } from "yaml";

import { readSlipwayPackage } from "./slipwayPackage";

/** The template's file, below the folder of the templates. */
const main = "slipway.yml";

/** What of the pipeline a repository's own must not have too. */
export interface PipelineTemplate {
  readonly jobs: readonly string[];
  /** Stages, in order. */
  readonly stages: readonly string[];
}

/** Keys of a pipeline's file that are not jobs. */
export const keywords: ReadonlySet<string> = new Set([
  ..."after_script before_script cache default image include services".split(" "),
  ..."spec stages variables workflow".split(" "),
]);

/** Reads the names of the jobs and of the stages from the package's template. */
export function readPipelineTemplate(): PipelineTemplate {
  const files = listTemplates().filter((file) => !file.startsWith("builder/"));
  const documents = files.map((file) => {
    const text = readFileSync(join(findTemplates(), file), "utf8");
    const last = parseAllDocuments(text, { logLevel: "silent" }).at(-1);
    return (last?.toJS() ?? {}) as Record<string, unknown>;
  });
  const jobs = documents.flatMap((document) =>
    Object.keys(document).filter((key) => !key.startsWith(".") && !keywords.has(key)),
  );
  const { stages } = documents[files.indexOf(main)] as { stages: string[] };
  return { jobs, stages };
}

/** Path of the template's copy below the repository's top. */
export function findPipelineCopy(folder: string): string {
  return posix.join(folder, "pipeline", main);
}

/**
 * Renders the copy of the template that a repository includes: GitLab can't include a file of an npm package.
 * What the jobs run comes from the installed package.
 *
 * @param folder folder of the program, relative to the repository's top
 * @returns files by their path, relative to the repository's top
 */
export function renderPipelineCopy(folder: string): Record<string, string> {
  const copies = posix.dirname(findPipelineCopy(folder));
  const entries = listTemplates().map((file) => {
    const text = readFileSync(join(findTemplates(), file), "utf8");
    const local = text.replaceAll("local: /templates/", `local: /${copies}/`);
    return [posix.join(copies, file), `${renderHeader()}\n${local}`];
  });
  return Object.fromEntries(entries) as Record<string, string>;
}

const mark = "# A copy, by `slipway init`, from version";

function renderHeader(): string {
  return `${mark} ${readSlipwayPackage().version} of the npm package slipway. Run it again after an upgrade. Change nothing here.`;
}

/** Whether a file is such a copy, of whatever version: then it may be replaced by a newer one. */
export function isPipelineCopy(text: string): boolean {
  return text.startsWith(mark);
}

function findTemplates(): string {
  return join(readSlipwayPackage().folder, "templates");
}

/** Files of the template; the folder has those of the image too. */
function listTemplates(): string[] {
  return readdirSync(findTemplates(), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".yml"))
    .map((file) => file.replaceAll("\\", "/"))
    .sort();
}

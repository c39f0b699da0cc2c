import { parseDocument } from "yaml";

import { keywords } from "./pipelineTemplate";

/** What the files of a repository's pipeline have. */
export interface ExistingPipeline {
  readonly jobs: readonly ExistingJob[];
  /** Undefined if no file lists them, so that GitLab's own apply. */
  readonly stages?: readonly string[];
  /** Includes that are not files of this repository, as text. */
  readonly foreign: readonly string[];
}

/** A job, or a hidden one that others extend. */
export interface ExistingJob {
  readonly name: string;
  readonly stage: string;
  /** All that it says, as text. */
  readonly text: string;
}

/** Reads a file of the repository, by its path; undefined if there is none. */
export type ReadFile = (path: string) => string | undefined;

/**
 * Reads a pipeline's file and the files of the repository that it includes.
 *
 * @returns undefined if one of them is not YAML
 * @see https://docs.gitlab.com/ci/yaml/#include
 */
export function readExistingPipeline(
  text: string,
  read: ReadFile,
  seen: readonly string[] = [],
): ExistingPipeline | undefined {
  // GitLab's own tag is none that YAML knows.
  const document = parseDocument(text, { logLevel: "silent" });
  if (document.errors.length > 0) return undefined;
  const content: unknown = document.toJS();
  const own = typeof content === "object" && content !== null ? content : {};
  const { include, stages } = own as { include?: unknown; stages?: unknown };
  const includes = [include ?? []].flat().map(describeInclude);
  const foreign = includes.filter(({ local }) => local === undefined || read(local) === undefined);
  const pipelines = includes
    .flatMap(({ local }) => (local === undefined || seen.includes(local) ? [] : [local]))
    .flatMap((local) => {
      const included = read(local);
      return included === undefined ? [] : [readExistingPipeline(included, read, [...seen, local])];
    });
  if (pipelines.includes(undefined)) return undefined;
  const known = pipelines.filter((pipeline) => pipeline !== undefined);
  return {
    jobs: [...listJobs(own), ...known.flatMap(({ jobs }) => jobs)],
    stages: Array.isArray(stages)
      ? stages.map(String)
      : known.findLast((pipeline) => pipeline.stages !== undefined)?.stages,
    foreign: [
      ...foreign.filter(({ isHarmless }) => !isHarmless).map(({ name }) => name),
      ...known.flatMap((pipeline) => pipeline.foreign),
    ],
  };
}

interface Include {
  readonly name: string;
  /** Path of a file of this repository. */
  readonly local?: string;
  /** Whether it is a template of GitLab with jobs of other names, all in stage `test`. */
  readonly isHarmless?: boolean;
}

const scanners =
  /^(Jobs|Security)\/(SAST|SAST-IaC|Secret-Detection|Dependency-Scanning|Code-Quality)(\.latest)?\.gitlab-ci\.yml$/;

function describeInclude(include: unknown): Include {
  if (typeof include === "string") {
    return /^https?:/.test(include) ? { name: include } : describeLocal(include);
  }
  const entry = (include ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof entry.local === "string") return describeLocal(entry.local);
  const kind = ["project", "component", "template", "remote"].find((name) => name in entry);
  const value = kind === undefined ? JSON.stringify(entry) : String(entry[kind]);
  return { name: value, isHarmless: kind === "template" && scanners.test(value) };
}

function describeLocal(path: string): Include {
  return { name: path, local: path.replace(/^\/+/, "") };
}

function listJobs(content: object): ExistingJob[] {
  return Object.entries(content).flatMap(([name, value]: [string, unknown]) => {
    if (keywords.has(name) || typeof value !== "object" || value === null) return [];
    const { stage = "test" } = value as { stage?: unknown };
    return [{ name, stage: String(stage), text: JSON.stringify(value) }];
  });
}

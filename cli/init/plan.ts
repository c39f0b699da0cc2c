import { existsSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";

import { completeDockerignore, renderDockerignore } from "./dockerignore";
import { readTemplate, renderDockerfile } from "./dockerfile";
import type { Facts } from "./facts";
import { findInstallInputs } from "./installInputs";
import { renderNodeImage } from "./nodeVersion";
import { includePipeline, pipelineFile, type PipelineChange } from "./pipeline";
import { computePipelineInputs, pipelineStacks } from "./pipelineInputs";
import { findPipelineCopy, isPipelineCopy, renderPipelineCopy } from "./pipelineTemplate";
import { hasTypeScriptEntry, renderProgram } from "./program";
import { isTracked, readText, type Repository } from "./repository";

/** A file that `slipway init` writes. */
export interface PlannedFile {
  /** Path, relative to the repository's top. */
  readonly path: string;
  readonly content: string;
  readonly action: "create" | "change" | "keep";
}

/** Everything that `slipway init` would do. */
export interface Plan {
  readonly files: readonly PlannedFile[];
  readonly pipeline: PipelineChange;
}

/** The npm package, of which the repository gets a copy, or a project on the same GitLab. */
export type PipelineOrigin =
  "package" | { readonly project: string; readonly ref: string; readonly file: string };

/** What decides about the files, beside the facts. */
export interface PlanOptions {
  /** Folder of the program. */
  readonly folder: string;
  readonly stacks: readonly string[];
  readonly registry?: string;
  /** Dependencies of the program, by name. */
  readonly dependencies: Readonly<Record<string, string>>;
  /** Where the pipeline is included from; undefined if none is. */
  readonly pipeline?: PipelineOrigin;
  readonly remarks: readonly string[];
}

/** Plans the files of a program, of a site's image and of its pipeline. What is there is not overwritten. */
export function planFiles(repository: Repository, facts: Facts, options: PlanOptions): Plan {
  const { context, dockerfile, gitlab, manifest, name, site, sites } = facts;
  const isOwn = dockerfile !== undefined && !dockerfile.isOurs;
  const program = renderProgram({
    ...options,
    name,
    gitlab,
    context,
    site,
    manifest,
    // What another Dockerfile serves the pages below is not known.
    pathPrefix: isOwn ? undefined : facts.pathPrefix,
    dockerfile: dockerfile?.file ?? facts.dockerfilePlace,
    ownServer: isOwn ? { ...dockerfile, port: dockerfile.port ?? manifest?.port } : undefined,
    imageName: sites.length > 1 ? name : undefined,
    hasEntry: hasTypeScriptEntry(repository.root, options.folder),
  });
  const image = dockerfile === undefined ? renderImage(repository, facts) : {};
  const ignored = planDockerignore(repository, facts, options.folder);
  const { change, copy, pipeline } = planPipeline(repository, facts, options);
  return {
    files: [
      ...Object.entries({ ...program, ...image }).map(([path, content]) =>
        planNew(repository, path, content),
      ),
      ...Object.entries({ ...ignored, ...change }).map(([path, content]) =>
        planChange(repository, path, content),
      ),
      ...Object.entries(copy).map(([path, content]) => planCopy(repository, path, content)),
    ],
    pipeline,
  };
}

interface PlannedPipeline {
  readonly change: Readonly<Record<string, string>>;
  readonly copy: Readonly<Record<string, string>>;
  readonly pipeline: PipelineChange;
}

/** The include of the pipeline, and the copy of it, if that is what is included. */
function planPipeline(
  repository: Repository,
  facts: Facts,
  { folder, pipeline: origin, stacks }: PlanOptions,
): PlannedPipeline {
  const none = { change: {}, copy: {} };
  if (origin === undefined) return { ...none, pipeline: { problems: [] } };
  if (stacks.length !== pipelineStacks) {
    const problem = `Slipway's pipeline is for ${pipelineStacks} stacks, and \`--stacks\` has ${stacks.length}: it is not included.`;
    return { ...none, pipeline: { problems: [problem] } };
  }
  const file = origin === "package" ? { local: `/${findPipelineCopy(folder)}` } : origin;
  const inputs = computePipelineInputs(repository, facts, { folder, stacks });
  const current = readText(repository, pipelineFile);
  const pipeline = includePipeline(current, { file, inputs }, (path) => readText(repository, path));
  return {
    change: pipeline.text === undefined ? {} : { [pipelineFile]: pipeline.text },
    copy: origin === "package" ? renderPipelineCopy(folder) : {},
    pipeline,
  };
}

/** A copy that `slipway init` wrote is replaced after an upgrade; a file that someone made their own is not. */
function planCopy(repository: Repository, path: string, content: string): PlannedFile {
  const file = join(repository.root, path);
  const isOwn = existsSync(file) && !isPipelineCopy(readFileSync(file, "utf8"));
  return isOwn ? { path, content, action: "keep" } : planChange(repository, path, content);
}

function planNew({ root }: Repository, path: string, content: string): PlannedFile {
  return { path, content, action: existsSync(join(root, path)) ? "keep" : "create" };
}

function planChange({ root }: Repository, path: string, content: string): PlannedFile {
  const file = join(root, path);
  if (!existsSync(file)) return { path, content, action: "create" };
  return { path, content, action: readFileSync(file, "utf8") === content ? "keep" : "change" };
}

/** Name of our nginx configuration where the site's folder has one already, for another image. */
const otherConfiguration = "nginx.slipway.conf";

/** Names of the program that writes nginx's rules for the pages when the image is built. */
const pageRules = [
  "nginx.pages.mjs",
  "nginx.redirects.mjs",
  "nginx.compression.mjs",
  "nginx.hashes.mjs",
];

function renderImage(repository: Repository, facts: Facts): Record<string, string> {
  const { context, manager, name, node, pathPrefix = "", script, site } = facts;
  const hasOther = repository.files.includes(posix.join(site, "nginx.conf"));
  const configuration = hasOther ? otherConfiguration : "nginx.conf";
  const text = renderDockerfile({
    name,
    manager,
    script,
    nodeImage: renderNodeImage(node.major),
    site: posix.relative(context, site) || ".",
    configuration,
    pathPrefix,
    installInputs: findInstallInputs(repository, context, site),
  });
  return {
    [facts.dockerfilePlace]: text,
    [posix.join(site, configuration)]: readTemplate("nginx.conf"),
    ...Object.fromEntries(pageRules.map((file) => [posix.join(site, file), readTemplate(file)])),
  };
}

function planDockerignore(
  repository: Repository,
  { context, site }: Facts,
  folder: string,
): Record<string, string> {
  const path = posix.join(context, ".dockerignore");
  const within = (file: string): string => posix.relative(context, file);
  const environments = repository.files.filter(
    (file) =>
      /(^|\/)\.env(\.[^/]*)?$/.test(file) &&
      !within(file).startsWith("..") &&
      isTracked(repository, file),
  );
  const options = {
    output: within(posix.join(site, "public")),
    program: within(folder).startsWith("..") ? undefined : within(folder),
    trackedEnvironments: environments.map(within),
  };
  const current = readText(repository, path);
  return {
    [path]:
      current === undefined ? renderDockerignore(options) : completeDockerignore(current, options),
  };
}

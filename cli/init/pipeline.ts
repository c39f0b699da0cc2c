import { isMap, isScalar, isSeq, parseDocument, type Document, YAMLMap, YAMLSeq } from "yaml";

import {
  type ExistingJob,
  type ExistingPipeline,
  type ReadFile,
  readExistingPipeline,
} from "./existingPipeline";
import { type PipelineTemplate, readPipelineTemplate } from "./pipelineTemplate";

/** File of GitLab's pipelines. */
export const pipelineFile = ".gitlab-ci.yml";

/** An include of Slipway's pipeline. */
export interface PipelineSource {
  /** What is included: a file of this repository, or one of another project. */
  readonly file: Readonly<Record<string, string>>;
  readonly inputs: Readonly<Record<string, string>>;
}

/** What is to be done about a repository's pipeline. */
export interface PipelineChange {
  /** New text of the file; undefined if it stays as it is. */
  readonly text?: string;
  /** Why the file stays as it is though the pipeline is not included, a sentence each. */
  readonly problems: readonly string[];
  /** Lines to add by hand, when a person has solved the problems. */
  readonly byHand?: string;
}

/**
 * Adds the include of Slipway's pipeline to a repository's `.gitlab-ci.yml`, whose comments stay. GitLab runs
 * no pipeline at all if the file is invalid with it: what may be so is left to a person.
 */
export function includePipeline(
  text: string | undefined,
  source: PipelineSource,
  read: ReadFile = () => undefined,
): PipelineChange {
  if (text === undefined || text.trim() === "") {
    return { text: renderInclude(source, []), problems: [] };
  }
  if (/\/slipway\.yml\b|\/slipway@/.test(text))
    return { problems: findSecondProgram(text, source) };
  const template = readPipelineTemplate();
  const existing = readExistingPipeline(text, read);
  const layout = findLayout(text);
  const replaced = (existing?.jobs ?? []).filter(isReplaced).map(({ name }) => name);
  const problems = existing === undefined ? [] : findProblems(existing, template);
  if (existing === undefined || layout === undefined) {
    problems.push(
      "Slipway can't add to `.gitlab-ci.yml` without changing its layout. Add the lines below.",
    );
  } else if (problems.length === 0) {
    const document = parseDocument(text, parsing);
    addInclude(document, source, replaced);
    setStages(document, existing, template);
    return { text: document.toString(layout), problems };
  }
  return { problems, byHand: renderInclude(source, replaced) };
}

/** The jobs of one program are named: two programs can't have them in one pipeline. */
function findSecondProgram(text: string, { file }: PipelineSource): string[] {
  const { local, project } = file;
  return text.includes(local ?? project)
    ? []
    : [
        "`.gitlab-ci.yml` includes Slipway's pipeline from elsewhere already. It serves one program of a repository: deploy the others with `slipway up`.",
      ];
}

function findProblems(existing: ExistingPipeline, template: PipelineTemplate): string[] {
  const list = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(", ");
  const same = existing.jobs.map(({ name }) => name).filter((name) => template.jobs.includes(name));
  return [
    ...(same.length === 0
      ? []
      : [
          `\`.gitlab-ci.yml\` and Slipway's pipeline both have ${list(same)}, and GitLab would merge jobs of the same name. Rename or delete yours, and add the lines below.`,
        ]),
    ...(existing.foreign.length === 0
      ? []
      : [
          `\`.gitlab-ci.yml\` includes ${list(existing.foreign)}, which Slipway can't read: its jobs may have the names of Slipway's, and its stages would be replaced. Check that, and add the lines below.`,
        ]),
  ];
}

/** GitLab's own tag is none that YAML knows. */
const parsing = { logLevel: "silent" } as const;

const layouts = [true, false].flatMap((indentSeq) =>
  [true, false].flatMap((flowCollectionPadding) =>
    [2, 4].map((indent) => ({ indentSeq, flowCollectionPadding, indent, lineWidth: 0 })),
  ),
);

/** How a file is laid out: with which options it is written as it was read. */
function findLayout(text: string): (typeof layouts)[number] | undefined {
  if (parseDocument(text, parsing).errors.length > 0) return undefined;
  return layouts.find((layout) => parseDocument(text, parsing).toString(layout) === text);
}

function renderInclude(source: PipelineSource, replaced: readonly string[]): string {
  const document = parseDocument("include: []\n");
  const list = new YAMLSeq();
  list.add(createEntry(document, source, replaced));
  document.set("include", list);
  return document.toString({ lineWidth: 0 });
}

function createEntry(
  document: Document,
  { file, inputs }: PipelineSource,
  replaced: readonly string[],
) {
  const names = replaced.map((name) => `\`${name}\``).join(", ");
  const origin =
    file.local === undefined
      ? "a copy of its repository has to be on this GitLab."
      : "a copy of the npm package's, which `slipway init` writes.";
  const entry = document.createNode({ ...file, inputs });
  entry.commentBefore = [
    ` Slipway's pipeline: ${origin}`,
    ...(replaced.length === 0
      ? []
      : [` It replaces ${names}: delete ${replaced.length === 1 ? "that job" : "these jobs"}.`]),
  ].join("\n");
  return entry;
}

function addInclude(document: Document, source: PipelineSource, replaced: readonly string[]): void {
  const item = createEntry(document, source, replaced);
  const current = document.get("include", true);
  if (isSeq(current)) {
    current.add(item);
    return;
  }
  const list = new YAMLSeq();
  if (current !== undefined) list.add(current);
  list.add(item);
  if (current !== undefined) {
    document.set("include", list);
    return;
  }
  const { contents } = document;
  if (isMap(contents)) {
    contents.items.unshift(document.createPair("include", list));
    separate(contents, 0);
  }
}

/** Puts a blank line behind a key. */
function separate({ items }: YAMLMap, index: number): void {
  const next = items.at(index + 1)?.key as { spaceBefore?: boolean } | null | undefined;
  if (next) next.spaceBefore = true;
}

/**
 * Sees to it that the stages of all jobs are there. A file's own list takes the place of included ones, and of
 * included lists the last one counts, which is ours.
 */
function setStages(
  document: Document,
  { jobs, stages }: ExistingPipeline,
  template: PipelineTemplate,
): void {
  const own = document.get("stages");
  if (isSeq(own)) {
    const present = new Set(own.items.map((item) => (isScalar(item) ? String(item.value) : "")));
    for (const stage of template.stages.filter((name) => !present.has(name))) own.add(stage);
    return;
  }
  // GitLab's own stages are `build`, `test` and `deploy`.
  const needed = stages ?? (jobs.some(({ stage }) => stage === "build") ? ["build"] : []);
  const { contents } = document;
  if (needed.every((stage) => template.stages.includes(stage)) || !isMap(contents)) return;
  const index = contents.items.findIndex(({ key }) => isScalar(key) && key.value === "include") + 1;
  const list = new YAMLSeq();
  list.flow = true;
  for (const stage of new Set([...needed, ...template.stages])) list.add(stage);
  const pair = document.createPair("stages", list);
  (pair.key as { spaceBefore?: boolean }).spaceBefore = true;
  contents.items.splice(index, 0, pair);
  separate(contents, index);
}

/** What a job of a pipeline made by hand builds an image or deploys with. */
const deployment =
  /\bdocker (buildx )?(build|push)\b|\bkaniko\b|\bbuildah (bud|build|push)\b|\bkubectl\b[^\n]*\b(apply|set image|rollout)\b|\bhelm (upgrade|install)\b|__IMAGE__/;

function isReplaced({ name, text }: ExistingJob): boolean {
  return !name.startsWith(".") && deployment.test(text);
}

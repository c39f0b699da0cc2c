import { isMap, isScalar, isSeq, parseDocument, type Document, YAMLMap, YAMLSeq } from "yaml";

/** File of GitLab's pipelines. */
export const pipelineFile = ".gitlab-ci.yml";

/** Project on GitLab that has Slipway's pipeline, and the version of it. */
export interface PipelineSource {
  readonly project: string;
  readonly ref: string;
  readonly inputs: Readonly<Record<string, string>>;
}

const templateFile = "/templates/slipway.yml";

/** Stages of the pipeline, in order. */
const stages = [
  "test",
  "build_website",
  "preview",
  "review",
  "deploy",
  "scan",
  "staging",
  "production",
  "maintenance",
];

/** What is to be done about a repository's pipeline. */
export interface PipelineChange {
  /** New text of the file; undefined if it stays as it is. */
  readonly text?: string;
  /** Jobs that Slipway's take the place of: they build an image or deploy one. */
  readonly replaced: readonly string[];
  /** Lines to add by hand, where the file can't be edited without another layout of it. */
  readonly byHand?: string;
}

/** Adds the include of Slipway's pipeline to a repository's `.gitlab-ci.yml`, whose comments stay. */
export function includePipeline(text: string | undefined, source: PipelineSource): PipelineChange {
  if (text === undefined || text.trim() === "") {
    return { text: renderInclude(source, []), replaced: [] };
  }
  if (text.includes(templateFile)) return { replaced: [] };
  const layout = findLayout(text);
  const document = parseDocument(text, parsing);
  const replaced = findReplacedJobs(document);
  if (layout === undefined) return { replaced, byHand: renderInclude(source, replaced) };
  addInclude(document, source, replaced);
  addStages(document);
  return { text: document.toString(layout), replaced };
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
  const { comment, entry } = describeInclude(source, replaced);
  const document = parseDocument("include: []\n");
  const list = new YAMLSeq();
  const item = document.createNode(entry);
  item.commentBefore = comment;
  list.add(item);
  document.set("include", list);
  return document.toString({ lineWidth: 0 });
}

function describeInclude({ inputs, project, ref }: PipelineSource, replaced: readonly string[]) {
  const names = replaced.map((name) => `\`${name}\``).join(", ");
  const comment = [
    " Slipway's pipeline: a copy of its repository has to be on this GitLab.",
    ...(replaced.length === 0
      ? []
      : [` It replaces ${names}: delete ${replaced.length === 1 ? "that job" : "these jobs"}.`]),
  ].join("\n");
  return { comment, entry: { project, ref, file: templateFile, inputs } };
}

function addInclude(document: Document, source: PipelineSource, replaced: readonly string[]): void {
  const { comment, entry } = describeInclude(source, replaced);
  const item = document.createNode(entry);
  item.commentBefore = comment;
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
    separateFirst(contents);
  }
}

/** Puts a blank line between the first key and the second. */
function separateFirst(map: YAMLMap): void {
  const [first, second] = map.items.map(({ key }) => key as { spaceBefore?: boolean } | null);
  if (first && second) second.spaceBefore = true;
}

/** A file's own `stages` take the place of included ones, so that it has to name ours too. */
function addStages(document: Document): void {
  const list = document.get("stages");
  if (!isSeq(list)) return;
  const present = new Set(list.items.map((item) => (isScalar(item) ? String(item.value) : "")));
  for (const stage of stages.filter((name) => !present.has(name))) list.add(stage);
}

/** Keys of the file that are not jobs. */
const keywords = new Set([
  ..."after_script before_script cache default image include pages services".split(" "),
  ..."spec stages variables workflow".split(" "),
]);

/** What a job of a pipeline made by hand builds an image or deploys with. */
const deployment =
  /\bdocker (buildx )?(build|push)\b|\bkaniko\b|\bbuildah (bud|build|push)\b|\bkubectl\b[^\n]*\b(apply|set image|rollout)\b|\bhelm (upgrade|install)\b|__IMAGE__/;

function findReplacedJobs(document: Document): string[] {
  const { contents } = document;
  if (!isMap(contents)) return [];
  return contents.items.flatMap(({ key, value }) => {
    const name = isScalar(key) ? String(key.value) : "";
    if (keywords.has(name) || name.startsWith(".") || !isMap(value)) return [];
    const script = JSON.stringify(value.toJS(document));
    return deployment.test(script) ? [name] : [];
  });
}

import { noteLimit } from "../limits";

/** One stack's section of the note. */
export interface NoteSection {
  readonly stack: string;
  /** Id of the pipeline that wrote it. Ids only grow, so an older job can't overwrite a newer one's section. */
  readonly pipeline: number;
  /** Markdown, in which no line is one of this file's markers. */
  readonly text: string;
}

/** Invisible first line of the note, which identifies it. */
const noteMarker = "<!-- slipway:preview-report -->";

const beginning = /^<!-- slipway:stack ([^ ]+) pipeline=(\d+) -->$/;
const ending = "<!-- slipway:end -->";
const title = "### What this merge request changes";

/** Whether a note is a report. */
export function isReportNote(body: string): boolean {
  return splitLines(body)[0] === noteMarker;
}

/** Reads the sections of a note. Ignores everything that {@link renderNote} did not write. */
export function parseNote(body: string): NoteSection[] {
  const sections: NoteSection[] = [];
  let open: { stack: string; pipeline: number; lines: string[] } | undefined;
  for (const line of splitLines(body)) {
    const [, stack, pipeline] = beginning.exec(line) ?? [];
    if (stack !== undefined) {
      open = { stack: decodeURIComponent(stack), pipeline: Number(pipeline), lines: [] };
    } else if (line === ending && open !== undefined) {
      const { lines, ...rest } = open;
      sections.push({ ...rest, text: lines.join("\n").trim() });
      open = undefined;
    } else {
      open?.lines.push(line);
    }
  }
  return sections;
}

/** Picks the newest section of each stack, sorted by stack. Of two from the same pipeline, the later one wins. */
export function mergeSections(...lists: readonly (readonly NoteSection[])[]): NoteSection[] {
  const newest = new Map<string, NoteSection>();
  for (const section of lists.flat()) {
    const known = newest.get(section.stack);
    if (known === undefined || known.pipeline <= section.pipeline)
      newest.set(section.stack, section);
  }
  return [...newest.values()].sort((a, b) => (a.stack < b.stack ? -1 : 1));
}

/** Renders the note, shortened to what GitLab accepts. */
export function renderNote(sections: readonly NoteSection[]): string {
  const whole = render(sections);
  if (whole.length <= noteLimit) return whole;
  const folded = render(
    sections.map((section) => ({ ...section, text: dropDetails(section.text) })),
  );
  if (folded.length <= noteLimit) return folded;
  const shortened = sections.map((section) => ({
    ...section,
    text: `${section.text.split("\n", 1)[0]}\n\nThe rest is left out: the note would be too long.`,
  }));
  return render(shortened).slice(0, noteLimit);
}

/** Renders which commit and pipeline a section is about, as Markdown; empty outside of a pipeline. */
export function renderFooter(env: NodeJS.ProcessEnv): string {
  const {
    CI_COMMIT_SHORT_SHA: commit = "",
    CI_PIPELINE_ID: id = "",
    CI_PIPELINE_URL: url = "",
  } = env;
  if (!/^[0-9a-f]+$/.test(commit) || !/^\d+$/.test(id)) return "";
  const pipeline = /^https?:\/\/[^\s()<>]+$/.test(url)
    ? `[pipeline ${id}](${url})`
    : `pipeline ${id}`;
  return `<sub>Commit ${commit}, ${pipeline}</sub>`;
}

function render(sections: readonly NoteSection[]): string {
  return [
    noteMarker,
    title,
    ...sections.flatMap(({ stack, pipeline, text }) => [
      `<!-- slipway:stack ${encodeURIComponent(stack)} pipeline=${pipeline} -->`,
      text,
      ending,
    ]),
  ].join("\n\n");
}

function dropDetails(text: string): string {
  return text.replace(
    /^<details>.*^<\/details>$/ms,
    "The list of changes is left out: the note would be too long.",
  );
}

/** Splits a body into lines. GitLab returns a note that was edited in a browser with carriage returns. */
function splitLines(body: string): string[] {
  return body.trim().split(/\r?\n/);
}

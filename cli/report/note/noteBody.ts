import { noteLimit } from "../limits";

/** One stack's part of the note. */
export interface NoteSection {
  readonly stack: string;
  /** Id of the pipeline that wrote it: ids only grow, so an older job can't overwrite a newer one's part. */
  readonly pipeline: number;
  /** Markdown. No line of it looks like one of this file's markers. */
  readonly text: string;
}

/** By this line, which nobody sees, the note is found again. */
export const noteMarker = "<!-- slipway:preview-report -->";

const beginning = /^<!-- slipway:stack ([^ ]+) pipeline=(\d+) -->$/;
const ending = "<!-- slipway:end -->";
const title = "### What this merge request changes";

/** Whether a note's text is a report's. */
export function isReportNote(body: string): boolean {
  return splitLines(body)[0] === noteMarker;
}

/** The parts that a note has. What is not as {@link renderNote} wrote it is left out. */
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

/** The newest part of each stack, by stack. Of two of the same pipeline the later one in the list wins. */
export function mergeSections(...lists: readonly (readonly NoteSection[])[]): NoteSection[] {
  const newest = new Map<string, NoteSection>();
  for (const section of lists.flat()) {
    const known = newest.get(section.stack);
    if (known === undefined || known.pipeline <= section.pipeline)
      newest.set(section.stack, section);
  }
  return [...newest.values()].sort((a, b) => (a.stack < b.stack ? -1 : 1));
}

/** The note's text: at most as long as GitLab takes, whatever it holds. */
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

/** GitLab gives back what a browser edited with carriage returns. */
function splitLines(body: string): string[] {
  return body.trim().split(/\r?\n/);
}

import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { basename, resolve } from "node:path";

import { UserError } from "../errors";
import type { CommandContext } from "../io";
import { GitLabClient } from "../gitlab/client";
import { defaultLimits } from "../report/limits";
import { describePages } from "../report/pages/pagesFact";
import { renderMarkdown } from "../report/markdown";
import { openMergeRequestNotes } from "../report/note/mergeRequestNotes";
import { renderFooter } from "../report/note/noteBody";
import { findNoteTarget } from "../report/note/noteTarget";
import { createMask, redact } from "../redact";
import { createStackReport, type StackPreview, type StackReport } from "../report/stackReport";
import { writeStickyNote } from "../report/note/stickyNote";
import { renderTerminal } from "../report/terminal";
import { createWidget } from "../report/widget";

/** Options of `slipway preview-report`. */
export interface PreviewReportOptions {
  /**
   * Files with the output of `pulumi preview --json`, one for each stack. The preview's standard error is read
   * from a file `<name>.err` beside it, if there is one: it says why a preview without JSON failed.
   */
  readonly files: readonly string[];
  /** Folder that paths are relative to. */
  readonly cwd: string;
  /** File for the merge request's widget (`artifacts:reports:terraform`). @default none */
  readonly widget?: string;
  /** File for the report as Markdown. @default none */
  readonly markdown?: string;
  /** Whether to write the merge request's note. @default false */
  readonly note?: boolean;
  /** Folder with the built site, whose pages are compared with those that each stack runs. @default none */
  readonly pages?: string;
  /** The report warns of a deploy token that expires in fewer days. @default 14 */
  readonly warnDays?: number;
  /** Whether to print in colour. @default false */
  readonly color?: boolean;
  /** Current time, for the days until a token expires. @default the system clock */
  readonly now?: Date;
  /** Waits until other jobs have written the note. @default a random time of some seconds */
  readonly wait?: () => Promise<unknown>;
}

/** The parts of the environment that this command uses. */
type ReportIo = Pick<CommandContext, "env" | "print">;

/** The reports of all previews. */
export interface PreviewReportResult {
  readonly reports: readonly StackReport[];
}

/**
 * `slipway preview-report`: says what previews would change, on the terminal and, if requested, in a merge
 * request's widget and note and in a Markdown file.
 *
 * It reports failed previews too. It does not fail if the note can't be written.
 *
 * @throws UserError if a file does not exist
 */
export async function previewReport(
  options: PreviewReportOptions,
  io: ReportIo,
): Promise<PreviewReportResult> {
  const { color = false, cwd, files, now = new Date(), warnDays = 14 } = options;
  const missing = files.filter((file) => !existsSync(resolve(cwd, file)));
  if (missing.length > 0) {
    throw new UserError(
      `\`${missing.join("` and `")}\` ${missing.length === 1 ? "does" : "do"} not exist. Write the standard output of \`pulumi preview --json\` to a file for each stack.`,
    );
  }
  const previews = await Promise.all(files.map((file) => readPreview(resolve(cwd, file))));
  const mask = createMask(io.env);
  const read = previews.map((preview) => createStackReport(preview, { now, warnDays, mask }));
  const { pages } = options;
  const reports =
    pages === undefined
      ? read
      : await Promise.all(read.map((report) => addPages(report, resolve(cwd, pages), io)));

  for (const report of reports) {
    io.print(redact(renderTerminal(report, { limits: defaultLimits, color })));
  }
  if (options.widget !== undefined) await writeWidget(resolve(cwd, options.widget), reports, io);
  if (options.markdown !== undefined) {
    const sections = reports.map((report) => redact(renderMarkdown(report, defaultLimits)));
    await writeFile(resolve(cwd, options.markdown), `${sections.join("\n\n")}\n`);
  }
  if (options.note === true) await writeNote(reports, io, options.wait);
  return { reports };
}

/** A failed preview has no facts. */
async function addPages(
  report: StackReport,
  folder: string,
  { env }: ReportIo,
): Promise<StackReport> {
  if (report.failure !== undefined) return report;
  const text = await describePages(folder, report.running, env);
  return { ...report, facts: [...report.facts, { label: "Pages", text, attention: false }] };
}

async function readPreview(file: string): Promise<StackPreview> {
  const name = basename(file).replace(/\.json$/, "");
  const json = await readFile(file, "utf8");
  return { name, json, errors: await readIfThere(file.replace(/(\.json)?$/, ".err")) };
}

async function readIfThere(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}

/** Writes no widget if a preview failed, since its numbers would be incomplete. */
async function writeWidget(
  file: string,
  reports: readonly StackReport[],
  io: ReportIo,
): Promise<void> {
  const failed = reports.filter(({ failure }) => failure !== undefined).map(({ stack }) => stack);
  if (failed.length > 0) {
    io.print(
      `The widget is not written, because the preview of \`${failed.join("`, `")}\` failed.`,
    );
    return;
  }
  const widget = createWidget(reports.flatMap(({ changes }) => changes));
  await writeFile(file, `${JSON.stringify(widget)}\n`);
}

async function writeNote(
  reports: readonly StackReport[],
  io: ReportIo,
  wait: PreviewReportOptions["wait"],
): Promise<void> {
  const target = findNoteTarget(io.env);
  if (Array.isArray(target)) {
    io.print(["The note is not written:", ...target.map((text) => `  - ${text}`)].join("\n"));
    return;
  }
  const footer = renderFooter(io.env);
  const sections = reports.map((report) => ({
    stack: report.stack,
    pipeline: Number(io.env.CI_PIPELINE_ID ?? 0),
    text: redact([renderMarkdown(report, defaultLimits), footer].join("\n\n").trim()),
  }));
  const isNeeded = reports.some(({ changes, failure }) => changes.length > 0 || failure);
  try {
    const notes = openMergeRequestNotes(new GitLabClient(target.connection), target);
    const outcome = await writeStickyNote(notes, sections, isNeeded, wait);
    io.print(`Note in merge request !${target.iid}: ${outcome}.`);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    io.print(redact(createMask(io.env)(`The note is not written: ${error.message}`)));
  }
}

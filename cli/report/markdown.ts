import type { ChangeKind, ResourceChange } from "./changes";
import { describeCounts, describeRest } from "./headline";
import { cutText, type ReportLimits } from "./limits";
import { renderBlock, renderCode, renderSentence, type PrefixedText } from "./markdownText";
import type { PropertyChange } from "./propertyChanges";
import { countOf } from "./sentence";
import type { StackReport } from "./stackReport";

const titles: Readonly<Record<ChangeKind, string>> = {
  replace: "Replace",
  delete: "Delete",
  update: "Update",
  create: "Create",
  forget: "Forget",
};

/** Number of resources that are named outside of the collapsed section. */
const namedResources = 10;

/**
 * Renders one stack's section of a report as GitLab's Markdown: the most important facts first, all properties in a
 * collapsed section.
 *
 * @returns text of at most `limits.section` characters, which says how many resources are left out
 */
export function renderMarkdown(report: StackReport, limits: ReportLimits): string {
  const { failure } = report;
  const head = [
    `#### ${renderCode(report.stack)}: ${describeCounts(report)}`,
    ...(failure === undefined ? [] : [renderMessages(failure.messages, limits)]),
    renderList([
      ...report.facts.map(
        ({ label, text, attention }) =>
          `**${label}**${attention ? " :warning:" : ""}: ${renderSentence(text).trim()}`,
      ),
      ...(["replace", "delete"] as const).flatMap((kind) => listNames(report, kind)),
    ]),
    renderWarnings(report.warnings, limits),
  ].filter((part) => part !== "");
  const text = head.join("\n\n");
  if (report.changes.length === 0) return text;
  return `${text}\n\n${renderDetails(report, limits, limits.section - text.length)}`;
}

/** Lists the names of replaced or deleted resources, which must be visible without expanding anything. */
function listNames({ changes }: StackReport, kind: "replace" | "delete"): string[] {
  const names = changes.filter((one) => one.kind === kind).map(({ name }) => renderCode(name));
  if (names.length === 0) return [];
  const more = names.length - namedResources;
  const rest = more > 0 ? [`${more.toLocaleString("en")} more`] : [];
  return [`**${titles[kind]}s**: ${[...names.slice(0, namedResources), ...rest].join(", ")}`];
}

function renderDetails(report: StackReport, limits: ReportLimits, budget: number): string {
  const count = countOf(report.changes.length, "resource");
  const summary =
    report.failure === undefined ? `All changes (${count})` : `Found before it failed (${count})`;
  const frame = (blocks: readonly string[]): string =>
    [`<details><summary>${summary}</summary>`, ...blocks, "</details>"].join("\n\n");
  const blocks = fill(report.changes, limits, budget - frame([""]).length);
  return frame(blocks);
}

/** Renders as many resources as fit: the first ones with their properties, then only names, then a number. */
function fill(changes: readonly ResourceChange[], limits: ReportLimits, budget: number): string[] {
  const blank = 2;
  const restLength = describeRest(changes.length).length + blank;
  // Names take a tenth of the space of properties, so they get their own share.
  const detailed = (budget * 4) / 5;
  const blocks: string[] = [];
  let used = restLength;
  for (const change of changes) {
    const title = renderTitle(change);
    const whole = [title, renderProperties(change, limits)]
      .filter((part) => part !== "")
      .join("\n\n");
    const block = used + whole.length + blank <= detailed ? whole : title;
    if (used + block.length + blank > budget) break;
    blocks.push(block);
    used += block.length + blank;
  }
  const rest = changes.length - blocks.length;
  return rest === 0 ? blocks : [...blocks, describeRest(rest)];
}

function renderTitle({ kind, type, name }: ResourceChange): string {
  return `**${titles[kind]}** ${renderCode(name)} (${renderCode(type)})`;
}

function renderProperties({ properties }: ResourceChange, limits: ReportLimits): string {
  if (properties.length === 0) return "";
  const lines = properties.slice(0, limits.properties).flatMap(toLines);
  const more = properties.length - limits.properties;
  const rest: PrefixedText[] =
    more > 0
      ? [{ prefix: "! ", text: `... and ${countOf(more, "more property", "more properties")}` }]
      : [];
  return renderBlock([...lines, ...rest]);
}

function toLines({ path, before, after, replaces }: PropertyChange): PrefixedText[] {
  const note = replaces ? "  (replaces the resource)" : "";
  if (before === after)
    return [{ prefix: "! ", text: `${path}: ${before ?? "differs"} (changed)${note}` }];
  return [
    ...(before === undefined ? [] : [{ prefix: "- " as const, text: `${path}: ${before}` }]),
    ...(after === undefined ? [] : [{ prefix: "+ " as const, text: `${path}: ${after}${note}` }]),
  ];
}

function renderWarnings(warnings: readonly string[], limits: ReportLimits): string {
  if (warnings.length === 0) return "";
  return `:warning: ${countOf(warnings.length, "warning")}:\n\n${renderMessages(warnings, limits)}`;
}

function renderMessages(messages: readonly string[], limits: ReportLimits): string {
  const shown = messages.slice(0, limits.messages).map((text) => cutText(text, limits.message));
  const more = messages.length - shown.length;
  const rest = more > 0 ? [`... and ${countOf(more, "more message")}`] : [];
  return renderBlock([...shown, ...rest].map((text) => ({ prefix: "! ", text })));
}

function renderList(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join("\n");
}

import { renderAttention, renderDetails, renderShared, describeTime } from "./details";
import type { Overview } from "./overview";
import { renderTable } from "./table";

/** How to render for a terminal. */
export interface TextOptions {
  readonly color: boolean;
  /** Whether to leave out what needs no attention. */
  readonly short: boolean;
}

/** Renders an overview for a terminal: a table, and below it the details of each stack. */
export function renderText(
  { project, stacks, takenAt }: Overview,
  { color, short }: TextOptions,
): string {
  const title = `${project}, ${describeTime(takenAt)}`;
  if (stacks.length === 0) return `${title}\n\nThe project has no stacks.`;
  const details = short
    ? stacks.flatMap((stack) => {
        const lines = renderAttention(stack);
        return lines.length === 0 ? [] : [[stack.stack, ...lines].join("\n")];
      })
    : stacks.map(renderDetails);
  const shared = renderShared(stacks);
  return [
    title,
    renderTable(stacks, { color }),
    ...details,
    ...(shared.length === 0 ? [] : [shared.join("\n")]),
  ].join("\n\n");
}

/**
 * Renders an overview as JSON. What is unknown is null, so that every stack has the same members.
 *
 * @param indent number of blanks for each level; 0 for one line
 */
export function renderJson(overview: Overview, indent = 2): string {
  const known = (_: string, value: unknown): unknown => (value === undefined ? null : value);
  return JSON.stringify(overview, known, indent);
}

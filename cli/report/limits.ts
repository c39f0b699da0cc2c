/** How much a report shows; what is more is cut, and the report says so. */
export interface ReportLimits {
  /** Properties of one resource. */
  readonly properties: number;
  /** Characters of one message of a failed preview, or of a warning. */
  readonly message: number;
  /** Messages of one kind. */
  readonly messages: number;
  /** Characters of one stack's part of a report. */
  readonly section: number;
}

/** Read in a browser: more than a few screens nobody reads. */
export const defaultLimits: ReportLimits = {
  properties: 20,
  message: 2000,
  messages: 10,
  section: 50_000,
};

/**
 * Characters that GitLab takes in a note.
 *
 * @see https://docs.gitlab.com/api/notes/#create-new-merge-request-note
 */
export const noteLimit = 1_000_000;

/** Characters of a name, a path or a value in a line. */
const lineLimit = 200;

/** The beginning of a name, a path or a value, with the number of characters that are left out. */
export function cutLine(text: string): string {
  return text.length <= lineLimit
    ? text
    : `${text.slice(0, lineLimit)}... (${text.length - lineLimit} more characters)`;
}

/** The beginning of a text, with the number of characters that are left out. */
export function cutText(text: string, limit: number): string {
  if (text.length <= limit) return text;
  // Not between the halves of a character that takes two.
  const end = /[\uD800-\uDBFF]/.test(text.charAt(limit - 1)) ? limit - 1 : limit;
  return `${text.slice(0, end)}\n... (${(text.length - end).toLocaleString("en")} more characters)`;
}

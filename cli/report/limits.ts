/** Limits of a report; longer parts are cut, and the report says so. */
export interface ReportLimits {
  /** Number of properties of one resource. */
  readonly properties: number;
  /** Number of characters in one error or warning. */
  readonly message: number;
  /** Number of messages of one kind. */
  readonly messages: number;
  /** Number of characters in one stack's section of a report. */
  readonly section: number;
}

/** Limits for a browser: nobody reads more than a few screens. */
export const defaultLimits: ReportLimits = {
  properties: 20,
  message: 2000,
  messages: 10,
  section: 50_000,
};

/**
 * Largest number of characters in a GitLab note.
 *
 * @see https://docs.gitlab.com/api/notes/#create-new-merge-request-note
 */
export const noteLimit = 1_000_000;

/** Largest number of characters of a name, a path or a value in a line. */
const lineLimit = 200;

/** Returns the beginning of a name, a path or a value, with the number of omitted characters. */
export function cutLine(text: string): string {
  return text.length <= lineLimit
    ? text
    : `${text.slice(0, lineLimit)}... (${text.length - lineLimit} more characters)`;
}

/** Returns the beginning of a text, with the number of omitted characters. */
export function cutText(text: string, limit: number): string {
  if (text.length <= limit) return text;
  // Don't cut between the two halves of a surrogate pair.
  const end = /[\uD800-\uDBFF]/.test(text.charAt(limit - 1)) ? limit - 1 : limit;
  return `${text.slice(0, end)}\n... (${(text.length - end).toLocaleString("en")} more characters)`;
}

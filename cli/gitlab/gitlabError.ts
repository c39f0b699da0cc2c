import { type AccessPurpose, findGitLabRemedy } from "../../components/registry/gitlabRemedies";
import { tryParseJson } from "../../components/json";
import { UserError } from "../errors";

/** A failed call of GitLab's API. */
export interface FailedCall {
  readonly method: string;
  /** URL without credentials and query. */
  readonly url: string;
  /** HTTP status; undefined if there was no answer. */
  readonly status?: number;
  /** The reason from GitLab or from the network. */
  readonly reason: string;
  /** What to do, if the status and the reason don't say it. */
  readonly remedy?: string;
  readonly purpose: AccessPurpose;
}

/** A call of GitLab's API failed. The message says which call, why and what to do, and contains no secret. */
export class GitLabError extends UserError {
  public readonly method: string;
  public readonly url: string;
  public readonly status: number | undefined;
  public readonly reason: string;
  public readonly remedy: string | undefined;

  constructor(call: FailedCall, options?: ErrorOptions) {
    const { method, reason, status, url } = call;
    const remedy =
      call.remedy ?? findGitLabRemedy(status === undefined ? reason : String(status), call.purpose);
    const failure =
      status === undefined ? "Request failed" : `Request failed with status code ${status}`;
    const text = `${failure}: ${method} ${url}${reason === "" ? "" : `: ${reason}`}`;
    super([text, ...(remedy === undefined ? [] : [remedy])].join("\n"), options);
    this.method = method;
    this.url = url;
    this.status = status;
    this.reason = reason;
    this.remedy = remedy;
  }
}

/** Largest number of characters of GitLab's reason in an error. */
const reasonLimit = 300;

/** Reads why GitLab refused a request. GitLab's messages have three possible keys, and some are objects. */
export function readReason(text: string): string {
  const body = tryParseJson(text);
  if (typeof body !== "object" || body === null) return isPage(text) ? "" : shorten(text);
  const { error, error_description, message } = body as Record<string, unknown>;
  const reason = message ?? error_description ?? error ?? "";
  return shorten(typeof reason === "string" ? reason : JSON.stringify(reason));
}

/** Whether the text is an HTML page, which is useless on a terminal. */
function isPage(text: string): boolean {
  return /^\s*<(!doctype|html|\?xml)/i.test(text);
}

function shorten(text: string): string {
  return text.replace(/\s+/g, " ").trim().slice(0, reasonLimit);
}

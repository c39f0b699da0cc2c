import { type AccessPurpose, findGitLabRemedy } from "../../components/registry/gitlabRemedies";
import { UserError } from "../errors";

/** A call of GitLab's API that failed. */
export interface FailedCall {
  readonly method: string;
  /** Without credentials and query. */
  readonly url: string;
  /** HTTP status; undefined if there was no answer. */
  readonly status?: number;
  /** What GitLab, or the network, says about it. */
  readonly reason: string;
  /** What to do about it, if the status and the reason don't say. */
  readonly remedy?: string;
  readonly purpose: AccessPurpose;
}

/** A call of GitLab's API failed. The message says which, why and what to do, and holds no secret. */
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

/** Most characters of GitLab's reason that go into an error. */
const reasonLimit = 300;

/** Reads why GitLab refused a request: its messages have three names, and some are objects. */
export function readReason(text: string): string {
  const body = tryParse(text);
  if (typeof body !== "object" || body === null) return isPage(text) ? "" : shorten(text);
  const { error, error_description, message } = body as Record<string, unknown>;
  const reason = message ?? error_description ?? error ?? "";
  return shorten(typeof reason === "string" ? reason : JSON.stringify(reason));
}

/** Parses JSON; undefined if it is not. */
export function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A page for a browser says nothing on a terminal. */
function isPage(text: string): boolean {
  return /^\s*<(!doctype|html|\?xml)/i.test(text);
}

function shorten(text: string): string {
  return text.replace(/\s+/g, " ").trim().slice(0, reasonLimit);
}

import type { Page } from "./support";

/** A shell block of a page. */
export interface Block {
  readonly page: string;
  /** Its place among the page's shell blocks, from 0. */
  readonly index: number;
  readonly code: string;
  /** The comment right before it: `not run: <reason>` or `run by: <file>`. */
  readonly mark?: string;
}

/** Why no test runs a block, and where a person could. */
export const reasons = [
  "needs a real GitLab",
  "needs an object store, a KMS or Pulumi Cloud",
  "needs a published package",
  "needs a buildx client",
  "needs Pulumi's own language host",
] as const;

/** The end-to-end test that runs every block without a comment. */
export const runner = "test/e2e/8-docs.e2e.ts";

export const isDocumentation = ({ path }: Page): boolean =>
  /^(README|docs\/[\w-]+)\.md$/.test(path);

/** A page's blocks of shell commands. A comment before a block must be right before it. */
export function readBlocks({ path, text }: Page): Block[] {
  const fences = text.matchAll(/(?:^<!-- ((?:not run|run by): .*) -->\n+)?^```sh\n([^]*?)^```$/gm);
  return [...fences].map(([, mark, code = ""], index) => ({ page: path, index, code, mark }));
}

/** The blocks that {@link runner} runs. */
export const isRun = ({ mark }: Block): boolean => mark === undefined;

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** A Markdown file that people read, with its text. */
export interface Page {
  /** From the repository's top. */
  readonly path: string;
  readonly text: string;
}

/** README, docs/ and all other Markdown that is not a test's. */
export function readPages(): Page[] {
  const args = ["ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate", "*.md"];
  const paths = execFileSync("git", args, { encoding: "utf8" }).split("\n").filter(Boolean);
  return paths
    .filter((path) => !/^(test|site|website)\//.test(path))
    .map((path) => ({ path, text: readFileSync(path, "utf8") }));
}

/** Code of a page: the lines of its shell blocks, and what stands between backticks in its prose. */
export function readCode({ text }: Page): { readonly lines: string[]; readonly inline: string[] } {
  const blocks = [...text.matchAll(/^```(\w*)\n([^]*?)^```$/gm)];
  const shell = blocks.filter(([, language]) => ["sh", "bash"].includes(language));
  const lines = shell.flatMap(([, , code]) => code.replaceAll(/\\\n\s*/g, " ").split("\n"));
  return {
    lines: lines.map((line) => line.replace(/(^|\s)#.*$/, "")).filter((line) => line.trim() !== ""),
    inline: [...removeBlocks(text).matchAll(/`([^`]+)`/g)].map(([, code]) => code),
  };
}

/** A page's text without its code blocks. */
export function removeBlocks(text: string): string {
  return text.replace(/^ *```[^]*?^ *```$/gm, "");
}

import { toAddress } from "../../../website/convert/addresses.mts";
import type { LinkTargets } from "../../../website/convert/links.mts";
import type { Page } from "../../../website/convert/markdown.mts";
import { convertPages } from "../../../website/convert/site.mts";

/** Files of the repository that are no pages. */
const others = ["docs/status.png", "index.ts", "config/keys"];

/** Converts Markdown files, by their paths, with markers in place of what the site's libraries render. */
export function convert(
  files: Readonly<Record<string, string>>,
  targets: Partial<LinkTargets> = {},
): Page[] {
  return convertPages(new Map(Object.entries(files)), {
    addresses: new Map(Object.keys(files).map((file) => [file, toAddress(file)])),
    exists: (path) => others.includes(path),
    highlight: (code, language) => `[${language}: ${code.trim()}]`,
    draw: (diagram) => `[diagram: ${diagram.trim()}]`,
    ...targets,
  });
}

/** The HTML of a page with a text below its title, beside a page docs/b.md with the heading "A part". */
export function render(text: string, targets: Partial<LinkTargets> = {}): string {
  const files = { "docs/a.md": `# A\n\n${text}\n`, "docs/b.md": "# The b\n\n## A part\n" };
  return convert(files, targets)[0]
    .html.replace(/^<h1.*\n/, "")
    .trim();
}

/** What is refused in a text, without the first line. */
export function refuse(text: string): string {
  try {
    render(text);
  } catch (error) {
    return (error as Error).message.replace(/^The documentation can't be shown:\n/, "");
  }
  return "";
}

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { checkout, git } from "./checkout";

/** A page of the site, relative to the checkout. */
export const page = join("site", "src", "pages", "about.tsx");

/** Sentence that an edited page has. */
export const added = "This sentence was added by a test.";

/** Adds the sentence to the page, unless it has it already. */
export function editPage(): void {
  const file = join(checkout, page);
  const before = readFileSync(file, "utf8");
  if (!before.includes(added)) writeFileSync(file, before.replace(/<\/p>/, ` ${added}</p>`));
}

/** Commits the page, edited or not, because production accepts only commits. */
export function commitPage(message: string): void {
  const identity = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
  const options = ["--quiet", "--allow-empty", "--message", message];
  git(checkout, ...identity, "commit", ...options, "--", page);
}

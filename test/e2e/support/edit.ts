import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { checkout, git } from "./checkout";

/** A page of the site, relative to the checkout. */
export const page = join("site", "src", "pages", "about.tsx");

/** What an edited page says more. */
export const added = "This sentence was added by a test.";

/** Adds a sentence to the page, unless it is there. */
export function editPage(): void {
  const file = join(checkout, page);
  const before = readFileSync(file, "utf8");
  if (!before.includes(added)) writeFileSync(file, before.replace(/<\/p>/, ` ${added}</p>`));
}

/** Commits the page, edited or not: production takes nothing that no commit holds. */
export function commitPage(message: string): void {
  const identity = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
  const options = ["--quiet", "--allow-empty", "--message", message];
  git(checkout, ...identity, "commit", ...options, "--", page);
}

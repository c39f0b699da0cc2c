import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { checkout } from "./checkout";

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

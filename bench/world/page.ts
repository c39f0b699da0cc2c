import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import pWaitFor from "p-wait-for";
import { request } from "undici";

import { checkout } from "../../test/e2e/support/checkout";
import { page } from "../../test/e2e/support/edit";

const file = join(checkout, page);
let original: string | undefined;
let edits = 0;

/** Edits one page of the site, and returns the sentence that it has now. */
export function editPage(): string {
  original ??= readFileSync(file, "utf8");
  // Another one in each run: builders know the pages of earlier ones.
  const sentence = `Edit ${(edits += 1)} of ${process.pid} at ${Date.now()}.`;
  writeFileSync(file, original.replace("</p>", ` ${sentence}</p>`));
  return sentence;
}

/** Makes the page what it was. */
export function restorePage(): void {
  if (original !== undefined) writeFileSync(file, original);
}

const limitMs = 60_000;

/** Waits until the page has a sentence. */
export async function waitUntilServed(url: string, sentence: string): Promise<void> {
  const isServed = async (): Promise<boolean> => {
    try {
      // An open connection would stay with its pod.
      const { body } = await request(`${url}/about/`, { reset: true });
      return (await body.text()).includes(sentence);
    } catch {
      return false;
    }
  };
  await pWaitFor(isServed, {
    interval: 20,
    timeout: {
      milliseconds: limitMs,
      message: `${url}/about/ did not get the new page within a minute.`,
    },
  });
}

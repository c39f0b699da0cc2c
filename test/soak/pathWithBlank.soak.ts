import { existsSync } from "node:fs";
import { join } from "node:path";

import { checkout, createCheckout, shell } from "../e2e/support/checkout";
import { expectSuccess } from "../e2e/support/expectSuccess";

const minuteMs = 60_000;
const folder = join(checkout, "..", "a path with blanks");

afterAll(async () => {
  await shell("make down", folder);
}, 5 * minuteMs);

describe("a checkout whose path has blanks", () => {
  it(
    "gets from `make up` to a served page",
    async () => {
      createCheckout(folder);
      const ended = await shell("make up", folder);
      expectSuccess(ended);
      const url = /^site: (\S+)$/m.exec(ended.output)?.[1] ?? "";
      expect((await fetch(url)).status).toBe(200);
      expect(existsSync(join(folder, ".sandbox", "test"))).toBe(true);
    },
    60 * minuteMs,
  );
});

import * as fc from "fast-check";

import { renderBlock, renderCode } from "../../../cli/report/markdownText";

describe("renderCode", () => {
  it.each([
    ["name", "`name`"],
    ["a`b", "``a`b``"],
    ["`", "`` ` ``"],
    ["two\nlines", "`two lines`"],
    ["", "`(empty)`"],
  ])("writes %j as %s", (value, text) => {
    expect(renderCode(value)).toBe(text);
  });
});

describe("renderBlock", () => {
  it("gives every line of a text its prefix", () => {
    expect(renderBlock([{ prefix: "! ", text: "one\n\n/approve\r\n```\u2028/merge" }])).toBe(
      ["```diff", "! one", "!", "! /approve", "! ```", "! /merge", "```"].join("\n"),
    );
  });

  it("lets no text end the block or begin a quick action", () => {
    const text = fc.string({ unit: fc.constantFrom("`", "/", "\n", "\r", "a", " ", "~", "<!--") });
    fc.assert(
      fc.property(text, (value) => {
        const lines = renderBlock([{ prefix: "+ ", text: value }]).split(/\r|\n/);
        expect(lines.at(0)).toBe("```diff");
        expect(lines.at(-1)).toBe("```");
        for (const line of lines.slice(1, -1)) expect(line).toMatch(/^\+/);
      }),
    );
  });
});

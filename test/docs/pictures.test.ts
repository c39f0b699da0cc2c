import { readdirSync, readFileSync, statSync } from "node:fs";
import { posix } from "node:path";

import { limitBytes, type Picture, pictures, readDiagram, widths } from "./pictures/catalogue";
import { escapeText } from "./pictures/flow";
import { readPages } from "./support";

const all: readonly Picture[] = Object.values(pictures);

/** The pictures of a page, from the repository's top, with their alt texts. */
const shown = readPages().flatMap(({ path, text }) =>
  [...text.matchAll(/!\[([^\]]*)\]\(([^):]+)\)/g)].map(([, alt, file]) => ({
    page: path,
    file: posix.join(posix.dirname(path), file),
    alt,
  })),
);

function readWidth(file: string): number {
  const content = readFileSync(file);
  // Of a PNG it follows the signature and the name of the first chunk.
  if (file.endsWith(".png")) return content.readUInt32BE(16);
  return Number(/^<svg[^>]* width="(\d+)"/.exec(content.toString())?.[1]);
}

describe("the documentation's pictures", () => {
  it.each(all.map((picture) => [picture.file, picture] as const))(
    "are small, wide enough, and said in words: %s",
    (file, { pages }) => {
      expect(statSync(file).size).toBeLessThan(limitBytes);
      expect(readWidth(file)).toBeGreaterThanOrEqual(widths.least);
      expect(readWidth(file)).toBeLessThanOrEqual(widths.most);
      const places = shown.filter((one) => one.file === file);
      expect(places.map(({ page }) => page).sort()).toEqual([...pages].sort());
      for (const { alt } of places) expect(alt.split(" ").length).toBeGreaterThan(5);
    },
  );

  it("are all made by the script", () => {
    const files = readdirSync("docs").filter((file) => /\.(png|svg|jpe?g|gif|webp)$/.test(file));
    expect(files.map((file) => `docs/${file}`).sort()).toEqual(all.map(({ file }) => file).sort());
  });

  it("draw the README's diagram as it is", () => {
    const diagram = readDiagram(readFileSync("README.md", "utf8"));
    expect(diagram).toContain("flowchart");
    expect(readFileSync(pictures.flow.file, "utf8")).toContain(
      `<desc>${escapeText(diagram)}</desc>`,
    );
  });
});

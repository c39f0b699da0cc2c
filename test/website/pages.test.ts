import { toAddress } from "../../website/convert/addresses.mts";
import { convert, refuse, render } from "./support/convert";

describe("a page of the documentation", () => {
  it.each([
    ["README.md", "/"],
    ["CHANGELOG.md", "/changelog/"],
    ["docs/own-site.md", "/docs/own-site/"],
    ["examples/README.md", "/examples/"],
    ["examples/two-sites/README.md", "/examples/two-sites/"],
  ])("%s has the address %s", (file, address) => {
    expect(toAddress(file)).toBe(address);
  });

  it("has a title, a description, and anchors as GitHub makes them", () => {
    const text =
      "# The `site`\n\nWhat *it* is.\n\n## `a.b`: c, d & e\n\n## Twice\n\n## Twice\n\n## An [own](b.md) _part_\n";
    const [page] = convert({ "docs/a.md": text, "docs/b.md": "# B\n" });
    expect(page).toMatchObject({ title: "The site", description: "What it is." });
    expect(page.headings.map(({ id }) => id)).toEqual([
      "the-site",
      "ab-c-d--e",
      "twice",
      "twice-1",
      "an-own-part",
    ]);
    expect(page.html).toContain(
      '<h2 id="ab-c-d--e"><code>a.b</code>: c, d &amp; e <a class="anchor" href="#ab-c-d--e" aria-label="Link to “a.b: c, d &amp; e”"></a></h2>',
    );
  });

  it("has code and diagrams as the site's libraries render them", () => {
    expect(render("```sh\nmake up\n```")).toBe(
      '<pre tabindex="0"><code>[sh: make up]</code></pre>',
    );
    expect(render("```mermaid\nflowchart LR\n```")).toBe(
      '<figure class="diagram" aria-label="Diagram" tabindex="0">[diagram: flowchart LR]</figure>',
    );
  });

  it("has tables that scroll, also by keyboard", () => {
    const html = render("| a |\n| - |\n| b |");
    expect(html).toMatch(
      /^<div class="table" role="region" aria-label="Table" tabindex="0"><table>/,
    );
    expect(html).toMatch(/<\/table><\/div>$/);
  });

  it("has no comments", () => {
    expect(render("<!-- not run: needs a real GitLab -->\n\nText<!-- more -->.")).toBe(
      "<p>Text.</p>",
    );
  });

  it("is refused with HTML, without a title, and with the address of another page", () => {
    expect(refuse("Run it for <stack>.")).toBe(
      "  - docs/a.md, line 3: `<stack>` is HTML, which the site does not show. Write it as Markdown, or as code.",
    );
    expect(() => convert({ "docs/a.md": "## A\n", "docs/A.md": "# A\n" })).toThrow(
      [
        "The documentation can't be shown:",
        "  - docs/A.md: it has the address of docs/a.md, /docs/a/. Rename one of them.",
        "  - docs/a.md: it does not begin with its title, a line `# ...`.",
      ].join("\n"),
    );
  });
});

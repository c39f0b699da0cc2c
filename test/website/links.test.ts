import { refuse, render } from "./support/convert";

describe("a link of the documentation", () => {
  it.each([
    ["to a page", "[it](b.md)", '<a href="/docs/b/">it</a>'],
    ["to a heading of a page", "[it](b.md#a-part)", '<a href="/docs/b/#a-part">it</a>'],
    ["to a heading of its own page", "[it](#a)", '<a href="/docs/a/#a">it</a>'],
    ["from the top folder", "[it](../docs/b.md)", '<a href="/docs/b/">it</a>'],
    ["named as the page's file", "[docs/b.md](b.md)", '<a href="/docs/b/">The b</a>'],
    ["with code for a name", "[`b.md`](b.md)", '<a href="/docs/b/">The b</a>'],
    [
      "to another host",
      "[it](https://a.example/b.md#c)",
      '<a href="https://a.example/b.md#c">it</a>',
    ],
    ["to a file that can't be seen", "[the *program*](../index.ts)", "the <em>program</em>"],
    ["to a folder that can't be seen", "[keys](../config/keys/)", "keys"],
  ])("%s leads there", (_, text, html) => {
    expect(render(text)).toBe(`<p>${html}</p>`);
  });

  it.each([
    ["https://gitlab.example.com/a/b/-/blob/main", "../index.ts#L3", "index.ts#L3"],
    ["https://gitlab.example.com/a/b/-/blob/main/", "../config/keys/", "config/keys"],
  ])("leads to a file of the repository, which is seen at %s", (repositoryUrl, link, path) => {
    expect(render(`[it](${link})`, { repositoryUrl })).toBe(
      `<p><a href="https://gitlab.example.com/a/b/-/blob/main/${path}">it</a></p>`,
    );
  });

  it("shows a picture that the site has, and one of another host", () => {
    expect(render("![of it](status.png)")).toBe('<p><img src="/docs/status.png" alt="of it"></p>');
    expect(render("![of it](https://a.example/a.png)")).toContain('src="https://a.example/a.png"');
  });

  it.each([
    [
      "a file that is not there",
      "Text.\n\n[it](none.md)",
      "  - docs/a.md, line 5: the link `none.md` leads nowhere: there is no docs/none.md.",
    ],
    [
      "a picture that is not there",
      "![it](none.png)",
      "  - docs/a.md, line 3: the link `none.png` leads nowhere: there is no docs/none.png.",
    ],
    [
      "what is above the repository",
      "[it](../../other/a.md)",
      "  - docs/a.md, line 3: the link `../../other/a.md` leads nowhere: it leads out of the repository.",
    ],
    [
      "the top of the site in place of the repository",
      "[it](/docs/b.md)",
      "  - docs/a.md, line 3: the link `/docs/b.md` leads nowhere: it leads out of the repository.",
    ],
    [
      "a heading that a page does not have",
      "[it](b.md#another-part)",
      "  - docs/a.md, line 3: the link `b.md#another-part` leads nowhere: docs/b.md has no heading with the anchor `another-part`.",
    ],
    [
      "a heading that its own page does not have",
      "[it](#part)",
      "  - docs/a.md, line 3: the link `#part` leads nowhere: docs/a.md has no heading with the anchor `part`.",
    ],
  ])("is refused if it leads to %s", (_, text, message) => {
    expect(refuse(text)).toBe(message);
  });
});

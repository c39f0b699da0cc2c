import { createHash } from "node:crypto";

import { html, link } from "../../../cli/status/html/markup";
import { renderPage } from "../../../cli/status/html/page";
import { empty, overview } from "./support/overviews";

const evil = `"><script>alert('x')</script>&`;
const escaped = "&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;";

/** Replaces every text of an overview that another program wrote. */
function infect<T>(value: T): T {
  if (typeof value === "string") return `${value}${evil}` as T;
  if (Array.isArray(value)) return value.map(infect) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, infect(member)]),
  ) as T;
}

/** The page without its style, and with one element a line. */
const body = (page: string): string => page.replace(/<style>.*<\/style>/s, "").replace(/\s+/g, " ");

describe("renderPage", () => {
  it("renders every stack, its path and what is known of it", () => {
    expect(body(renderPage(overview)).replaceAll("> <", ">\n<")).toMatchSnapshot();
  });

  it("escapes every text", () => {
    const page = renderPage({
      ...overview,
      project: evil,
      stacks: overview.stacks.map((stack) => ({ ...infect(stack), promoteFrom: undefined })),
    });
    expect(page).not.toContain("<script");
    expect(page.split(escaped).length).toBeGreaterThan(80);
    expect(page).not.toContain(`">"`);
  });

  it("loads and runs nothing, and its policy allows only its own style", () => {
    const page = renderPage(overview);
    const [, style] = /<style>(.*)<\/style>/s.exec(page) ?? [];
    const hash = createHash("sha256").update(style).digest("base64");
    expect(page).toContain(
      `content="default-src &#39;none&#39;; style-src &#39;sha256-${hash}&#39;; img-src data:; base-uri &#39;none&#39;; form-action &#39;none&#39;"`,
    );
    expect(page).not.toMatch(
      /<script|\son\w+=|<iframe|<link(?! rel="icon" href="data:,")|url\(|@import/,
    );
    expect(page).not.toMatch(/\sstyle="/);
  });

  it("draws branches, and stacks that take from each other once", () => {
    const stage = (stack: string, promoteFrom?: string) => ({ ...empty, stack, promoteFrom });
    const page = renderPage({
      ...overview,
      stacks: [
        stage("dev"),
        stage("eu", "dev"),
        stage("us", "dev"),
        stage("x", "y"),
        stage("y", "x"),
      ],
    });
    const cards = [...page.matchAll(/<a href="#stack-(\w+)"/g)].map(([, name]) => name);
    expect(cards).toEqual(["dev", "eu", "us", "x", "y"]);
    expect(page.match(/class="next"/g)).toHaveLength(2);
    expect(page.match(/<svg/g)).toHaveLength(3);
  });

  it("says that there are no stacks", () => {
    expect(renderPage({ ...overview, stacks: [] })).toContain("<p>The project has no stacks.</p>");
  });
});

describe("html", () => {
  it("escapes values, but not HTML, and leaves out what is not there", () => {
    const part = html`<b>${"<"}</b>`;
    expect(html`<p title="${evil}">${part}${[part, 1]}${undefined}${false}</p>`.text).toBe(
      `<p title="${escaped}"><b>&lt;</b><b>&lt;</b>1</p>`,
    );
  });

  it("links only to the web", () => {
    expect(link("https://a.example/?b&c", "<a>").text).toBe(
      '<a href="https://a.example/?b&amp;c" rel="noreferrer">&lt;a&gt;</a>',
    );
    expect(link("javascript:alert(1)", "<a>").text).toBe("&lt;a&gt;");
    expect(link("nonsense", "text").text).toBe("text");
  });
});

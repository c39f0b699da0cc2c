import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import pWaitFor from "p-wait-for";

import { listAddresses } from "../../website/convert/addresses.mts";
import { checkout, createCheckout, git, inSandbox, shell } from "../e2e/support/checkout";
import { removalOf } from "../e2e/support/removal";
import { Browser } from "./support/browser";
import { askLighthouse } from "./support/lighthouse";
import { crawl, type CrawledPage } from "./support/crawl";

const minuteMs = 60_000;
const desktop = { width: 1200, height: 900, scheme: "light" } as const;
const phone = { width: 360, height: 740, scheme: "dark" } as const;
const addresses = [...listAddresses(".").values()];

let browser: Browser;
/** Where the Service of stack `docs` is reached, without a slash at its end. */
let site: string;

/** Waits until an expression is true in the page. */
async function waitUntil(expression: string, act = async (): Promise<void> => {}): Promise<void> {
  const isTrue = async () => {
    await act();
    return browser.evaluate<boolean>(`Boolean(${expression})`).catch(() => false);
  };
  await pWaitFor(isTrue, {
    interval: 200,
    timeout: { milliseconds: 20_000, message: `This did not become true: ${expression}` },
  });
}

const field = "document.querySelector('input[type=search]')";
const isFocused = `document.activeElement === ${field}`;
const listHits =
  "[...document.querySelectorAll('[role=option]')].map((one) => one.querySelector('span').textContent)";

/** Opens a page, and goes to its search field by keyboard. */
async function openSearch(path: string): Promise<void> {
  await browser.open(`${site}${path}`, desktop);
  // The key is heard once the page's scripts run.
  await waitUntil(isFocused, async () => {
    if (!(await browser.evaluate<boolean>(isFocused))) await browser.press("/");
  });
}

beforeAll(async () => {
  createCheckout();
  const { code, output } = await shell("make docs");
  [, site = ""] = /^docs: (\S+)$/m.exec(output) ?? [];
  if (code !== 0 || site === "") throw new Error(`\`make docs\` failed:\n${output.slice(-3000)}`);
  browser = await Browser.start();
}, 60 * minuteMs);

// Other files count what the sandbox has.
afterAll(async () => {
  await browser.stop();
  await shell(`eval "$(make -s env)"; ${removalOf("docs")}`);
  await shell("make down");
}, 10 * minuteMs);

describe("the documentation's site, in pods", () => {
  let pages: ReadonlyMap<string, CrawledPage>;

  beforeAll(async () => {
    pages = await crawl(site, addresses);
  }, 5 * minuteMs);

  it("has every page, under the strict content policy", () => {
    expect(addresses.length).toBeGreaterThan(30);
    for (const address of addresses) {
      const page = pages.get(address);
      expect([address, page?.status]).toEqual([address, 200]);
      expect(page?.policy).toMatch(/^default-src 'self'; script-src 'self' 'unsafe-inline';/);
    }
  });

  it("has no link, picture, script or anchor that leads nowhere, and no address of another host for them", () => {
    const problems = [...pages].flatMap(([address, page]) =>
      page.links.flatMap((link) => {
        const { hash, origin, pathname } = new URL(link, `${site}${address}`);
        if (origin !== site) return [];
        const target = pages.get(pathname);
        const isThere = hash === "" || target?.ids.has(decodeURIComponent(hash.slice(1)));
        return target?.status === 200 && isThere ? [] : [`${address}: ${link}`];
      }),
    );
    expect(problems).toEqual([]);
    const linked = [...pages.values()].flatMap(({ links }) => links);
    expect(linked.filter((link) => link.includes("#")).length).toBeGreaterThan(500);
  });

  it("says of what is not there that it is not there", async () => {
    const answer = await fetch(`${site}/docs/no-such-page/`);
    expect([answer.status, await answer.text()]).toEqual([
      404,
      expect.stringContaining("There is no such page"),
    ]);
  });

  it(
    "fits a phone: wide tables and code scroll by themselves",
    async () => {
      const wide: string[] = [];
      for (const address of addresses) {
        await browser.open(`${site}${address}`, phone);
        const width = await browser.evaluate<number>("document.documentElement.scrollWidth");
        if (width > phone.width) wide.push(`${address} has ${width} pixels`);
      }
      expect(wide).toEqual([]);
      expect(browser.said).toEqual([]);
    },
    10 * minuteMs,
  );

  it.each([phone, desktop])(
    "shows the heading that a link leads to, $width pixels wide",
    async (view) => {
      // The page would not load again for another heading, or the same one.
      await browser.open("about:blank", view);
      await browser.open(`${site}/docs/serving/#headers-per-stack`, view);
      const isShown = `(() => {
      const { left, top } = document.getElementById("headers-per-stack").getBoundingClientRect();
      return document.elementFromPoint(left + 5, top + 5)?.id === "headers-per-stack" && top < innerHeight / 2;
    })()`;
      expect(await browser.evaluate(isShown)).toBe(true);
    },
  );

  it.each(["/", "/docs/configuration/", "/docs/architecture/", "/search/?q=pull%20token"])(
    "has a page %s with which Lighthouse finds little wrong",
    async (path) => {
      // Only production is for search engines, and the Service has no TLS.
      const skipped = ["is-crawlable", "is-on-https", "redirects-http"];
      const opinion = await askLighthouse(`${site}${path}`, browser.port, skipped);
      for (const [category, score] of Object.entries(opinion.scores)) {
        expect({ category, ...opinion, isGood: score >= 0.95 }).toMatchObject({ isGood: true });
      }
    },
    5 * minuteMs,
  );
});

describe("the search", () => {
  it(
    "leads to the right heading by keyboard alone, and loads its index when it is used",
    async () => {
      browser.requested.splice(0);
      await browser.open(`${site}/docs/building/`, desktop);
      await waitUntil("document.readyState === 'complete'");
      expect(browser.requested.join("\n")).not.toContain("search-index");
      await openSearch("/docs/building/");
      await browser.press(..."rotating now");
      await waitUntil(`${listHits}[0] === 'Rotating now'`);
      await browser.press("ArrowDown", "ArrowDown", "ArrowUp");
      const chosen = `document.getElementById(${field}.getAttribute('aria-activedescendant'))`;
      await waitUntil(`${chosen}?.getAttribute('aria-selected') === 'true'`);
      expect(await browser.evaluate(`${chosen}.textContent`)).toContain("Credentials");
      await browser.press("Enter");
      await waitUntil("location.pathname + location.hash === '/docs/credentials/#rotating-now'");
      // Below the header, which stays in its place.
      const top = "document.getElementById('rotating-now').getBoundingClientRect().top";
      await waitUntil(`${top} > 40 && ${top} < 300`);
      expect(browser.requested.join("\n")).toContain("search-index");
      expect(browser.requested.filter((url) => !url.startsWith(site))).toEqual([]);
      expect(browser.said).toEqual([]);
    },
    2 * minuteMs,
  );

  it("closes its list by Escape, and says how many there are and if there is nothing", async () => {
    await openSearch("/");
    await browser.press(..."promote");
    await waitUntil(`${listHits}.length === 8`);
    const status = "document.querySelector('[role=search] [role=status]').textContent";
    expect(await browser.evaluate(status)).toBe("8 results");
    await browser.press("Escape");
    await waitUntil(`${listHits}.length === 0`);
    await browser.press(..."qqqxxxyyy");
    await waitUntil(`${status} === 'Nothing was found.'`);
    expect(browser.said).toEqual([]);
  });

  it("has a page with everything that it finds, with an address of its own", async () => {
    await openSearch("/docs/status/");
    await browser.press(..."keepReleases", "Enter");
    await waitUntil("location.pathname + location.search === '/search/?q=keepReleases'");
    const first = "document.querySelector('.found a')";
    await waitUntil(`${first}?.querySelector('span').textContent === 'keepReleases'`);
    await browser.open(`${site}/search/?q=keepReleases`, desktop);
    await waitUntil(`${first}?.getAttribute('href') === '/docs/configuration/#keepreleases'`);
    expect(await browser.evaluate("document.querySelector('.found mark').textContent")).not.toBe(
      "",
    );
    await browser.evaluate(`${first}.click()`);
    await waitUntil("location.pathname + location.hash === '/docs/configuration/#keepreleases'");
    expect(browser.said).toEqual([]);
  });
});

describe("the documentation's site without scripts", () => {
  beforeAll(() => browser.allowScripts(false));
  afterAll(() => browser.allowScripts(true));

  it("has its pages and its navigation, and says what the search needs", async () => {
    await browser.open(`${site}/docs/building/`, desktop);
    expect(await browser.evaluate("document.querySelector('h1').innerText")).toMatch(/^Building/);
    const links = "document.querySelectorAll('nav a').length";
    expect(await browser.evaluate(links)).toBeGreaterThan(30);
    await browser.open(`${site}/search/?q=promote`, desktop);
    expect(await browser.evaluate("document.querySelector('main').innerText")).toContain(
      "The search needs JavaScript.",
    );
  });
});

describe("the stack `docs`", () => {
  it(
    "has nothing to change in a second update, nothing that the policy pack refuses, and tags that stay",
    async () => {
      const preview =
        "pulumi preview --stack docs --expect-no-changes --policy-pack .sandbox/test/policy/slipway";
      expect(await inSandbox(preview)).toMatch(/\d+ unchanged/);
      expect(await inSandbox("npx slipway status docs --short")).toMatch(/^docs .* ok$/m);
      const cleanup = await inSandbox("npx slipway cleanup docs");
      expect(cleanup).toMatch(/^`docs` runs sha256:\w+, kept by .*env-docs/m);
      expect(cleanup).toMatch(/^web\/gatsby-site\/docs: \d+ tags, 0 to delete$/m);
    },
    5 * minuteMs,
  );

  it(
    "keeps its release when a link leads nowhere, and the update says which one",
    async () => {
      const file = join(checkout, "docs", "status.md");
      const text = readFileSync(file, "utf8");
      writeFileSync(file, `${text}\n[more](no-such-page.md)\n`);
      const { code, output } = await shell('eval "$(make -s env)"; npx slipway up docs --yes');
      git(checkout, "checkout", "--", "docs/status.md");
      expect(code).toBe(1);
      const line = text.split("\n").length + 1;
      expect(output).toContain(
        `docs/status.md, line ${line}: the link \`no-such-page.md\` leads nowhere: there is no docs/no-such-page.md.`,
      );
      expect((await fetch(`${site}/docs/status/`)).status).toBe(200);
    },
    10 * minuteMs,
  );
});

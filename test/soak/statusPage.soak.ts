import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { renderPage } from "../../cli/status/html/page";
import { overview } from "../cli/status/support/overviews";
import { Browser, type View } from "./support/browser";

const minuteMs = 60_000;
const folder = mkdtempSync(join(tmpdir(), "slipway-page-"));
const file = join(folder, "status.html");
let browser: Browser;

beforeAll(async () => {
  writeFileSync(file, renderPage(overview));
  browser = await Browser.start();
}, 10 * minuteMs);

afterAll(async () => {
  await browser.stop();
  rmSync(folder, { recursive: true });
});

const wide = { width: 1200, height: 900 };
const narrow = { width: 360, height: 740 };

/**
 * The lowest contrast of a text and what is behind it, by WCAG 2. The page's colours are opaque, so that the nearest
 * background counts.
 */
const lowestContrast = `(() => {
  const channels = (color) => color.match(/[\\d.]+/g).map(Number);
  const luminance = (color) => {
    const [r, g, b] = channels(color).map((value) => value / 255)
      .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const background = (element) => {
    const { backgroundColor } = getComputedStyle(element);
    return channels(backgroundColor)[3] === 0 ? background(element.parentElement) : backgroundColor;
  };
  const texts = [...document.body.querySelectorAll("*")].filter((element) =>
    [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== ""));
  return Math.min(...texts.map((element) => {
    const [a, b] = [getComputedStyle(element).color, background(element)].map(luminance);
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  }));
})()`;

/** Left and top of the path's cards, in the order of the promotion. */
const places = `[...document.querySelectorAll(".stage > .card")].slice(0, 3)
  .map((card) => card.getBoundingClientRect()).map(({ left, top }) => [left, top])`;

describe.each<[string, View]>([
  ["wide and light", { ...wide, scheme: "light" }],
  ["wide and dark", { ...wide, scheme: "dark" }],
  ["narrow and light", { ...narrow, scheme: "light" }],
  ["narrow and dark", { ...narrow, scheme: "dark" }],
])("the page of `slipway status` in a browser, %s", (_, view) => {
  beforeAll(() => browser.open(pathToFileURL(file).href, view));

  it("is styled, although its policy refuses everything else, and loads nothing", async () => {
    expect(
      await browser.evaluate("getComputedStyle(document.querySelector('.card')).borderRadius"),
    ).toBe("8px");
    expect(browser.said).toEqual([]);
    expect(browser.requested.filter((url) => !url.startsWith("data:"))).toEqual([]);
  });

  it("fits the width, also with long names and digests", async () => {
    expect(await browser.evaluate("document.documentElement.scrollWidth")).toBe(view.width);
  });

  it("shows every stack in the path and below it, and what the texts say", async () => {
    const names = overview.stacks.map(({ stack }) => stack);
    const links = "[...document.querySelectorAll('.stage > .card a')].map((one) => one.innerText)";
    expect(await browser.evaluate(links)).toEqual(names);
    const targets =
      "[...document.querySelectorAll('.stage > .card a')].every((one) => document.querySelector(one.hash))";
    expect(await browser.evaluate(targets)).toBe(true);
    expect(await browser.evaluate("document.body.innerText")).toContain(
      "Say where the ships are built & <why>",
    );
  });

  it("draws the path to the right on a wide screen, and down on a narrow one", async () => {
    const cards = await browser.evaluate<[number, number][]>(places);
    const [lefts, tops] = [0, 1].map((axis) => cards.map((place) => place[axis]));
    const along = view.width === wide.width ? lefts : tops;
    expect(along.every((place, index) => index === 0 || place > along[index - 1] + 20)).toBe(true);
    const across = view.width === wide.width ? tops : lefts;
    expect(Math.max(...across) - Math.min(...across)).toBeLessThan(60);
  });

  it("has texts of enough contrast, on a page as bright as the person asked for", async () => {
    expect(await browser.evaluate(lowestContrast)).toBeGreaterThan(4.5);
    const color = await browser.evaluate("getComputedStyle(document.body).backgroundColor");
    expect(color).toBe(view.scheme === "dark" ? "rgb(13, 17, 23)" : "rgb(246, 247, 249)");
  });
});

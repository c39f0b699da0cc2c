import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import pWaitFor from "p-wait-for";
import { Agent, request } from "undici";

import { checkout, createCheckout, inSandbox, make, shell } from "../e2e/support/checkout";
import { configureStack } from "../e2e/support/configuration";
import { page } from "../e2e/support/edit";
import { SteadyLoad } from "../e2e/support/steadyLoad";
import { Browser } from "./support/browser";
import { askLighthouse } from "./support/lighthouse";
import { OtherHost } from "./support/otherHost";

const minuteMs = 60_000;
const host = "www.example.com";
const site = `https://${host}`;
const replicas = 2;
const view = { width: 1200, height: 900, scheme: "light" } as const;

/** A page whose routes the browser knows alone. */
const clientRoute = `import * as React from "react";
export default function App({ location }: { location: { pathname: string } }) {
  return <main><h1>Client route {location.pathname}</h1></main>;
}
`;

let browser: Browser;
let agent: Agent;
/** Where the controller takes HTTPS: host and port. */
let address: string;
let elsewhere: OtherHost;

const get = (path: string) =>
  request(`https://${address}${path}`, { dispatcher: agent, headers: { host } });

const heading = "(document.querySelector('h1')?.textContent ?? '')";

/** What the browser's console said, but for the page that is meant not to be there. */
const findComplaints = () => browser.said.filter((line) => !line.includes("no-such-page"));

/** Waits until an expression is true in the page. */
async function waitUntil(expression: string): Promise<void> {
  // While a page is loading, parts of it are missing.
  const isTrue = () => browser.evaluate<boolean>(`Boolean(${expression})`).catch(() => false);
  await pWaitFor(isTrue, {
    interval: 200,
    timeout: { milliseconds: 20_000, message: `This did not become true: ${expression}` },
  });
}

/** Adds to a page what others embed: a script that sends something home, a frame, a font. */
async function embed(): Promise<void> {
  const { origin } = elsewhere;
  await browser.open(`${site}/`, view);
  await browser.evaluate(`(() => {
    const add = (tag, values) => document.body.append(Object.assign(document.createElement(tag), values));
    add("style", { textContent: "@font-face{font-family:Other;src:url(${origin}/font.ttf)}" });
    add("script", { src: "${origin}/analytics.js" });
    add("iframe", { src: "${origin}/frame", onload: () => (globalThis.framed = true) });
    document.fonts.load("16px Other", "a").then((fonts) => (globalThis.fonts = fonts.length));
  })()`);
}

const listPods =
  "kubectl get pods --namespace gatsby-site-dev --selector app=gatsby-site --output name";

/** Changes a page, deploys that, and waits until the old pods have left: until then they may be asked for new files. */
async function release(text: string): Promise<void> {
  const file = join(checkout, page);
  writeFileSync(file, readFileSync(file, "utf8").replace(/( Release \d+\.)?<\/p>/, ` ${text}</p>`));
  await inSandbox("npx slipway up dev --yes");
  await pWaitFor(async () => (await inSandbox(listPods)).trim().split("\n").length === replicas, {
    interval: 500,
    timeout: minuteMs,
  });
}

beforeAll(async () => {
  createCheckout();
  const route = join(checkout, "site", "src", "pages", "app", "[...].tsx");
  mkdirSync(dirname(route), { recursive: true });
  writeFileSync(route, clientRoute);
  await make("up");
  const started = await shell("make ingress");
  [, address = ""] = /https:\/\/(\S+)$/m.exec(started.output) ?? [];

  const folder = join(checkout, ".sandbox", "www");
  mkdirSync(folder, { recursive: true });
  await inSandbox(
    [
      `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=${host} -addext subjectAltName=DNS:${host} -keyout ${folder}/key -out ${folder}/certificate 2>&1`,
      `kubectl create secret tls www --namespace gatsby-site-dev --key ${folder}/key --cert ${folder}/certificate --dry-run=client --output yaml | kubectl apply --filename -`,
    ].join(" && "),
  );
  configureStack(checkout, "dev", {
    host,
    ingressClass: "traefik",
    tlsSecret: "www",
    keepReleases: 1,
    replicas,
  });
  await inSandbox("npx slipway up dev --yes");

  const ca = readFileSync(join(folder, "certificate"));
  agent = new Agent({ connect: { ca, servername: host }, connections: 20 });
  browser = await Browser.start(
    `--host-resolver-rules=MAP ${host}:443 ${address}`,
    "--ignore-certificate-errors",
  );
  elsewhere = await OtherHost.start();
}, 60 * minuteMs);

afterAll(async () => {
  elsewhere.stop();
  await browser.stop();
  await agent.close();
  await shell("make down");
}, 5 * minuteMs);

describe("a site behind an Ingress controller", () => {
  it(
    "is served for its host, over TLS with the Secret's certificate",
    async () => {
      await pWaitFor(async () => (await get("/")).statusCode === 200, {
        interval: 500,
        timeout: minuteMs,
      });
      const { body, headers, statusCode } = await get("/about/");
      expect([statusCode, headers["content-type"]]).toEqual([200, "text/html; charset=utf-8"]);
      expect(await body.text()).toContain("___gatsby");
      const other = { dispatcher: agent, headers: { host: "other.example.com" } };
      await expect(request(`https://${address}/`, other)).rejects.toThrow(
        "self-signed certificate",
      );
      expect(await inSandbox("pulumi stack output url --stack dev")).toContain(site);
    },
    2 * minuteMs,
  );

  it.each(["/", "/about/", "/steps/credentials/"])(
    "has a page %s with which Lighthouse finds little wrong",
    async (path) => {
      // Only production is for search engines: the others say `noindex`.
      const opinion = await askLighthouse(`${site}${path}`, browser.port, ["is-crawlable"]);
      for (const [category, score] of Object.entries(opinion.scores)) {
        expect({ category, ...opinion, isGood: score >= 0.95 }).toMatchObject({ isGood: true });
      }
      expect(Object.keys(opinion.scores)).toEqual(["accessibility", "best-practices", "seo"]);
    },
    5 * minuteMs,
  );

  it(
    "goes from page to page in a browser without a complaint of its console",
    async () => {
      await browser.open(`${site}/`, view);
      await waitUntil(`${heading}.startsWith('From a commit')`);
      await browser.evaluate(`document.querySelector('a[href="/about/"]').click()`);
      await waitUntil("location.pathname === '/about/'");
      await browser.open(`${site}/app/orders/17`, view);
      await waitUntil(`${heading} === 'Client route /app/orders/17'`);
      await browser.open(`${site}/about`, view);
      await waitUntil("location.pathname === '/about/'");
      expect(findComplaints()).toEqual([]);
    },
    2 * minuteMs,
  );

  it(
    "may load a script, a frame, a font and a style of other hosts under the default policy",
    async () => {
      await embed();
      await browser.evaluate(
        `document.body.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: "data:text/css,h1{letter-spacing:7px}" }))`,
      );
      await waitUntil("globalThis.analytics && globalThis.framed && globalThis.fonts === 1");
      await waitUntil("getComputedStyle(document.querySelector('h1')).letterSpacing === '7px'");
      expect(browser.requested).toContain(`${elsewhere.origin}/collect`);
      expect(findComplaints()).toEqual([]);
    },
    minuteMs,
  );

  it(
    "has the site's own page for what is not there",
    async () => {
      expect((await get("/no-such-page/")).statusCode).toBe(404);
      await browser.open(`${site}/no-such-page/`, view);
      await waitUntil("document.querySelector('#___gatsby main')");
      expect(findComplaints()).toEqual([]);
    },
    minuteMs,
  );
});

describe("a strict content policy", () => {
  /** Deploys with a policy; returns what the console says of a page that embeds things. */
  async function complainOf(hosts: readonly string[]): Promise<readonly string[]> {
    configureStack(checkout, "dev", { contentPolicy: { level: "strict", hosts } });
    await inSandbox("npx slipway up dev --yes");
    // The old pods leave a moment after the update.
    const frames = ["frame-src 'self'", ...hosts].join(" ");
    const isNew = async () => {
      const { body, headers } = await get("/");
      await body.dump();
      return String(headers["content-security-policy"]).includes(`; ${frames};`);
    };
    const areNew = async () =>
      (await Promise.all(Array.from({ length: 10 }, isNew))).every(Boolean);
    await pWaitFor(areNew, { interval: 200, timeout: 20_000 });
    const before = browser.said.length;
    await embed();
    if (hosts.length > 0) {
      await waitUntil("globalThis.analytics && globalThis.framed && globalThis.fonts === 1");
    } else await pWaitFor(() => browser.said.length >= before + 3, { timeout: 20_000 });
    return browser.said.splice(before);
  }

  afterAll(async () => {
    configureStack(checkout, "dev", { contentPolicy: undefined });
    await inSandbox("npx slipway up dev --yes");
  }, 5 * minuteMs);

  it(
    "lets in the hosts that are named, and nobody complains",
    async () => {
      expect(await complainOf([elsewhere.origin])).toEqual([]);
      await browser.evaluate(`document.querySelector('a[href="/about/"]').click()`);
      await waitUntil("location.pathname === '/about/'");
      expect(findComplaints()).toEqual([]);
    },
    5 * minuteMs,
  );

  it(
    "refuses the script, the frame and the font of another host",
    async () => {
      const said = (await complainOf([])).join("\n");
      for (const name of ["analytics.js", "frame", "font.ttf"]) {
        expect(said).toContain(name === "frame" ? "frame-src" : `${elsewhere.origin}/${name}`);
      }
      expect(await browser.evaluate("globalThis.analytics ?? 'none'")).toBe("none");
    },
    5 * minuteMs,
  );
});

describe("rollouts", () => {
  it(
    "leave a page that was opened before a way to its own scripts",
    async () => {
      await browser.open(`${site}/`, view);
      const chunk = "JSON.parse(window.___chunkMapping)['component---src-pages-about-tsx'][0]";
      const before = await browser.evaluate<string>(chunk);
      await release("Release 1.");

      const status = `fetch(${JSON.stringify(before)}, { cache: 'reload' }).then((answer) => answer.status)`;
      expect(await browser.evaluate(status)).toBe(200);
      await browser.evaluate("window.___navigate('/about/')");
      await waitUntil("document.body.textContent.includes('Release 1.')");
      expect(await browser.evaluate<string>(chunk)).not.toBe(before);
      expect(findComplaints()).toEqual([]);
    },
    5 * minuteMs,
  );

  it(
    "fail no request of two hundred a second, five of them",
    async () => {
      const options = { perSecond: 200, dispatcher: agent, headers: { host } };
      const work = async () => {
        for (const number of [2, 3, 4, 5, 6]) {
          await release(`Release ${number}.`);
          const { body } = await get("/about/");
          expect(await body.text()).toContain(`Release ${number}.`);
        }
      };
      const url = `https://${address}/about/`;
      const { failures, requests } = await SteadyLoad.during(url, options, work);
      expect(failures).toEqual([]);
      expect(requests).toBeGreaterThan(5000);
    },
    20 * minuteMs,
  );
});

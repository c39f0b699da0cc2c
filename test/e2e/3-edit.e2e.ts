import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import pWaitFor from "p-wait-for";

import { Screen } from "../cli/progress/support/screen";
import { checkout, inSandbox, shell } from "./support/checkout";
import { configureStack } from "./support/configuration";
import { added, editPage, page } from "./support/edit";
import { expectSuccess } from "./support/expectSuccess";
import { digestOf, listTags } from "./support/registry";
import { SteadyLoad } from "./support/steadyLoad";

const minuteMs = 60_000;

interface Step {
  readonly op: string;
  readonly urn: string;
}

const outputOf = async (name: string): Promise<string> =>
  (await inSandbox(`pulumi stack output ${name} --stack dev`)).trim();

/** Address of the script that the page's own code is in. */
async function findScript(): Promise<string> {
  const html = await (await fetch(`${await outputOf("url")}/about/`)).text();
  return /\/component---src-pages-about-tsx-[0-9a-f]{20}\.js/.exec(html)?.[0] ?? "none";
}

/** A release: its digest, and its own script of the page. */
let first: readonly [digest: string, script: string];

describe("an edited page", () => {
  beforeAll(async () => {
    first = [await outputOf("digest"), await findScript()];
    editPage();
  }, minuteMs);

  it(
    "shows in a preview as another image, built and pushed by nobody yet",
    async () => {
      const tags = await listTags();
      const preview = await inSandbox("pulumi preview --json 2>/dev/null");
      const { steps } = JSON.parse(preview) as { steps: Step[] };
      const changed = steps
        .filter(({ op }) => op !== "same" && op !== "read")
        .map(({ op, urn }) => `${op} ${urn.split("::")[2]?.split("$").at(-1)}`);
      expect(changed).toContain("update docker-build:index:Image");
      expect(changed).toContain("update kubernetes:apps/v1:Deployment");
      expect(changed.filter((step) => step.includes("DeployToken"))).toEqual([]);
      // Nothing is built or pushed, the cache included.
      expect(await listTags()).toEqual(tags);
      expect(tags.cache).toMatch(/^sha256:/);
      // A reference without its digest, as it would come of the plugin's empty one.
      expect(preview).not.toMatch(/gatsby-site(:[^"@]*)?@"/);
    },
    2 * minuteMs,
  );

  it(
    "is named in the preview's report, by the list in the image that runs",
    async () => {
      // What `build_website` leaves, but for the names of the compiled files: what runs, with the edit.
      const printed = await inSandbox(`
        folder=$(mktemp -d) && mkdir $folder/public
        kubectl exec --namespace gatsby-site-dev deployment/gatsby-site -- tar -C /srv/site --exclude './.*' -c . | tar -C $folder/public -x
        sed -i 's|</p>| ${added}</p>|' $folder/public/about/index.html
        pulumi preview --stack dev --json --show-sames 2>/dev/null >$folder/dev.json
        npx slipway preview-report $folder/dev.json --pages $folder/public
        rm -r $folder`);
      expect(printed).toMatch(/^ {2}Pages +1 changed: `\/about\/`\. The site has 8 pages\.$/m);
    },
    2 * minuteMs,
  );

  it(
    "is served after the next `make up`, and no request of two hundred a second fails meanwhile",
    async () => {
      const before = (await inSandbox("pulumi stack output url --stack dev")).trim();
      const {
        failures,
        requests,
        result: ended,
      } = await SteadyLoad.during(`${before}/about/`, { perSecond: 200 }, () => shell("make up"));
      expectSuccess(ended);
      expect(failures).toEqual([]);
      expect(requests).toBeGreaterThan(200);
      const url = /^site: (\S+)$/m.exec(ended.output)?.[1] ?? "";
      // The old pods leave the Service a moment after the new ones have joined it.
      const isServed = async (): Promise<boolean> =>
        (await (await fetch(`${url}/about/`)).text()).includes(added);
      await expect(pWaitFor(isServed, { interval: 200, timeout: 10_000 })).resolves.toBeUndefined();
    },
    10 * minuteMs,
  );
});

describe("a third release with `keepReleases` 2", () => {
  const files = [page, "Pulumi.dev.yaml"].map((name) => join(checkout, name));
  let contents: readonly string[];
  const releases: (readonly [digest: string, script: string])[] = [];
  /** What the update wrote to its terminal. */
  let written: string;

  beforeAll(async () => {
    contents = files.map((file) => readFileSync(file, "utf8"));
    releases.push(first, [await outputOf("digest"), await findScript()]);
    // No builder has it from an earlier run: what is to be seen is a build.
    const another = `And another one, at ${new Date().toISOString()}.`;
    writeFileSync(files[0], contents[0].replace(added, `${added} ${another}`));
    configureStack(checkout, "dev", { keepReleases: 2 });
    // A pipeline's variable would stand for lines that nobody sees grow.
    written = await inSandbox(
      `env --unset=CI script --quiet --return --command 'stty columns 100 rows 30 && npx slipway up dev --yes' /dev/null </dev/null`,
    );
    let script = releases[1][1];
    const isNew = async (): Promise<boolean> => {
      script = await findScript();
      return releases.every(([, known]) => script !== known);
    };
    // The old pods leave the Service a moment after the new ones have joined it.
    await pWaitFor(isNew, { interval: 200, timeout: 15_000 });
    releases.push([await outputOf("digest"), script]);
  }, 10 * minuteMs);

  afterAll(async () => {
    files.forEach((file, index) => writeFileSync(file, contents[index]));
    await inSandbox("npx slipway up dev --yes");
  }, 5 * minuteMs);

  it(
    "shows its phases in a terminal, with Gatsby's own steps, and then what came out",
    async () => {
      const screen = new Screen({ columns: 100, rows: 30 });
      screen.write(written);
      const shown = await screen.read();
      const [digest] = releases[2];
      expect(shown).toMatch(/^Updated dev, \d.* s$/m);
      expect(shown).toMatch(/^ok {3}deploy tokens +3 unchanged$/m);
      expect(shown).toMatch(/^ok {3}image +\d.* s +updated/m);
      expect(shown).toMatch(
        /^ok {3}push +\d.* s +gitlab\.thelinuxlabs\.com:5050\/web\/gatsby-site$/m,
      );
      expect(shown).toMatch(/^ok {3}pods +\d.* s +updated: 1 of 1 ready$/m);
      expect(shown.split("\n").slice(-4)).toEqual([
        `site:    ${await outputOf("url")}`,
        `image:   ${digest}`,
        expect.stringMatching(/^changes: .*\d+ unchanged$/),
        "next:    npx slipway promote dev staging",
      ]);
      // Drawn in place: what is gone was there.
      expect(shown).not.toContain("| success");
      expect(written).toMatch(/builder \d+\/\d+: npm run build/);
      expect(written).toContain("| success ");
      expect(written.lastIndexOf("\x1b[?25h")).toBeGreaterThan(written.lastIndexOf("\x1b[?25l"));
    },
    minuteMs,
  );

  it(
    "serves the scripts of the two before, whose images keep a tag",
    async () => {
      const url = await outputOf("url");
      const [[oldest], [older], [current]] = releases;
      expect(new Set(releases.map(([, script]) => script)).size).toBe(3);
      for (const [, script] of releases) {
        const answer = await fetch(url + script);
        expect([script, answer.status, answer.headers.get("cache-control")]).toEqual([
          script,
          200,
          "public, max-age=31536000, immutable",
        ]);
      }
      expect(JSON.parse(await outputOf("keptDigests --json"))).toEqual([older, oldest]);
      const tags = ["env-dev", "previous-dev", "kept-2-dev"];
      expect(await Promise.all(tags.map(digestOf))).toEqual([current, older, oldest]);
    },
    2 * minuteMs,
  );

  it(
    "changes nothing in a second preview",
    async () => {
      const command = "pulumi preview --stack dev --expect-no-changes";
      expectSuccess(await shell(`eval "$(make -s env)"; ${command}`));
    },
    2 * minuteMs,
  );
});

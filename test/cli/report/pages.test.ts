import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";

import { createTar } from "nanotar";

import { describePageChanges } from "../../../cli/report/pages/pageChanges";
import { describePages } from "../../../cli/report/pages/pagesFact";
import type { Sentence } from "../../../cli/report/sentence";
import { FakeRegistry } from "../../support/registry";

const repository = "registry.example.com/web/site";
const [digest, platform, config, layer] = ["1", "2", "3", "4"].map(
  (digit) => `sha256:${digit.repeat(64)}`,
);
const running = `${repository}@${digest}`;
const login = { username: "gitlab-ci-token", password: "job-token" };
const env = {
  CI_REGISTRY: "registry.example.com",
  CI_REGISTRY_USER: login.username,
  CI_REGISTRY_PASSWORD: login.password,
};

let folder: string;
let registry: FakeRegistry;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pages-"));
  registry = FakeRegistry.install(repository, login);
});

afterEach(() => {
  rmSync(folder, { recursive: true });
  jest.restoreAllMocks();
});

const render = (text: Sentence): string =>
  text.map((span) => (typeof span === "string" ? span : `\`${span.value}\``)).join("");

/** Writes pages as Gatsby does, with all compiled files in each. */
function build(pages: Record<string, string>, compilation = "0"): string {
  const output = join(folder, `public-${compilation}`);
  for (const [file, text] of Object.entries(pages)) {
    const mapping = `window.___chunkMapping="{\\"app\\":[\\"/app-${compilation.repeat(20)}.js\\"]}";`;
    const hash = `window.___webpackCompilationHash="${compilation.repeat(20)}";`;
    const runtime = `<script src="/webpack-runtime-${compilation.repeat(20)}.js" async></script>`;
    mkdirSync(dirname(join(output, file)), { recursive: true });
    writeFileSync(join(output, file), `${text}<script>${hash}${mapping}</script>${runtime}`);
  }
  return output;
}

/** What the image's build writes for nginx, as a layer. */
function listAsImage(output: string): Buffer {
  const rules = join(folder, "rules");
  execFileSync("node", ["site/nginx.pages.mjs", output, rules]);
  const list = readFileSync(join(rules, "pages.json"));
  return gzipSync(createTar([{ name: "etc/nginx/gatsby/pages.json", data: list }]));
}

function publish(blob: Buffer): void {
  registry.contents = {
    [digest]: {
      manifests: [
        { digest: "sha256:none", platform: { os: "unknown" } },
        { digest: platform, platform: { os: "linux" } },
      ],
    },
    [platform]: {
      config: { digest: config },
      layers: [
        { digest: "sha256:base", size: 1 },
        { digest: layer, size: blob.length },
        { digest: "sha256:site", size: 1 },
      ],
    },
    [config]: {
      history: [
        { created_by: "FROM" },
        { created_by: "ARG OUTPUT_DIRECTORY", empty_layer: true },
        { created_by: "COPY /nginx/ /etc/nginx/gatsby/ # buildkit" },
        { created_by: "COPY /site/public /srv/site # buildkit" },
      ],
    },
    [layer]: blob,
  };
}

const describeBuild = async (
  output: string,
  image: string | undefined = running,
  variables = env,
) => render(await describePages(output, image, variables));

describe("the report of pages", () => {
  it("names those whose HTML differs, and no other, although each has the list of all files", async () => {
    publish(
      listAsImage(
        build({
          "index.html": "home",
          "404.html": "not here",
          "about/index.html": "old",
          "old/index.html": "to go",
          "_gatsby/slices/1.html": "slice",
        }),
      ),
    );
    const output = build(
      {
        "index.html": "home",
        "404.html": "not here",
        "about/index.html": "new",
        "jobs/index.html": "first",
      },
      "1",
    );
    expect(await describeBuild(output)).toBe(
      "1 changed: `/about/`; 1 added: `/jobs/`; 1 gone: `/old/`. The site has 4 pages.",
    );
    expect(registry.requests.join("\n")).not.toContain("sha256:site");
  });

  it("says that none changes", async () => {
    publish(listAsImage(build({ "index.html": "home" })));
    expect(await describeBuild(build({ "index.html": "home" }, "1"))).toBe(
      "None changes. The site has 1 page.",
    );
  });

  it("hashes pages as the image's build does, in older Gatsby's form and in any encoding", async () => {
    const output = build({ "index.html": "home" });
    writeFileSync(
      join(output, "old.html"),
      Buffer.from('\xe4<script>window.___chunkMapping={"app":["/app-1.js"]};</script>', "latin1"),
    );
    publish(listAsImage(output));
    writeFileSync(
      join(output, "old.html"),
      Buffer.from('\xe4<script>window.___chunkMapping={"app":["/app-2.js"]};</script>', "latin1"),
    );
    expect(await describeBuild(output)).toBe("None changes. The site has 2 pages.");
  });

  it("names twenty, and counts the rest", () => {
    const pages = (count: number, hash: string) =>
      new Map(Array.from({ length: count }, (_, index) => [`/p${100 + index}/`, hash]));
    const [before, after] = [pages(19, "a"), pages(1234, "b")];
    const text = render(describePageChanges(before, after));
    expect(text).toContain("19 changed: `/p100/`, `/p101/`");
    expect(text).toMatch(/; 1,215 added: `\/p1000\/` and 1,214 more\. The site has 1,234 pages\.$/);
    expect(text.match(/`/g)).toHaveLength(2 * 20);
  });

  it.each<[string, () => void, string]>([
    [
      "the release was deleted",
      () => (registry.contents = {}),
      "Not compared: the registry no longer has the release that runs.",
    ],
    [
      "another Dockerfile built it",
      () => (registry.contents[config] = { history: [{ created_by: "COPY . /srv" }] }),
      "Not compared: the image that runs has no list of its pages, as the Dockerfile of this version of Slipway writes one.",
    ],
    [
      "an earlier version built it",
      () =>
        (registry.contents[layer] = gzipSync(createTar([{ name: "etc/nginx/gatsby/http.conf" }]))),
      "Not compared: the image that runs has no list of its pages, as the Dockerfile of this version of Slipway writes one.",
    ],
    [
      "the layer is no archive",
      () => (registry.contents[layer] = Buffer.from("\x1f\x8bnothing", "latin1")),
      "Not compared: the list of the pages that run can't be unpacked.",
    ],
    [
      "the list is no JSON",
      () => (registry.contents[layer] = createTarOf("<html>")),
      "Not compared: the list of the pages that run is not JSON.",
    ],
    [
      "the registry refuses",
      () => (registry.failWith = 403),
      `Not compared, since the registry can't be read: \`Request failed with status code 403: GET https://registry.example.com/v2/web/site/manifests/${digest}.\``,
    ],
  ])("says why not, if %s", async (_, break_, text) => {
    publish(listAsImage(build({ "index.html": "home" })));
    break_();
    expect(await describeBuild(build({ "index.html": "home" }, "1"))).toBe(text);
  });

  it("downloads no layer that is larger than it says it may be", async () => {
    publish(Buffer.from("list"));
    (registry.contents[platform] as { layers: { size: number }[] }).layers[1].size =
      17 * 1024 * 1024;
    expect(await describeBuild(build({ "index.html": "home" }))).toBe(
      "Not compared: the list of the pages that run is larger than 16 MiB.",
    );
    expect(registry.requests.join("\n")).not.toContain(layer);
  });

  it("gives the job's login to no other registry", async () => {
    const elsewhere = { ...env, CI_REGISTRY: "gitlab.example.com:5050", GITLAB_TOKEN: "glpat-x" };
    expect(await describeBuild(build({ "index.html": "home" }), running, elsewhere)).toBe(
      "Not compared: the job has no login to the registry of the image that runs.",
    );
    expect(registry.requests).toEqual([]);
  });

  it("knows no page that was not built, and none that runs before the first release", async () => {
    expect(await describeBuild(join(folder, "nowhere"))).toBe(
      "Not compared: there is no built site: `build_website` has left no page.",
    );
    expect(render(await describePages(build({ "index.html": "home" }), undefined, env))).toBe(
      "1 page, all new: nothing runs yet.",
    );
  });
});

const createTarOf = (text: string): Buffer =>
  Buffer.from(createTar([{ name: "etc/nginx/gatsby/pages.json", data: Buffer.from(text) }]));

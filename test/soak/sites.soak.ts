import { createCheckout, make, shell } from "../e2e/support/checkout";
import { listChanges } from "../e2e/support/elsewhere";
import { ensurePackage } from "../e2e/support/package";
import { Fleet } from "./sites/fleet";
import { PackageRegistry } from "./sites/packageRegistry";
import { computeShapes, type ShapeName, tags } from "./sites/shapes";

const minuteMs = 60_000;
/** Each waits for those before it. */
const longestMs = 90 * minuteMs;

let fleet: Fleet<ShapeName>;
let packages: PackageRegistry;

beforeAll(async () => {
  createCheckout();
  await make("up");
  await make('images NAMES="node:18 nginx:alpine"');
  ensurePackage();
  packages = await PackageRegistry.start("Designed by Acme");
  fleet = await Fleet.start(computeShapes(packages), 2);
}, 60 * minuteMs);

afterAll(async () => {
  await fleet.remove();
  packages.stop();
  await shell("make down");
}, 30 * minuteMs);

/** Text of a page that the pods serve. */
async function read(name: ShapeName, path = "/", program?: string): Promise<string> {
  const { repository } = await fleet.get(name);
  const response = await repository.fetch(path, program);
  expect([path, response.status]).toEqual([path, 200]);
  return response.text();
}

describe("`slipway init --yes` and `slipway up --yes`, and nothing else, serve a site", () => {
  it.each([
    ["at the root", "root", "At the root"],
    ["in a folder", "folder", "In a folder"],
    ["with Yarn 1", "yarn1", "With Yarn 1"],
    ["with Yarn 4", "yarn4", "With Yarn 4"],
    ["with pnpm", "pnpm", "With pnpm"],
    ["with its own Dockerfile", "ownDockerfile", "With its own Dockerfile"],
    ["with the Dockerfile and the manifest of the lesson", "lesson", "As in the lesson"],
    ["in a subgroup, with a remote by ssh", "subgroup", "In a subgroup"],
    ["of a workspace whose lock file is at the root", "workspace", "A member"],
    ["whose `.npmrc` names a token of a private scope", "npmrc", "Designed by Acme"],
  ] as const)(
    "%s",
    async (_title, name, heading) => {
      expect(await read(name)).toContain(`<h1>${heading}</h1>`);
    },
    longestMs,
  );

  it(
    "for each program of a repository with two",
    async () => {
      expect(await read("twoSites", "/", "deploy-blog")).toContain("<h1>A blog</h1>");
      expect(await read("twoSites", "/", "deploy-shop")).toContain("<h1>A shop</h1>");
    },
    longestMs,
  );

  it(
    "below its path prefix",
    async () => {
      const home = await read("prefix", "/docs/");
      expect(home).toContain("<h1>Below a prefix</h1>");
      const { repository } = await fleet.get("prefix");
      const [, script = ""] = /src="(\/docs\/[^"]+\.js)"/.exec(home) ?? [];
      const answers = await Promise.all(
        [script, "/docs", "/", "/docs/config.json", "/docs/no-such-page/"].map(async (path) => {
          const { headers, status } = await repository.fetch(path);
          const field = status < 300 ? "cache-control" : "location";
          return [path, status, headers.get(field)];
        }),
      );
      expect(answers).toEqual([
        [script, 200, "public, max-age=31536000, immutable"],
        ["/docs", 301, "/docs/"],
        ["/", 302, "/docs/"],
        ["/docs/config.json", 200, "no-cache"],
        ["/docs/no-such-page/", 404, null],
      ]);
    },
    longestMs,
  );

  it(
    "with Tailwind among its devDependencies, and a package that an install script patches",
    async () => {
      const home = await read("tailwind");
      expect(home).toMatch(/\.text-3xl\{font-size:1\.875rem/);
      expect(home).toContain(">Patched -Tailwind</h1>");
    },
    longestMs,
  );
});

describe("such a site", () => {
  it(
    "has pages at addresses with blanks, quotation marks, `&`, umlauts and emoji",
    async () => {
      for (const tag of tags) {
        const text = await read("folder", `/tags/${encodeURIComponent(tag)}/`);
        const heading = /<h1>([^<]*)<\/h1>/.exec(text)?.[1] ?? "";
        expect(decodeEntities(heading)).toBe(tag);
      }
    },
    longestMs,
  );

  it(
    "is not built again, and not dirty, when only its stack's file changes",
    async () => {
      const { repository } = await fleet.get("workspace");
      repository.commit("Deploy with Slipway");
      await repository.up();
      expect(await repository.runIn("deploy", "pulumi stack output tags --json")).not.toContain(
        "-dirty",
      );
      await repository.runIn("deploy", "pulumi config set replicas 3 --stack dev");
      const preview = await repository.runIn("deploy", "pulumi preview --json --stack dev");
      expect(listChanges(preview)).toEqual(["update kubernetes:apps/v1:Deployment gatsby-site"]);
    },
    longestMs,
  );
});

function decodeEntities(text: string): string {
  const entities: Record<string, string> = { "&#x27;": "'", "&quot;": '"', "&amp;": "&" };
  return text.replace(/&[#\w]+;/g, (entity) => entities[entity] ?? entity);
}

import { npmSite } from "../soak/sites/files";
import { Fleet } from "../soak/sites/fleet";
import { host } from "./support/gitlab";
import { ensurePackage } from "./support/package";

const minuteMs = 60_000;

/** The sample's packages are in BuildKit's cache: each of these sites costs little more than Gatsby's build. */
const computeShapes = () => ({
  root: {
    project: "web/teams/Handbook",
    remote: `ssh://git@${host}:2222/web/teams/Handbook.git`,
    files: npmSite("A handbook"),
  },
  prefix: {
    project: "web/docs",
    files: {
      ...npmSite("Documents", "web", { build: "gatsby build --prefix-paths" }),
      "web/gatsby-config.js": 'module.exports = { pathPrefix: "/docs" };\n',
    },
  },
});

type Name = keyof ReturnType<typeof computeShapes>;

let fleet: Fleet<Name>;

beforeAll(async () => {
  ensurePackage();
  fleet = await Fleet.start(computeShapes(), 2);
}, 10 * minuteMs);

afterAll(() => fleet.remove(), 10 * minuteMs);

describe("`slipway init --yes` and `slipway up --yes`, and nothing else, serve", () => {
  it(
    "a site at the root of a repository in a subgroup, with a remote by ssh",
    async () => {
      const { repository } = await fleet.get("root");
      const home = await repository.fetch("/");
      expect(home.status).toBe(200);
      expect(await home.text()).toContain("<h1>A handbook</h1>");
      expect(await repository.init()).toContain("Everything is there already: nothing to write.");
    },
    15 * minuteMs,
  );

  it(
    "a site in a folder, below a path prefix",
    async () => {
      const { repository } = await fleet.get("prefix");
      const home = await (await repository.fetch("/docs/")).text();
      expect(home).toContain("<h1>Documents</h1>");
      const [, script = ""] = /src="(\/docs\/[^"]+\.js)"/.exec(home) ?? [];
      const { headers, status } = await repository.fetch(script);
      expect([status, headers.get("content-type"), headers.get("cache-control")]).toEqual([
        200,
        "application/javascript; charset=utf-8",
        "public, max-age=31536000, immutable",
      ]);
    },
    15 * minuteMs,
  );
});

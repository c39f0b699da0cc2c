import { tokenOf, World, type Answer } from "../support/world";
import { verifyAccess } from "./support/verifiedTokens";

const world = new World();
beforeAll(() => world.start());
afterAll(() => world.stop());

const site = "web/gatsby-site";
const granted = (answer: Answer) => verifyAccess(world, answer);

describe("scopes", () => {
  const ask = async (query: string): Promise<string[]> =>
    granted(await world.jwtAuth(query, `x:${tokenOf("developer")}`));
  const a = `repository:${site}:pull`;
  const b = "repository:web/inner/deep:pull,push";

  it.each([
    [`&scope=${a}&scope=${b}`, [`${site}:pull`, "web/inner/deep:pull,push"]],
    [`&scope=${a}%20${b}`, [`${site}:pull`, "web/inner/deep:pull,push"]],
    [
      `&scope=${a}+${b}&scope=repository:open/public:pull`,
      [`${site}:pull`, "web/inner/deep:pull,push", "open/public:pull"],
    ],
    [`&scope=${a}&scope=repository:closed/lone:pull`, [`${site}:pull`]],
    ["", []],
    ["&scope=", []],
  ])("%s", async (query, names) => {
    expect(await ask(query)).toEqual(names);
  });

  it.each([
    ["web/gatsby-site/base", true],
    ["web/gatsby-site/base/node", true],
    ["web/gatsby-site/one/two/three", false],
    ["web/gatsby-site-2", false],
    ["web", false],
    ["gatsby-site", false],
    ["web//gatsby-site", false],
    ["/web/gatsby-site", false],
    ["web/gatsby-site/", false],
    ["web/../web/gatsby-site", false],
    ["web/gatsby-site/under__score", true],
    ["WEB/Gatsby-Site", true],
  ])("%s is a repository of the project: %s", async (name, isOne) => {
    expect(await ask(`&scope=repository:${name}:pull`)).toEqual(
      isOne ? [`${name.toLowerCase()}:pull`] : [],
    );
  });

  it.each([
    "repository",
    "repository:",
    `repository:${site}`,
    `repository:${site}:`,
    `repository:${site}:pull:push`,
    `plugin:${site}:pull`,
    "registry:catalog:pull",
    ":::",
  ])("%s grants nothing", async (scope) => {
    expect(await ask(`&scope=${scope}`)).toEqual([]);
  });
});

describe("the endpoint", () => {
  it.each([
    ["POST", "/jwt/auth?service=container_registry"],
    ["GET", "/jwt/auth?service=other"],
    ["GET", "/jwt/auth"],
  ] as const)("answers 404 to %s %s", async (method, path) => {
    expect(await world.send(path, { method })).toMatchObject({ status: 404 });
  });
});

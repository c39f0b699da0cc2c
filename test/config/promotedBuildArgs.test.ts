import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { stringify } from "yaml";

import { findPromotedArgProblems } from "../../config/promotedBuildArgs";
import { checkStack, findProblems } from "../support/stackConfig";

const home = process.cwd();
let folder: string;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "slipway-stacks-"));
  process.chdir(folder);
  write("Pulumi.yaml", { name: "gatsby-site" });
  configure("dev", { buildArgs: { GATSBY_API_URL: "https://api.dev.example.com" } });
  configure("staging", { release: "promote", promoteFrom: "dev" });
});

afterEach(() => {
  process.chdir(home);
  fs.rmSync(folder, { recursive: true });
});

function write(file: string, content: object): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, stringify(content));
}

function configure(stack: string, values: object, file = `Pulumi.${stack}.yaml`): void {
  const own = Object.entries(values).map(([key, value]: [string, unknown]) => [
    `gatsby-site:${key}`,
    value,
  ]);
  write(file, { config: Object.fromEntries(own) as object });
}

/** The problems of the stack `prod`, which promotes from `staging`. */
const find = (buildArgs: object, promoteFrom = "staging") =>
  checkStack({
    name: "organization/gatsby-site/prod",
    values: {
      "gatsby-site:project": "web/site",
      "gatsby-site:release": "promote",
      "gatsby-site:promoteFrom": promoteFrom,
      "gatsby-site:buildArgs": JSON.stringify(buildArgs),
    },
  });

const problem = (is: string, built: string) => ({
  text: `\`buildArgs.GATSBY_API_URL\` is "${is}", but the image of this stack is built by the stack \`dev\`, where it is ${built}. One image runs on all stacks. Put what differs between them into \`publicConfig\`, which pages read at run time.`,
  command:
    "pulumi config set --path publicConfig.GATSBY_API_URL <value> && pulumi config rm --path buildArgs.GATSBY_API_URL",
});

const api = "https://api.example.com";

describe("GATSBY_* of a stack that promotes", () => {
  it("may not differ from what the stack that builds has, however many promote in between", () => {
    const expected = [problem(api, '"https://api.dev.example.com"')];
    expect(find({ GATSBY_API_URL: api })).toEqual(expected);
    expect(find({ GATSBY_API_URL: api }, "dev")).toEqual(expected);
    expect(find({ GATSBY_API_URL: api }, "organization/gatsby-site/staging")).toEqual(expected);
  });

  it("may not be set if the stack that builds has none", () => {
    configure("dev", {});
    expect(find({ GATSBY_API_URL: api })).toEqual([problem(api, "not set")]);
  });

  it("may be the same, wherever it is set", () => {
    const buildArgs = { GATSBY_API_URL: api };
    configure("dev", { buildArgs });
    expect(find(buildArgs)).toEqual([]);
    configure("dev", { buildArgs: JSON.stringify(buildArgs) });
    expect(find(buildArgs)).toEqual([]);

    configure("dev", {});
    write("Pulumi.yaml", {
      name: "gatsby-site",
      config: { buildArgs: { type: "object", default: buildArgs } },
    });
    expect(find(buildArgs)).toEqual([]);
    write("Pulumi.yaml", {
      name: "gatsby-site",
      config: { "gatsby-site:buildArgs": { value: buildArgs } },
    });
    expect(find(buildArgs)).toEqual([]);
  });

  it("is compared with the file in `stackConfigDir`", () => {
    fs.rmSync("Pulumi.dev.yaml");
    write("Pulumi.yaml", { name: "gatsby-site", stackConfigDir: "stacks" });
    configure("dev", { buildArgs: { GATSBY_API_URL: "x" } }, "stacks/Pulumi.dev.yaml");
    expect(find({ GATSBY_API_URL: api }, "dev")).toEqual([problem(api, '"x"')]);
  });

  it.each([
    ["other arguments, which the image does not show", { NODE_OPTIONS: "x" }, "dev"],
    ["a stack of another project", { GATSBY_API_URL: api }, "organization/other/dev"],
    ["a stack without a file here", { GATSBY_API_URL: api }, "elsewhere"],
  ])("is not compared with %s", (_, buildArgs, promoteFrom) => {
    expect(find(buildArgs, promoteFrom)).toEqual([]);
  });

  it("ends with stacks that promote in a circle", () => {
    configure("dev", { release: "promote", promoteFrom: "staging" });
    const stack = { project: "gatsby-site", promoteFrom: "dev", buildArgs: { GATSBY_A: "x" } };
    expect(findPromotedArgProblems(stack)).toEqual([]);
  });

  it("may differ on a stack that builds its own image", () => {
    expect(findProblems({ buildArgs: JSON.stringify({ GATSBY_API_URL: api }) })).toEqual([]);
  });
});

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";

import { renderProgram } from "../../cli/init/program";
import { findCliVersion, readSlipwayPackage } from "../../cli/init/slipwayPackage";
import { readDefaults } from "../../components/release/stackFiles";
import { keys } from "../../config/schema";
import { checkStack } from "../support/stackConfig";

const folder = join(__dirname, "..", "..", "templates", "new");

interface Prompt {
  readonly description: string;
  readonly default?: string;
  readonly secret?: boolean;
}

/** A file of the template as `pulumi new` writes it for the project `shop`. */
const read = (file: string): string =>
  readFileSync(join(folder, file), "utf8")
    .replaceAll("${PROJECT}", "shop")
    .replaceAll("${DESCRIPTION}", "A Gatsby site, from a GitLab Container Registry to Kubernetes");

const project = parse(read("Pulumi.yaml")) as Record<string, unknown> & {
  template: { description: string; config: Record<string, Prompt> } & Record<string, unknown>;
};
const { config, ...described } = project.template;

/** The values that `pulumi new` writes for these answers: an answer that is empty is left out. */
function answer(answers: Readonly<Record<string, string>>): Record<string, string> {
  const values = Object.entries(config).map(([key, prompt]) => [
    key.includes(":") ? key : `shop:${key}`,
    answers[key] ?? prompt.default ?? "",
  ]);
  return Object.fromEntries(values.filter(([, value]) => value !== "")) as Record<string, string>;
}

describe("the template for `pulumi new`", () => {
  it("has the sections that Pulumi knows", () => {
    // See `ProjectTemplate` in Pulumi's sdk/go/common/apitype/templates.go.
    expect(Object.keys(described).sort()).toEqual(["description", "displayName", "quickstart"]);
    for (const prompt of Object.values(config)) {
      expect(["description", "default", "secret"]).toEqual(
        expect.arrayContaining(Object.keys(prompt)),
      );
      // Pulumi reads text alone.
      expect(["string", "undefined"]).toContain(typeof prompt.default);
    }
  });

  it("asks for keys of the configuration, with their own defaults, and hides exactly the secrets", () => {
    const own = Object.keys(config).filter((key) => !key.startsWith("gitlab:"));
    expect(own.filter((key) => !keys.has(key))).toEqual([]);
    const asked = Object.entries(config).filter(([, { secret }]) => secret);
    expect(asked.map(([key]) => key)).toEqual(["gitlab:token"]);
    const schema = readDefaults(
      "",
      (parse(readFileSync("Pulumi.yaml", "utf8")) as { config: object }).config,
    );
    for (const key of ["registry", "tier"]) expect(config[key].default).toBe(schema[`:${key}`]);
  });

  it("makes a configuration without a problem out of one answer, and refuses none", () => {
    const stack = { project: "shop", name: "organization/shop/dev" };
    expect(checkStack({ ...stack, values: answer({ project: "web/shop" }) })).toEqual([]);
    expect(checkStack({ ...stack, values: answer({}) })).not.toEqual([]);
  });

  it("makes what `slipway init` writes for the same answers", () => {
    const { peerDependencies, version } = readSlipwayPackage();
    const written = renderProgram({
      name: "shop",
      folder: ".",
      stacks: ["dev", "prod"],
      gitlab: { url: "https://gitlab.example.com", path: "web/shop" },
      registry: "gitlab.example.com:5050",
      context: "..",
      dockerfile: "../Dockerfile",
      site: "..",
      dependencies: {
        ...peerDependencies,
        pulumi: findCliVersion(peerDependencies),
        slipway: `^${version}`,
      },
      remarks: [],
    });
    const files = ["package.json", "index.js", ".gitignore"];
    expect(readdirSync(folder).sort()).toEqual([...files, "Pulumi.yaml"].sort());
    const parseFile = (file: string, text: string): unknown =>
      file.endsWith(".json") ? JSON.parse(text) : text;
    for (const file of files) {
      expect([file, parseFile(file, read(file))]).toEqual([file, parseFile(file, written[file])]);
    }

    const { config: common, ...rest } = parse(written["Pulumi.yaml"]) as Record<string, unknown>;
    expect(project).toEqual({ ...rest, template: project.template });
    const own = (parse(written["Pulumi.dev.yaml"]) as { config: Record<string, string> }).config;
    const answers = {
      project: "web/shop",
      registry: "gitlab.example.com:5050",
      "gitlab:baseUrl": "https://gitlab.example.com/api/v4/",
    };
    expect(answer(answers)).toEqual({ ...readDefaults("shop", common), ...own });
  });
});

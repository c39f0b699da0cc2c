import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { openStack } from "../../../cli/pulumi/openStack";
import { findStackFile, readProject } from "../../../cli/pulumi/project";
import { FakeIo } from "../../support/cli";

let cwd: string;

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "project-"));
});

afterEach(() => rmSync(cwd, { recursive: true }));

const write = (text: string, file = "Pulumi.yaml") => writeFileSync(join(cwd, file), text);

describe("readProject", () => {
  it.each([
    ["plain", "name: site\n"],
    ["in quotes", 'name: "site"\n'],
    ["with a comment", "# The project\nname: site # of the web team\n"],
    ["in another order", "runtime: nodejs\nname:   'site'\n"],
  ])("reads a name %s", (_, text) => {
    write(text);
    expect(readProject(cwd).name).toBe("site");
  });

  it("reads Pulumi.yml, and the folder of the stacks' files", () => {
    write("name: site\nmain: program\nstackConfigDir: stacks\n", "Pulumi.yml");
    expect(readProject(cwd)).toEqual({
      name: "site",
      main: "program",
      stackFolder: "stacks",
      extension: ".yml",
      defaults: {},
    });
  });

  it("reads the configuration for all stacks", () => {
    write(`name: site
config:
  project: web/site
  replicas:
    type: integer
    default: 2
  host:
    description: Only a description
  gitlab:baseUrl:
    value: https://gitlab.example.com
`);
    expect(readProject(cwd).defaults).toEqual({
      "site:project": "web/site",
      "site:replicas": "2",
      "gitlab:baseUrl": "https://gitlab.example.com",
    });
  });

  it("says what is wrong with the project", () => {
    const file = join(cwd, "Pulumi.yaml");
    expect(() => readProject(cwd)).toThrow(
      `There is no \`${file}\`. Run this in the project's folder, or name it with \`--cwd\`.`,
    );
    write("runtime: nodejs\n");
    expect(() => readProject(cwd)).toThrow(`\`${file}\` has no \`name\`.`);
    write("name: [\n");
    expect(() => readProject(cwd)).toThrow(`\`${file}\` is not YAML: `);
  });
});

describe("findStackFile", () => {
  it.each([
    ["prod", "name: site\n", "Pulumi.prod.yaml"],
    ["organization/site/prod", "name: site\n", "Pulumi.prod.yaml"],
    ["prod", "name: site\nstackConfigDir: ./stacks/\n", "stacks/Pulumi.prod.yaml"],
  ])("of %s", (stack, text, expected) => {
    write(text);
    expect(findStackFile(cwd, stack)).toBe(expected);
  });
});

describe("openStack", () => {
  it("reads what commands need to know of the selected stack", async () => {
    write("name: gatsby-site\n");
    const io = new FakeIo({ dev: { config: { project: "web/site" } } });
    expect(await openStack({ cwd }, io)).toMatchObject({
      project: "gatsby-site",
      stack: "dev",
      values: { "gatsby-site:project": "web/site" },
    });
  });

  it("refuses the stack of another project", async () => {
    write("name: site\n");
    await expect(openStack({ cwd, stack: "acme/shop/prod" }, new FakeIo({}))).rejects.toThrow(
      "`acme/shop/prod` is a stack of project `shop`, but the project here is `site`. Name the folder of `shop` with `--cwd`, or use a stack of `site`: prod.",
    );
  });
});

import * as fs from "node:fs";

import { parse } from "yaml";

import { renderConfigurationPage, renderPulumiYaml } from "../../config/documentation";
import { keys } from "../../config/schema";
import { checkStack } from "../support/stackConfig";

const stale = "Run `npm run generate`.";

/** Fails with a line to run, beside the difference. */
function expectCurrent(file: string, rendered: string): void {
  expect({ text: fs.readFileSync(file, "utf8"), stale }).toEqual({ text: rendered, stale });
}

describe("Pulumi.yaml", () => {
  const text = fs.readFileSync("Pulumi.yaml", "utf8");

  it("declares the keys of the schema", () => {
    expectCurrent("Pulumi.yaml", renderPulumiYaml(text));
  });

  it("has every key with its type, description and default", () => {
    const { config } = parse(text) as { config: Record<string, unknown> };
    const expected = [...keys].map(([key, { declared, description, type }]) => [
      key,
      { type, description, default: declared },
    ]);
    expect(config).toEqual(Object.fromEntries(expected));
  });

  it("keeps what is not configuration", () => {
    const project =
      "name: x\nconfig:\n  old:\n    type: string\n\n  # note\nbackend:\n  url: file://~\n";
    const rendered = renderPulumiYaml(project);

    expect(rendered).toMatch(/^name: x\nconfig:\n {2}project:\n/);
    expect(rendered).toMatch(/\nbackend:\n {2}url: file:\/\/~\n$/);
    expect(rendered).not.toContain("old:");
    expect(renderPulumiYaml(rendered)).toBe(rendered);
  });

  it.each([...keys])("describes `%s` in one sentence", (_, { description }) => {
    expect(description).toMatch(/^[A-Z].*[^.]$/);
  });

  it.each(["dev", "staging", "prod"])("comes with a valid stack %s", (stack) => {
    const { config } = parse(fs.readFileSync(`Pulumi.${stack}.yaml`, "utf8")) as {
      config: Record<string, unknown>;
    };
    const values = Object.fromEntries(
      Object.entries(config).map(([key, value]) => [
        key,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    );
    expect(checkStack({ name: `organization/gatsby-site/${stack}`, values })).toEqual([]);
  });
});

describe("docs/configuration.md", () => {
  it("describes the keys of the schema", () => {
    expectCurrent("docs/configuration.md", renderConfigurationPage());
  });

  it("describes the fields of structured keys", () => {
    expect(renderConfigurationPage()).toContain(
      "- `pull`: Credentials that the cluster pulls with\n  - `username`: User name\n",
    );
  });
});

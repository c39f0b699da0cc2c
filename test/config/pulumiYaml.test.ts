import * as fs from "node:fs";

import { parse } from "yaml";

import { findConfigProblems } from "../../config/problems";
import { keys, schema } from "../../config/schema";
import { env } from "../support/stackConfig";

describe("Pulumi.yaml", () => {
  interface Declaration {
    type: string;
    description: string;
    default: unknown;
  }
  const project = parse(fs.readFileSync("Pulumi.yaml", "utf8")) as {
    name: string;
    config: Record<string, Declaration>;
  };

  it("declares every key with its type, a description and the program's default", () => {
    const declared = Object.entries(project.config).map(
      ([key, { default: value, description }]) => {
        expect(description).not.toBe("");
        return [key, typeof value === "string" ? value : JSON.stringify(value)];
      },
    );
    const expected = keys.map((key) => [key, schema[key].default]);

    expect(Object.fromEntries(declared)).toEqual(Object.fromEntries(expected));
  });

  it("says a type that the default has", () => {
    const types = {
      boolean: "boolean",
      number: "integer",
      object: "object",
      string: "string",
    };
    for (const { default: value, type } of Object.values(project.config)) {
      expect(type).toBe(types[typeof value as keyof typeof types]);
    }
  });

  it.each(["dev", "staging", "prod"])("comes with a stack %s that is right", (stack) => {
    const { config } = parse(fs.readFileSync(`Pulumi.${stack}.yaml`, "utf8")) as {
      config: Record<string, unknown>;
    };
    const values = Object.fromEntries(
      Object.entries(config).map(([key, value]) => [
        key,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    );
    const full = `organization/${project.name}/${stack}`;
    const configured = { name: full, values, secrets: [] };
    expect(findConfigProblems(project.name, configured, env)).toEqual([]);
  });
});

import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import ts from "typescript";

import { TestStack } from "../soak/credentials/stack";
import { checkout, git } from "./support/checkout";
import { installed, installPackage, runInstalled } from "./support/package";

const minuteMs = 60_000;
const project = "handbook";

beforeAll(installPackage, 10 * minuteMs);

/** The first block of code of a language in docs/components.md. */
function readExample(language: string): string {
  const page = readFileSync(join(checkout, "docs", "components.md"), "utf8");
  return new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, "m").exec(page)?.[1] ?? "";
}

describe("the installed package", () => {
  it("brings no sandbox, no TypeScript and no loader of it", () => {
    const unwanted = ["@swc", "esbuild", "fastify", "slipway-sandbox", "ts-node", "tsx"];
    const modules = readdirSync(join(installed, "node_modules"));
    expect(modules.filter((name) => [...unwanted, "typescript"].includes(name))).toEqual([]);
  });

  it("runs its command", () => {
    expect(runInstalled("npx", "slipway", "--help")).toMatch(
      /^Usage: slipway .*\n[^]*\n {2}promote /,
    );
  });

  it("has the command of its own version", () => {
    const { version } = JSON.parse(
      readFileSync(join(installed, "node_modules/slipway/package.json"), "utf8"),
    ) as { version: string };
    expect(runInstalled("npx", "slipway", "--version")).toBe(`${version}\n`);
  });

  it("declares the types that the documentation's example needs", () => {
    writeFileSync(join(installed, "example.ts"), readExample("ts"));
    const options = ["--module", "nodenext", "--strict", "--skipLibCheck", "--noEmit"];
    const tsc = join(checkout, "node_modules", ".bin", "tsc");
    expect(runInstalled(tsc, ...options, "--types", "", "example.ts")).toBe("");
  });

  it("registers the documentation's example with mocks", () => {
    const code = ts.transpile(readExample("ts"), {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2022,
    });
    writeFileSync(join(installed, "example.js"), code);
    writeFileSync(
      join(installed, "mocks.js"),
      `const pulumi = require("@pulumi/pulumi");
      const registered = [];
      pulumi.runtime.setMocks({
        call: ({ token }) => { throw new Error(token); },
        newResource: ({ type, name, inputs }) => {
          registered.push(type + " " + name);
          return { id: name + "-id", state: { digest: "sha256:" + "0".repeat(64), ref: "", ...inputs } };
        },
      }, "handbook", "test").then(async () => {
        const { url } = require("./example.js");
        await new Promise((resolve) => url.apply(resolve));
        console.log(registered.sort().join("\\n"));
      });`,
    );
    mkdirSync(join(installed, "site"), { recursive: true });
    writeFileSync(join(installed, "site", "Dockerfile"), "FROM scratch\n");
    expect(runInstalled("node", "mocks.js")).toMatchInlineSnapshot();
  });
});

describe("a program of two lines", () => {
  let stack: TestStack;

  beforeAll(async () => {
    cpSync(join(checkout, "site"), join(installed, "site"), { recursive: true });
    writeFileSync(join(installed, "index.js"), readExample("js"));
    writeFileSync(
      join(installed, "Pulumi.yaml"),
      `name: ${project}\nruntime: nodejs\nmain: index.js\n`,
    );
    writeFileSync(join(installed, ".gitignore"), "node_modules\n");
    git(installed, "init", "--quiet");
    stack = await TestStack.create("two-lines", {}, { folder: installed, project });
  }, 10 * minuteMs);

  afterAll(() => stack.remove(), 5 * minuteMs);

  it(
    "deploys the site, by the installed command",
    async () => {
      await stack.up();
      const home = await fetch(await stack.output("url"));
      expect(home.status).toBe(200);
      expect(await home.text()).toContain('id="___gatsby"');
      expect(await stack.expectNoChanges()).toMatch(/\d+ unchanged/);
    },
    10 * minuteMs,
  );
});

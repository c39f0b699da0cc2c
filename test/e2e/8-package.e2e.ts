import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import ts from "typescript";
import { parse } from "yaml";

import { TestStack } from "../soak/credentials/stack";
import { checkout, git, inSandbox } from "./support/checkout";
import { installed, installPackage, runInstalled } from "./support/package";

const minuteMs = 60_000;
const project = "handbook";

// The compiler and npx take their time on a busy machine.
jest.setTimeout(3 * minuteMs);

beforeAll(installPackage, 10 * minuteMs);

/** The blocks of code in docs/components.md. */
function readExamples() {
  const page = readFileSync(join(checkout, "docs", "components.md"), "utf8");
  const blocks = [...page.matchAll(/^```\w+\n([^]*?)^```$/gm)].map(([, code = ""]) => code);
  const [components = "", runtime = "", typescript = "", javascript = ""] = blocks;
  return { components, javascript, runtime, typescript };
}

describe("the template of `pulumi new`", () => {
  it("becomes a program's folder", async () => {
    const folder = mkdtempSync(join(tmpdir(), "slipway-new-"));
    try {
      await inSandbox(
        `pulumi new '${checkout}/templates/new' --generate-only --yes --name handbook --dir '${folder}'`,
      );
      expect(readdirSync(folder).sort()).toEqual([
        ".gitignore",
        "Pulumi.yaml",
        "index.js",
        "package.json",
      ]);
      expect(parse(readFileSync(join(folder, "Pulumi.yaml"), "utf8"))).toMatchObject({
        name: "handbook",
        runtime: { name: "nodejs" },
      });
      expect(readFileSync(join(folder, "package.json"), "utf8")).toContain('"handbook-deploy"');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

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

  it.each([
    ["nodenext", "tsc", ["--module", "nodenext"]],
    // TypeScript 7 does not know this resolution any more.
    [
      "Pulumi's template",
      "tsc6",
      "--module commonjs --moduleResolution node10 --ignoreDeprecations 6.0".split(" "),
    ],
  ])(
    "declares the types of the documentation's examples, for modules as in %s",
    (_, compiler, options) => {
      const { components, typescript } = readExamples();
      writeFileSync(join(installed, "example.ts"), components);
      writeFileSync(join(installed, "twoLines.ts"), typescript);
      const all = [...options, "--ignoreConfig", "--strict", "--skipLibCheck", "--noEmit"];
      const tsc = join(checkout, "node_modules", ".bin", compiler);
      expect(runInstalled(tsc, ...all, "example.ts", "twoLines.ts")).toBe("");
    },
  );

  it("registers the documentation's example with mocks", () => {
    const code = ts.transpile(readExamples().components, {
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
        require("./example.js");
        await pulumi.runtime.disconnect();
        console.log(registered.sort().join("\\n"));
      });`,
    );
    mkdirSync(join(installed, "site"), { recursive: true });
    writeFileSync(join(installed, "site", "Dockerfile"), "FROM scratch\n");
    expect(runInstalled("node", "mocks.js").trim().split("\n")).toEqual([
      "docker-build:index:Image site-image",
      "gitlab:index/projectDeployToken:ProjectDeployToken registry-pull-a",
      "gitlab:index/projectDeployToken:ProjectDeployToken registry-pull-b",
      "gitlab:index/projectDeployToken:ProjectDeployToken registry-push",
      "kubernetes:apps/v1:Deployment handbook",
      "kubernetes:core/v1:Namespace handbook-namespace",
      "kubernetes:core/v1:Secret handbook-pull",
      "kubernetes:core/v1:Service handbook-service",
      "kubernetes:core/v1:ServiceAccount handbook-account",
      "kubernetes:networking.k8s.io/v1:Ingress handbook-ingress",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy handbook-network",
      "kubernetes:policy/v1:PodDisruptionBudget handbook-budget",
      "pulumi:providers:gitlab gitlab",
      "pulumi:providers:kubernetes cluster",
      "slipway:index:GatsbySite handbook",
      "slipway:index:PullSecret handbook-pull",
      "slipway:index:RegistryAccess registry",
      "slipway:index:SiteImage site-image",
    ]);
  });
});

describe("a program of one line", () => {
  let stack: TestStack;

  beforeAll(async () => {
    cpSync(join(checkout, "site"), join(installed, "site"), { recursive: true });
    const { javascript, runtime } = readExamples();
    writeFileSync(join(installed, "index.js"), javascript);
    writeFileSync(join(installed, "Pulumi.yaml"), `name: ${project}\n${runtime}`);
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

  it(
    "is the same program in TypeScript",
    async () => {
      runInstalled("npm", "install", "--ignore-scripts", "--prefer-offline", "typescript@5");
      rmSync(join(installed, "index.js"));
      writeFileSync(join(installed, "Pulumi.yaml"), `name: ${project}\nruntime: nodejs\n`);
      writeFileSync(join(installed, "index.ts"), readExamples().typescript);
      expect(await stack.expectNoChanges()).toMatch(/\d+ unchanged/);
      const manifests = await stack.run(`npx slipway manifests ${stack.fullName}`);
      expect(manifests).toContain(`image: ${await stack.output("image")}\n`);
    },
    5 * minuteMs,
  );
});

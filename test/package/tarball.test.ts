import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const repository = resolve(__dirname, "..", "..");
const minuteMs = 60_000;

const run = (program: string, ...args: string[]): string =>
  execFileSync(program, args, { cwd: repository, encoding: "utf8", stdio: "pipe" });

/** Files of the working tree below a folder, or one file, with new ones and without ignored ones. */
const listFiles = (...paths: string[]): string[] =>
  run("git", "ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate", ...paths)
    .split("\n")
    .filter(Boolean);

let folder: string;
let packed: { filename: string; files: { path: string; mode: number }[] };

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-tarball-"));
  run("npm", "run", "build");
  const [result] = JSON.parse(
    run("npm", "pack", "--json", "--ignore-scripts", "--pack-destination", folder),
  ) as [typeof packed];
  packed = result;
}, 5 * minuteMs);

afterAll(() => rmSync(folder, { recursive: true }));

describe("the package's tarball", () => {
  it("holds the compiled program, components and command, the pipeline, and nothing else", () => {
    // These write the documentation of a checkout.
    const unpublished = ["config", "policy"].flatMap((folder) =>
      ["documentation.ts", "generate.ts"].map((file) => `${folder}/${file}`),
    );
    const compiled = listFiles("index.ts", "cli", "components", "config", "policy")
      .filter((file) => file.endsWith(".ts") && !unpublished.includes(file))
      .flatMap((file) => [".d.ts", ".js"].map((end) => `dist/${file.replace(/\.ts$/, end)}`));
    const expected = [
      ...compiled,
      // `pulumi new` takes its template from a repository.
      ...listFiles("ci", "templates").filter((file) => !file.startsWith("templates/new/")),
      ...[
        "CHANGELOG.md",
        "LICENSE",
        "README.md",
        "cli/compileCache.js",
        "cli/slipway.js",
        "package.json",
      ],
      // What `--policy-pack` names. It starts the compiled policies.
      ...["PulumiPolicy.yaml", "package.json", "start.js"].map((file) => `policy/${file}`),
    ];
    expect(packed.files.map(({ path }) => path).sort()).toEqual(expected.sort());
  });

  it("holds nothing of the sandbox, the tests, the sample site or a checkout's own stacks", () => {
    const paths = packed.files.map(({ path }) => path);
    const foreign =
      /(^|\/)(sandbox|test|site|sdks|bench|docs|examples)\/|Pulumi|\.tsbuildinfo$|\.map$|(?<!\.d)\.ts$/;
    // The components that run in Kubernetes are in a folder of that name.
    const found = paths.filter((path) => foreign.test(path.replace("components/site/", "")));
    expect(found).toEqual(["policy/PulumiPolicy.yaml"]);
  });

  it("lets the command and the pipeline's scripts be run", () => {
    const executable = packed.files
      .filter(({ mode }) => (mode & 0o111) !== 0)
      .map(({ path }) => path);
    const scripts = listFiles("-s", "ci").filter((line) => line.startsWith("100755"));
    expect(executable.sort()).toEqual([
      ...scripts.map((line) => line.split("\t").at(-1)),
      "cli/slipway.js",
    ]);
  });

  it("has a package.json that publint finds no fault with", () => {
    const output = run("npx", "publint", "run", join(folder, packed.filename), "--strict");
    expect(output).toContain("All good!");
  });
});

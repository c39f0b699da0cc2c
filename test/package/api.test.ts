import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const minuteMs = 60_000;
jest.setTimeout(5 * minuteMs);

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-api-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs TypeDoc as `npm run docs:api` does, with further options. */
function generate(...options: string[]): { readonly status: number | null; readonly said: string } {
  const { status, stderr, stdout } = spawnSync("npx", ["typedoc", ...options], {
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
  });
  return { status, said: stdout + stderr };
}

describe("the API's documentation", () => {
  it("is generated from the docstrings without a warning, with the values that a type has", () => {
    const { said, status } = generate("--out", folder);
    expect(said).not.toMatch(/\[(warning|error)\]/);
    expect(status).toBe(0);
    const page = readFileSync(join(folder, "types", "components.Tier.html"), "utf8");
    expect(page).toContain("&quot;staging&quot;");
  });

  it("is not generated with a docstring that is missing, a link that is broken or a type that is not exported", () => {
    const file = join(folder, "faulty.ts");
    writeFileSync(
      file,
      `interface Hidden { readonly a: string }
/** Leads to {@link nowhere}. */
export function show(hidden: Hidden): void { void hidden; }
export const bare = 1;
`,
    );
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "faulty" }));
    const tsconfig = join(folder, "tsconfig.json");
    writeFileSync(tsconfig, JSON.stringify({ files: ["faulty.ts"] }));
    const { said, status } = generate(
      "--entryPoints",
      file,
      "--tsconfig",
      tsconfig,
      "--emit",
      "none",
    );
    expect(status).not.toBe(0);
    expect(said).toMatch(/bare .*does not have any documentation/);
    expect(said).toMatch(/Failed to resolve link to "nowhere"/);
    expect(said).toMatch(/Hidden, .*is referenced by .*but not included/);
  });
});

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { ensureTools, type EnsureOptions } from "../../../sandbox/tools/ensure";
import { ToolError } from "../../../sandbox/tools/errors";
import { planTools } from "../../../sandbox/tools/plan";
import { createPlayground, smallCatalogue, type Playground } from "./fixtures";

let playground: Playground;
let options: EnsureOptions;

beforeEach(() => {
  playground = createPlayground();
  options = {
    catalogue: smallCatalogue,
    environment: playground.environment,
    progress: "silent",
  };
});

afterEach(() => playground.remove());

describe("ensureTools", () => {
  it("builds a program with its linker flags, and its other names lead to it", async () => {
    const tools = await ensureTools(["hello", "bonjour"], options);

    expect([...tools.keys()].sort()).toEqual(["bonjour", "hello"]);
    for (const { path, source, version } of tools.values()) {
      expect({ source, version }).toEqual({ source: "built", version: "2.1.0" });
      expect(execFileSync(path, { encoding: "utf8" })).toBe("hello 2.1.0\n");
    }
  });

  it("takes what is in the cache without Go", async () => {
    const built = await ensureTools(["hello"], options);
    playground.addProgram("go", "echo no >&2; exit 1");

    await expect(ensureTools(["hello"], options)).resolves.toEqual(built);
  });

  it("uses a program on PATH whose version fits", async () => {
    const path = playground.addProgram("hello", "echo hello version v2.5.1");

    const tools = await ensureTools(["hello"], options);

    expect(Object.fromEntries(tools)).toEqual({
      hello: { path, source: "PATH", version: "2.5.1" },
    });
    expect(existsSync(playground.cache)).toBe(false);
  });

  it("does not use a program on PATH of another version, and says why", async () => {
    const path = playground.addProgram("hello", "echo hello version v3.0.0");

    const plan = await planTools(["hello"], playground.environment, smallCatalogue);

    expect(plan.notes).toEqual([`\`${path}\` is not used: it is 3.0.0, and >=2.0.0 <3 is needed.`]);
    expect(plan.steps.map(({ title }) => title)).toEqual([
      "hello 2.1.0: building it from source, as it isn't served ready to run (once; seconds on two cores)",
    ]);
  });

  it("does not use a program on PATH that doesn't tell its version", async () => {
    const path = playground.addProgram("hello", "echo hello");

    const plan = await planTools(["hello"], playground.environment, smallCatalogue);

    expect(plan.notes).toEqual([`\`${path}\` is not used: it doesn't tell its version.`]);
  });

  it("never looks on PATH for a program without a rule", async () => {
    playground.addProgram("bonjour", "echo bonjour version v2.5.1");

    const tools = await ensureTools(["bonjour"], options);

    expect(tools.get("bonjour")?.source).toBe("built");
  });

  it("does not take the cache's own program for one of the person's", async () => {
    const built = await ensureTools(["hello"], options);
    const bin = join(built.get("hello")!.path, "..");
    const environment = { ...playground.environment, PATH: `${bin}:${process.env["PATH"]}` };

    const again = await ensureTools(["hello"], { ...options, environment });

    expect(again.get("hello")?.source).toBe("built");
  });

  it("names the module, the end of its log, the log and the remedy when a build fails", async () => {
    const failure: unknown = await ensureTools(["broken"], options).catch(
      (error: unknown) => error,
    );

    expect(failure).toBeInstanceOf(ToolError);
    const { message } = failure as ToolError;
    const log = readdirSync(join(playground.cache, "tools")).find((name) => name.endsWith(".log"));
    expect(message).toContain(
      `Building \`broken\` 1.0.0 (Go module ${join(smallCatalogue.folder, "broken")}) failed. The end of its log:\n`,
    );
    expect(message).toContain("    ./main.go:5:2: undefined: undefinedFunction\n");
    expect(message).toContain(`The whole log: ${join(playground.cache, "tools", log!)}\n`);
    expect(message).toMatch(
      /Fix that and run the same command again: what has been compiled is kept\.$/,
    );
  });

  it("says so when there is no Go", async () => {
    const environment = { ...playground.environment, PATH: "/usr/bin:/bin" };

    await expect(ensureTools(["hello"], { ...options, environment })).rejects.toThrow(
      "spawn go ENOENT",
    );
  });

  it("lists all unknown names at once", async () => {
    await expect(ensureTools(["hello", "helo", "ctl"], options)).rejects.toThrow(
      "No such tool: `helo`, `ctl`. There are bonjour, broken, hello.",
    );
  });

  it("builds once when two runs want the same at once", async () => {
    const real = execFileSync("sh", ["-c", "command -v go"], { encoding: "utf8" }).trim();
    const calls = join(playground.cache, "..", "calls");
    playground.addProgram("go", `echo called >>'${calls}'; exec '${real}' "$@"`);

    await Promise.all([ensureTools(["hello"], options), ensureTools(["hello"], options)]);

    expect(execFileSync("cat", [calls], { encoding: "utf8" })).toBe("called\n");
  });

  it("goes on after a run that was killed in the middle", async () => {
    const { home, lock } = await findPlaces();
    // WHEN the killed run left half of its folder, and held the lock until it was killed
    mkdirSync(join(`${home}.partial`, "bin"), { recursive: true });
    writeFileSync(join(`${home}.partial`, "bin", "hello"), "half a program");
    const killed = spawn("flock", [lock, "sh", "-c", "echo held; exec cat"], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    await once(killed.stdout, "data");
    const waiting = ensureTools(["hello"], options);
    killed.stdin.destroy();

    // THEN the next one makes a whole one
    const tools = await waiting;
    expect(execFileSync(tools.get("hello")!.path, { encoding: "utf8" })).toBe("hello 2.1.0\n");
    expect(existsSync(`${home}.partial`)).toBe(false);
  });
});

/** Where the cache has the small program: found by having it made, and thrown away again. */
async function findPlaces(): Promise<{ home: string; lock: string }> {
  const tools = await ensureTools(["hello"], options);
  const home = join(tools.get("hello")!.path, "..", "..");
  execFileSync("rm", ["-r", home]);
  return { home, lock: `${home}.lock` };
}

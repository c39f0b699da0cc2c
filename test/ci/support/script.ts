import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";

const repository = resolve(__dirname, "..", "..", "..");

/** How a script ended. */
export interface EndedScript {
  readonly code: number;
  readonly output: string;
  /** The calls of stub programs, each a line. */
  readonly calls: readonly string[];
}

/** An empty folder in which a script of ci/ runs, with stub programs before all others. */
export class ScriptWorld {
  public readonly folder = mkdtempSync(join(tmpdir(), "slipway-ci-"));
  private readonly log = join(this.folder, "calls");

  constructor() {
    writeFileSync(this.log, "");
  }

  public remove(): void {
    rmSync(this.folder, { recursive: true });
    // What scripts keep beside the project's folder.
    rmSync(`${this.folder}.tmp`, { recursive: true, force: true });
  }

  public write(name: string, text: string): string {
    const file = join(this.folder, name);
    writeFileSync(file, text);
    return file;
  }

  public read(name: string): string {
    return readFileSync(join(this.folder, name), "utf8");
  }

  /** Adds a program that logs how it was called, and then runs a script. */
  public stub(name: string, script = ""): void {
    const file = this.write(name, `#!/bin/bash\necho "${name} $*" >>"${this.log}"\n${script}\n`);
    chmodSync(file, 0o755);
  }

  /** Runs `ci/<name>`, with these variables and no others of a job. */
  public run(command: string, env: Readonly<Record<string, string>> = {}): Promise<EndedScript> {
    return this.bash(`scripts='${join(repository, "ci")}'; "$scripts"/${command}`, env);
  }

  /** Sources `ci/prepare.sh`, and then runs more lines. */
  public prepare(lines: string, env: Readonly<Record<string, string>> = {}): Promise<EndedScript> {
    return this.bash(`. "${join(repository, "ci", "prepare.sh")}"\n${lines}`, env);
  }

  /** Runs lines of bash. */
  public bash(script: string, env: Readonly<Record<string, string>> = {}): Promise<EndedScript> {
    const path = [this.folder, dirname(process.execPath), "/usr/bin", "/bin"].join(delimiter);
    const child = spawn("bash", ["-c", `set -euo pipefail\n${script}`], {
      cwd: this.folder,
      env: { PATH: path, HOME: this.folder, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (text: Buffer) => (output += text.toString()));
    }
    return new Promise((resolveEnded, reject) => {
      child.on("error", reject);
      child.on("close", (code) => {
        const calls = readFileSync(this.log, "utf8").split("\n").filter(Boolean);
        writeFileSync(this.log, "");
        resolveEnded({ code: code ?? -1, output, calls });
      });
    });
  }
}

import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const repository = resolve(__dirname, "..", "..", "..");

/** The template in a git repository of its own, on a branch that is not the default one. */
export class TemplateCopy {
  private readonly folder = mkdtempSync(join(tmpdir(), "slipway-template-"));

  public async prepare(): Promise<this> {
    for (const name of [".gitlab-ci.yml", "templates"]) {
      cpSync(join(repository, name), join(this.folder, name), { recursive: true });
    }
    await this.git("init", "--quiet", "--initial-branch", "change");
    await this.git("remote", "add", "origin", "https://gitlab.example.com/web/site.git");
    await this.git("add", ".");
    const author = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
    await this.git(...author, "commit", "--quiet", "--message", "Add the pipeline");
    return this;
  }

  public remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  /** Names of the jobs that a pipeline with these variables has, as gitlab-ci-local reads the rules. */
  public async listJobs(variables: Readonly<Record<string, string>>): Promise<string[]> {
    const given = Object.entries({ CI_DEFAULT_BRANCH: "main", ...variables });
    const options = given.flatMap(([key, value]) => ["--variable", `${key}=${value}`]);
    const { stdout } = await run(
      process.execPath,
      [require.resolve("gitlab-ci-local"), "--list-csv", ...options],
      { cwd: this.folder, env: { ...process.env, HOME: this.folder } },
    );
    const lines = stdout.trim().split("\n");
    const head = lines.findIndex((line) => line.startsWith("name;"));
    return lines.slice(head + 1).map((line) => line.split(";", 1)[0].replace(/^"|"$/g, ""));
  }

  private git(...args: string[]): Promise<unknown> {
    return run("git", args, { cwd: this.folder });
  }
}

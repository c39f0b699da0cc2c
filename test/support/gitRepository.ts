import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

/** A test's own repository, in a temporary folder. */
export class GitRepository {
  public readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), "slipway-repository-"));

  constructor() {
    this.git("init", "--quiet", "--initial-branch=main");
  }

  public git(...args: string[]): string {
    const identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com"];
    return execFileSync("git", [...identity, ...args], {
      cwd: this.folder,
      encoding: "utf8",
      stdio: "pipe",
    }).trim();
  }

  /** Writes a file. */
  public write(file: string, content = `${file}\n`): void {
    const target = this.path(file);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(target, content);
  }

  /** Commits all files and returns the commit's id. */
  public commit(): string {
    this.git("add", "--all");
    this.git("commit", "--quiet", "--no-gpg-sign", "--allow-empty", "--message=Change");
    return this.git("rev-parse", "HEAD");
  }

  public path(file: string): string {
    return path.join(this.folder, file);
  }

  public remove(): void {
    fs.rmSync(this.folder, { recursive: true });
  }
}

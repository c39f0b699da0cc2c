import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { checkout, git, inSandbox } from "./checkout";
import { connectGitLab, host } from "./gitlab";
import { installed } from "./package";

/** Files that `slipway init` writes beside a site: nobody has prepared the repositories of these tests. */
const prepared = ["Dockerfile", ".dockerignore", "nginx.conf", "README.md"];

/** A team's repository with a site, as a clone of its project on GitLab. */
export class SiteRepository {
  public readonly folder: string;

  constructor(public readonly name: string) {
    this.folder = join(checkout, "..", "sites", name);
    rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(this.folder, { recursive: true });
    git(this.folder, "init", "--quiet", "--initial-branch=main");
    git(this.folder, "remote", "add", "origin", `git@${host}:shapes/${name}.git`);
  }

  /** Copies the sample's own files, without what Slipway needs of them, into a folder. */
  public addSample(folder = "."): void {
    const source = join(checkout, "site");
    for (const entry of readdirSync(source).filter((name) => !prepared.includes(name))) {
      cpSync(join(source, entry), join(this.folder, folder, entry), { recursive: true });
    }
  }

  public write(file: string, content: string): void {
    mkdirSync(dirname(join(this.folder, file)), { recursive: true });
    writeFileSync(join(this.folder, file), content);
  }

  public commit(): void {
    git(this.folder, "add", "--all");
    const identity = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
    git(this.folder, ...identity, "commit", "--quiet", "--message", "A site");
  }

  /** Creates the project of the repository on GitLab. */
  public async createProject(): Promise<void> {
    const gitlab = await connectGitLab();
    try {
      await gitlab.control.seed({
        users: [{ username: "slipway", name: "Slipway" }],
        groups: [{ path: "shapes" }],
        projects: [{ path: `shapes/${this.name}` }],
        members: [{ username: "slipway", role: "owner", group: "shapes" }],
      });
    } finally {
      await gitlab.close();
    }
  }

  /** Runs a command at the top of the repository, with the installed package's `slipway` on PATH. */
  public run(command: string): Promise<string> {
    const bin = join(installed, "node_modules", ".bin");
    return inSandbox(`cd '${this.folder}'; PATH='${bin}':$PATH; ${command}`);
  }

  /** Options of `slipway init` for packages that are on no registry. */
  public get dependencies(): string {
    const tarballs = readdirSync(join(installed, "tarballs"));
    return tarballs
      .map((file) => {
        const name = file.startsWith("slipway-") ? "slipway" : "@pulumi/gitlab";
        return `--dependency '${name}@file:${join(installed, "tarballs", file)}'`;
      })
      .join(" ");
  }

  /** Removes what was deployed. */
  public async destroy(stack: string): Promise<void> {
    await this.run(
      `cd deploy; pulumi destroy --stack ${stack} --yes --skip-preview; pulumi stack rm --stack ${stack} --yes`,
    );
  }
}

import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { checkout, git, inSandbox } from "../../e2e/support/checkout";
import { host, type TestGitLab } from "../../e2e/support/gitlab";
import { installed } from "../../e2e/support/package";
import type { Files } from "./files";

/** A program that `slipway init` writes. */
export interface Program {
  /** Folder of the program. */
  readonly folder: string;
  /** Further options of `slipway init`. */
  readonly options?: string;
}

/** A repository with a Gatsby site, as a team has it before it knows Slipway. */
export interface Shape {
  /** Full path of its GitLab project. */
  readonly project: string;
  readonly files: Files;
  /** Command at the repository's top that creates the lock file. */
  readonly lock?: string;
  /** Command in the program's folder that configures the stack `dev` before its first update. */
  readonly configure?: string;
  /** Address of the git remote. @default GitLab's, by https */
  readonly remote?: string;
  /** One for each site. @default one in `deploy` */
  readonly programs?: readonly Program[];
}

/** A clone of such a repository on this machine. */
export class SiteRepository {
  private constructor(
    public readonly folder: string,
    private readonly programs: readonly Program[],
    private readonly installation: string,
  ) {}

  /**
   * Creates the project in GitLab, and the clone.
   *
   * @param installation folder where the package is installed whose command is used
   */
  static async create(
    shape: Shape,
    gitlab: TestGitLab,
    installation = installed,
  ): Promise<SiteRepository> {
    const { files, lock, programs = [{ folder: "deploy" }], project } = shape;
    const { remote = `https://${host}/${project}.git` } = shape;
    const groups = project.split("/").slice(0, -1);
    await gitlab.control.seed({
      groups: groups.map((_, index) => ({ path: groups.slice(0, index + 1).join("/") })),
      projects: [{ path: project }],
    });

    const folder = join(checkout, "..", "sites", project.replaceAll("/", "-"));
    const repository = new SiteRepository(folder, programs, installation);
    await repository.remove();
    repository.write(files);
    if (lock !== undefined) await repository.run(lock);
    git(folder, "init", "--quiet", "--initial-branch=main");
    git(folder, "remote", "add", "origin", remote);
    repository.commit("A site");
    return repository;
  }

  private get slipway(): string {
    return join(this.installation, "node_modules", ".bin", "slipway");
  }

  write(files: Files): void {
    for (const [file, content] of Object.entries(files)) {
      const path = join(this.folder, file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
    }
  }

  commit(message: string): void {
    git(this.folder, "add", "--all");
    const identity = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
    git(this.folder, ...identity, "commit", "--quiet", "--message", message);
  }

  /** `slipway init --yes` for each site. The programs take the packed package. */
  async init(): Promise<string> {
    const dependencies = listDependencies(this.installation).join(" ");
    const commands = this.programs.map(
      ({ folder, options = "" }) =>
        `'${this.slipway}' init --yes --folder ${folder} ${dependencies} ${options}`,
    );
    return this.run(commands.join(" && "));
  }

  /** `slipway up --yes` for each program, at the repository's top if it has only one. */
  async up(): Promise<string> {
    const [{ folder }, ...others] = this.programs;
    const folders = [folder, ...others.map((other) => other.folder)];
    const commands = folders.map((name) =>
      others.length === 0
        ? `'${this.slipway}' up --yes`
        : `'${this.slipway}' --cwd ${name} up --yes`,
    );
    return this.run(`export npm_config_prefer_offline=true; ${commands.join(" && ")}`);
  }

  /** Gets a page from the pods of the stack `dev`. */
  async fetch(path: string, folder = this.programs[0].folder): Promise<Response> {
    const url = await this.runIn(folder, "pulumi stack output url --stack dev");
    return fetch(new URL(path, url.trim()), { redirect: "manual" });
  }

  /** Runs a command at the repository's top that has to succeed. */
  run(command: string): Promise<string> {
    return inSandbox(`cd '${this.folder}'; ${command}`);
  }

  /** Runs a command in a program's folder that has to succeed. */
  runIn(folder: string, command: string): Promise<string> {
    return inSandbox(`cd '${join(this.folder, folder)}'; ${command}`);
  }

  /** Deletes what the programs' stacks created, and the clone; an earlier run may have left both. */
  async remove(): Promise<void> {
    for (const { folder } of this.programs) {
      if (!existsSync(join(this.folder, folder, "node_modules"))) continue;
      await this.runIn(
        folder,
        `for stack in $(pulumi stack ls --json | node -p 'JSON.parse(fs.readFileSync(0)).map(({ name }) => name).join(" ")'); do
          pulumi destroy --stack "$stack" --yes --skip-preview --remove || exit
        done`,
      );
    }
    rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(this.folder, { recursive: true });
  }
}

/** The package and the local SDK are in no registry: npm installs their tarballs. */
function listDependencies(installation: string): string[] {
  const tarballs = join(installation, "tarballs");
  return readdirSync(tarballs).map((file) => {
    const name = file.startsWith("slipway-") ? "slipway" : "@pulumi/gitlab";
    return `--dependency '${name}@file:${join(tarballs, file)}'`;
  });
}

import { readFileSync } from "node:fs";

import { init, type InitOptions } from "../../../../cli/commands/init";
import { FakeIo } from "../../../support/cli";
import { GitRepository } from "../../../support/gitRepository";

/** Files of a repository, by path. */
export type Files = Readonly<Record<string, string>>;

/** The smallest site, in a folder. */
export function site(folder = ".", manifest: object = {}): Files {
  const prefix = folder === "." ? "" : `${folder}/`;
  return {
    [`${prefix}package.json`]: json({
      name: "site",
      scripts: { build: "gatsby build" },
      dependencies: { gatsby: "^5.13.0" },
      ...manifest,
    }),
    [`${prefix}gatsby-config.js`]: "module.exports = {};\n",
    [`${prefix}src/pages/index.js`]: "export default () => null;\n",
  };
}

/** JSON as package managers write it. */
export function json(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** A repository with a remote, in which `slipway init` is run. */
export class Shape {
  public readonly repository = new GitRepository();
  public readonly io = new FakeIo({});

  constructor(files: Files, remote = "git@gitlab.example.com:web/site.git") {
    for (const [file, content] of Object.entries(files)) this.repository.write(file, content);
    if (remote !== "") this.repository.git("remote", "add", "origin", remote);
    this.repository.commit();
  }

  /** Runs `slipway init` and returns the files that it created or changed. */
  public async init(options: Partial<InitOptions> = {}): Promise<string[]> {
    await init(
      {
        cwd: this.repository.folder,
        folder: "deploy",
        stacks: ["dev", "staging", "prod"],
        dependency: [],
        // Tests of the pipeline ask for it.
        pipeline: false,
        yes: true,
        dryRun: false,
        ...options,
      },
      this.io,
    );
    const status = this.repository.git("status", "--porcelain", "--untracked-files=all");
    return status.split("\n").map((line) => line.replace(/^\s*\S+\s+/, ""));
  }

  public read(file: string): string {
    return readFileSync(this.repository.path(file), "utf8");
  }

  /** The lines of the Dockerfile that differ between sites. */
  public readDockerfile(file = "Dockerfile"): string[] {
    return this.read(file)
      .replace(/ \\\n\s*/g, " ")
      .split("\n")
      .filter((line) =>
        /^(ARG NODE_IMAGE|WORKDIR|ENV (PATH|YARN)|RUN .*with-env|COPY --from=builder)/.test(line),
      )
      .map((line) => line.replace(/--mount=type=secret,id=(ca|env) /g, ""));
  }

  public remove(): void {
    this.repository.remove();
  }
}

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";

import { stringify } from "yaml";

import type { JobRequest } from "../../../sandbox/gitlab/control/jobs";
import { ensureTools } from "../../../sandbox/tools/ensure";
import { checkout, git, shell, type Ended } from "../../e2e/checkout";
import { project, type TestGitLab } from "../../e2e/gitlab";

/** Folder of all that a pipeline's run leaves: the clone, the runner's home and state. */
const folder = join(checkout, ".sandbox", "pipeline");

/** The clone that the jobs come from, with GitLab as its origin. */
export const clone = join(folder, "clone");

/** A variable's values, by the environment that each is for: what the project's settings have. */
export type ProjectVariables = Readonly<Record<string, string | Readonly<Record<string, string>>>>;

/** A job that ended. */
export interface EndedJob extends Ended {
  /** Where it ran, as the run says. */
  readonly executor: "shell" | "container";
}

/** Clones the checkout anew, as a runner does, with GitLab's address as origin. */
export function cloneForPipeline(): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, "home"), { recursive: true });
  git(folder, "clone", "--quiet", checkout, clone);
  git(clone, "checkout", "--quiet", "-B", "main");
  git(clone, "remote", "set-url", "origin", `https://gitlab.thelinuxlabs.com/${project}.git`);
}

/** Runs jobs of one pipeline with their real scripts, by `gitlab-ci-local`, one GitLab job for each. */
export class Pipeline {
  private id: number | undefined;

  constructor(
    private readonly gitlab: TestGitLab,
    private readonly request: Omit<JobRequest, "project" | "user" | "pipeline" | "name">,
    private readonly settings: ProjectVariables,
  ) {}

  /**
   * Runs one job to its end, with GitLab's predefined variables and the project's own.
   *
   * @param variables of this pipeline, as a schedule or a person who starts it sets them
   */
  async run(name: string, variables: Readonly<Record<string, string>> = {}): Promise<EndedJob> {
    const job = await this.gitlab.control.startJob({
      ...this.request,
      ...(this.id === undefined ? {} : { pipeline: this.id }),
      project,
      user: "maintainer",
      name: name.replace(/:.*/, ""),
    });
    this.id = job.pipelineId;
    const ended = await runLocally(name, { ...job.variables, ...variables }, this.settings);
    await this.gitlab.control.endJob(job, ended.code === 0 ? "success" : "failed");
    const executor = ended.output.includes("starting shell") ? "shell" : "container";
    const how = ended.code === 0 ? "passed" : "failed";
    process.stdout.write(`job ${name}: ${how}, in a ${executor}\n`);
    return { ...ended, executor };
  }
}

async function runLocally(
  name: string,
  variables: Readonly<Record<string, string>>,
  settings: ProjectVariables,
): Promise<Ended> {
  const file = join(folder, "variables.yml");
  writeFileSync(file, stringify(describeSettings(settings)));
  const { path } = (await ensureTools(["rsync"], { progress: "silent" })).get("rsync") ?? {};
  const program = require.resolve("gitlab-ci-local");
  const options = [
    ...["--force-shell-executor", "--shell-isolation", "--no-color"],
    ...["--state-dir", "../state", "--home", join(folder, "home")],
    ...["--variables-file", "../variables.yml"],
    ...Object.entries(variables).flatMap(([key, value]) => ["--variable", `${key}=${value}`]),
  ];
  // Of the sandbox a job sees the programs alone: all else comes from its variables.
  const environment = [
    `PATH="$PATH${delimiter}${dirname(path ?? "")}"`,
    `HOME=${join(folder, "home")}`,
    `npm_config_userconfig=${join(homedir(), ".npmrc")}`,
    `GCL_IGNORE_PREDEFINED_VARS=${Object.keys(variables).join(",")}`,
  ];
  const quoted = [name, ...options].map(quote).join(" ");
  return shell(
    `eval "$(make -s env)"; cd '${clone}'; exec env -i ${environment.join(" ")} node ${program} ${quoted} 2>&1`,
  );
}

/** The settings as `gitlab-ci-local` reads them. A path would be taken for a file variable's content. */
function describeSettings(settings: ProjectVariables): object {
  const entries = Object.entries(settings).map(([key, value]) => {
    const values = typeof value === "string" ? { "*": value } : value;
    return [key, { type: "variable", values }];
  });
  return Object.fromEntries(entries) as object;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

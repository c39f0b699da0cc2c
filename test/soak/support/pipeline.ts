import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";

import { stringify } from "yaml";

import type { JobRequest } from "../../../sandbox/gitlab/control/jobs";
import { ensureTools } from "../../../sandbox/tools/ensure";
import { checkout, git, shell, type Ended } from "../../e2e/support/checkout";
import { page } from "../../e2e/support/edit";
import { project, type TestGitLab } from "../../e2e/support/gitlab";
import type { Runner } from "./runner";

/** Folder of everything that a pipeline run leaves: the clone, and the runner's home and state. */
export const folder = join(checkout, ".sandbox", "pipeline");

/** The clone in which the jobs run, with GitLab as its origin. */
export const clone = join(folder, "clone");

/** A project's variables, with their values by environment, as in the project's settings. */
export type ProjectVariables = Readonly<Record<string, string | Readonly<Record<string, string>>>>;

/** A job that ended. */
export interface EndedJob extends Ended {
  /** Where the job ran, according to its output. */
  readonly executor: "shell" | "container";
}

/** Clones the checkout again, as a runner does, with GitLab's address as origin. */
export function cloneForPipeline(): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, "home"), { recursive: true });
  git(folder, "clone", "--quiet", checkout, clone);
  git(clone, "checkout", "--quiet", "-B", "main");
  // Uses the pipeline as a site's repository does. This repository's own tests are not part of it.
  writeFileSync(
    join(clone, ".gitlab-ci.yml"),
    stringify({
      include: [{ local: "/templates/slipway.yml", inputs: { test: "npm run build" } }],
    }),
  );
  commit("Use the pipeline");
  git(clone, "remote", "set-url", "origin", `https://gitlab.thelinuxlabs.com/${project}.git`);
}

/** Commits a change of a page, so that the next build creates another image. */
export function commitPage(sentence: string): void {
  const file = join(clone, page);
  writeFileSync(file, readFileSync(file, "utf8").replace("</p>", ` ${sentence}</p>`));
  commit("Change a page");
}

function commit(message: string): void {
  const author = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
  git(clone, ...author, "commit", "--quiet", "--all", "--message", message);
}

/** A clone in which jobs run, and its project on GitLab. */
export interface PipelineRepository {
  readonly clone: string;
  /** Full path. */
  readonly project: string;
}

/** Runs jobs of one pipeline with their real scripts, with `gitlab-ci-local`, each as a GitLab job. */
export class Pipeline {
  private id: number | undefined;

  constructor(
    private readonly gitlab: TestGitLab,
    private readonly request: Omit<JobRequest, "project" | "user" | "pipeline" | "name">,
    private readonly settings: ProjectVariables,
    private readonly runner: Runner,
    private readonly repository: PipelineRepository = { clone, project },
  ) {}

  /**
   * Runs one job until it ends, with GitLab's predefined variables and the project's own.
   *
   * @param variables variables of this pipeline, as a schedule or the user who starts it sets them
   */
  async run(name: string, variables: Readonly<Record<string, string>> = {}): Promise<EndedJob> {
    const job = await this.gitlab.control.startJob({
      ...this.request,
      ...(this.id === undefined ? {} : { pipeline: this.id }),
      project: this.repository.project,
      user: "maintainer",
      name: name.replace(/:.*/, ""),
    });
    this.id = job.pipelineId;
    const ended = await this.runLocally(name, { ...job.variables, ...variables });
    await this.gitlab.control.endJob(job, ended.code === 0 ? "success" : "failed");
    const executor = ended.output.includes("starting shell") ? "shell" : "container";
    const how = ended.code === 0 ? "passed" : "failed";
    process.stdout.write(`job ${name}: ${how}, in a ${executor}\n`);
    return { ...ended, executor };
  }

  private async runLocally(
    name: string,
    variables: Readonly<Record<string, string>>,
  ): Promise<Ended> {
    const file = join(this.repository.clone, "..", "variables.yml");
    writeFileSync(file, stringify(describeSettings(this.settings)));
    const { path } = (await ensureTools(["rsync"], { progress: "silent" })).get("rsync") ?? {};
    const program = require.resolve("gitlab-ci-local");
    const options = [
      "--no-color",
      ...["--state-dir", "../state", "--home", join(folder, "home")],
      ...["--variables-file", "../variables.yml"],
      ...this.runner.options,
      ...Object.entries(variables).flatMap(([key, value]) => ["--variable", `${key}=${value}`]),
    ];
    // The runner gets only the programs of the sandbox, and a job only its variables.
    const environment = [
      `PATH="$PATH${delimiter}${dirname(path ?? "")}"`,
      `HOME=${join(folder, "home")}`,
      `GCL_IGNORE_PREDEFINED_VARS=${Object.keys(variables).join(",")}`,
    ];
    const quoted = [name, ...options].map(quote).join(" ");
    return shell(
      `eval "$(make -s env)"; cd '${this.repository.clone}'; exec env -i ${environment.join(" ")} node ${program} ${quoted} 2>&1`,
    );
  }
}

/** Runs a job that has to pass, in a container, and show no token. Returns what it printed. */
export async function expectPassed(
  pipeline: Pipeline,
  name: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { code, executor, output } = await pipeline.run(name, variables);
  expect({ name, code, tail: code === 0 ? "" : output.slice(-4000) }).toEqual({
    name,
    code: 0,
    tail: "",
  });
  expect(output).not.toMatch(/gl(dt|pat|cbt)-[\w-]{8}/);
  expect(executor).toBe("container");
  return output;
}

/** Variables of type File. The table in docs/pipeline.md allows both types; the unit tests use the other one. */
const fileVariables = ["SLIPWAY_KUBECONFIG", "SLIPWAY_CA_CERTIFICATE"];

/** Returns the settings in the format of `gitlab-ci-local`. */
function describeSettings(settings: ProjectVariables): object {
  const entries = Object.entries(settings).map(([key, value]) => {
    const values = typeof value === "string" ? { "*": value } : value;
    return [key, { type: fileVariables.includes(key) ? "file" : "variable", values }];
  });
  return Object.fromEntries(entries) as object;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import type * as pulumi from "@pulumi/pulumi";

import type * as support from "./engine";
import { type Answers, type Computed, type FakeEngine, promiseOf, type Stacks } from "./engine";
import { leavePipeline } from "./pipeline";
import { FakeRegistry } from "./registry";

/** Repository of the program's images. */
export const image = "gitlab.example.com:5050/web/gatsby-site";

/** The smallest valid configuration. */
export const config = {
  "gatsby-site:project": "web/gatsby-site",
  "gatsby-site:registry": "gitlab.example.com:5050",
};

/** The program's outputs, by name. */
export type Outputs = Record<string, pulumi.Output<unknown>>;

/**
 * Runs the tests of a file in a folder with the smallest site, as on a developer's machine, outside of a pipeline.
 */
export function inSmallestProject(): void {
  // Each run loads the program and the SDKs again, which takes seconds on a busy machine.
  jest.setTimeout(60_000);

  let site: string;
  const home = process.cwd();

  beforeAll(() => {
    // Paths in the configuration are relative to the program, so this folder has the smallest site.
    site = fs.mkdtempSync(path.join(os.tmpdir(), "slipway-program-"));
    fs.mkdirSync(path.join(site, "site"));
    fs.writeFileSync(path.join(site, "site", "Dockerfile"), "FROM scratch\n");
    process.chdir(site);
    // Each copy of the modules adds a listener for the end of the process.
    process.setMaxListeners(0);
    process.env.GITLAB_TOKEN = "glpat-of-the-person";
    delete process.env.KUBECONFIG;
    delete process.env.NODE_EXTRA_CA_CERTS;
  });

  beforeEach(leavePipeline);

  afterAll(() => {
    process.chdir(home);
    fs.rmSync(site, { recursive: true });
  });
}

/** Options of a run: the engine's answers. */
export interface Options {
  readonly preview?: boolean;
  readonly deployed?: boolean;
  readonly computed?: Computed;
  readonly functions?: Answers;
  readonly project?: string;
  readonly stack?: string;
  readonly stacks?: Stacks;
}

/** Installs a new engine. The program gets new modules too, so the engine must use the same copies. */
export async function install(
  values: Record<string, string>,
  options: Options = {},
  secrets: string[] = [],
): Promise<FakeEngine> {
  jest.resetModules();
  const { FakeEngine: Engine } = jest.requireActual<typeof support>("./engine");
  const { runtime } = jest.requireActual<typeof pulumi>("@pulumi/pulumi");
  FakeRegistry.reinstall();
  const engine = await Engine.install(options);
  runtime.setAllConfig(values, secrets);
  return engine;
}

/** Runs index.ts as Pulumi would, and returns its outputs. */
export function start(): Promise<Outputs> {
  return jest.requireActual<() => Promise<Outputs>>("../../index")();
}

/** Runs the program with a new engine until everything is registered. */
export async function run(
  values: Record<string, string> = {},
  options: Options = {},
): Promise<{ engine: FakeEngine; outputs: Outputs }> {
  const engine = await install({ ...config, ...values }, options);
  const outputs = await start();
  await engine.settle();
  return { engine, outputs };
}

/** Returns the values of the program's outputs. */
export async function valuesOf(outputs: Outputs): Promise<Record<string, unknown>> {
  const entries = Object.entries(outputs).map(async ([name, output]) => [
    name,
    await promiseOf(output),
  ]);
  return Object.fromEntries(await Promise.all(entries)) as Record<string, unknown>;
}

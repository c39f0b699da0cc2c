import { join } from "node:path";

import { Listr } from "listr2";

import { ensureClusterCredentials } from "../cluster/clusterCredentials";
import { startControlPlane } from "../cluster/controlPlane";
import { startWorker } from "../cluster/worker";
import { deployStack } from "../pulumi/deployStack";
import {
  computeEnvironment,
  pathWithoutSandboxes,
  prepareEnvironment,
} from "../pulumi/environment";
import { makeBaseImages } from "../images/baseImages";
import { openInstance, type Instance } from "../host/instance";
import { installPlugins } from "../pulumi/installPlugins";
import { installPolicyPack } from "../pulumi/policyPack";
import { isFree, startNode } from "../host/node";
import { findPrograms, type Programs } from "../tools/programs";
import { buildkitAddress, startBuildKit } from "../services/buildkit";
import { startGitLabSimulator } from "../services/gitlab";
import { locateMirror, startMirror, startRegistry } from "../services/registry";
import { cacheFolder, withLock } from "../tools/cache";
import { ensureTrust } from "../host/trust";

/** A running sandbox. */
export interface Sandbox {
  readonly instance: Instance;
  /** Environment variables of a program that uses the sandbox. */
  readonly environment: Readonly<Record<string, string>>;
  readonly programs: Programs;
}

/**
 * Starts the parts of the sandbox that don't run yet: finds or builds the tools, starts the servers, and creates the
 * missing plugins and base images. Deploys nothing.
 */
export async function startSandbox(name?: string): Promise<Sandbox> {
  // `make up` must also work in a shell that has the sandbox's environment.
  process.env["PATH"] = pathWithoutSandboxes();
  const programs = await findPrograms();
  const instance = openInstance(name, isFree);
  const trust = await ensureTrust(instance);
  const credentials = await ensureClusterCredentials(instance);
  // Set at the end, because the first start creates the GitLab token.
  let environment: Record<string, string> = {};

  await new Listr(
    [
      { title: "Node", task: () => startNode(instance, programs.pause) },
      {
        title: "Servers",
        task: (_, task) =>
          task.newListr(
            [
              {
                title: "GitLab simulator",
                task: () => startGitLabSimulator(instance, trust),
              },
              {
                title: "Container registry",
                task: () => startRegistry(instance, trust, programs.registry),
              },
              {
                title: "BuildKit and base images",
                task: async (__, images) => {
                  await startMirror(instance, trust, programs.registry);
                  await startBuildKit(instance, trust, programs);
                  await makeBaseImages({
                    toolPaths: programs,
                    buildkitAddress: buildkitAddress(instance),
                    mirror: locateMirror(instance, trust),
                    workDirectory: join(cacheFolder(process.env), "images"),
                    progress: (line) => (images.output = line),
                  });
                },
              },
              {
                title: "Kubernetes",
                task: async () => {
                  await startControlPlane(instance, credentials, programs);
                  await startWorker(instance, trust, credentials, programs);
                },
              },
            ],
            { concurrent: true },
          ),
      },
      {
        title: "Pulumi and its plugins",
        task: async (_, task) => {
          prepareEnvironment(instance, programs);
          installPolicyPack(instance);
          environment = computeEnvironment(instance, trust, credentials);
          task.title = `Plugins: ${await installPlugins(instance, programs, environment)}`;
        },
      },
    ],
    { fallbackRenderer: "simple" },
  ).run();

  return { instance, environment, programs };
}

/**
 * `make up` and `make docs`: starts the sandbox and deploys a stack to it with one `pulumi up`: the sample site (`dev`)
 * or the documentation's (`docs`). Only one run at a time.
 *
 * @returns the site's URL, which is reachable
 */
export async function up(stack: "dev" | "docs", name?: string): Promise<string> {
  const lock = join(openInstance(name, isFree).root, "up.lock");
  const waiting = (): void =>
    console.log("Another `make up` or `make docs` runs here: waiting for it to end.");
  return withLock(lock, waiting, async () => {
    const { instance, environment } = await startSandbox(name);
    return deployStack({ instance, environment, stack });
  });
}

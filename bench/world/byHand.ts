import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { checkout } from "../../test/e2e/support/checkout";
import { registry } from "../../test/e2e/support/gitlab";
import { describeSite } from "./manifests";
import { waitUntilServed } from "./page";
import type { BenchSandbox } from "./sandbox";
import { findTool } from "./tools";

export const repository = `${registry}/web/gatsby-site`;
const site = join(checkout, "site");

/** Folder for what peers need: outside of what git and the program look at. */
export const work = join(checkout, ".sandbox", "bench");

/** A peer: a site in a namespace of its own, made and updated as a person does it without Slipway. */
export class SiteByHand {
  private releases = 0;

  private constructor(
    private readonly sandbox: BenchSandbox,
    private readonly buildctl: string,
    readonly name: string,
    readonly url: string,
  ) {}

  /**
   * Creates the site: namespace, pull secret, Deployment and Service. Its pods have no image until the first release.
   *
   * @param image image that it begins with
   */
  public static async create(
    sandbox: BenchSandbox,
    name: string,
    image: string,
  ): Promise<SiteByHand> {
    const buildctl = await findTool("buildctl");
    writeLogin(sandbox);
    const objects = describeSite({
      name,
      image,
      login: renderLogin(sandbox),
      resources: await readResources(sandbox),
    });
    const input = JSON.stringify({ apiVersion: "v1", kind: "List", items: objects });
    await sandbox.run(["kubectl", "apply", "--filename", "-"], { input });
    const options = ["--namespace", name, "--output", "jsonpath={.spec.clusterIP}"];
    const address = await sandbox.run(["kubectl", "get", "service", "site", ...options]);
    const made = new SiteByHand(sandbox, buildctl, name, `http://${address.trim()}`);
    await made.awaitRollout();
    return made;
  }

  /** Builds, pushes and deploys the checkout's site, and waits until the sentence is served. */
  public async release(
    sentence: string,
    options: { readonly isCold?: boolean } = {},
  ): Promise<void> {
    const image = `${repository}/${this.name}:${process.pid}-${(this.releases += 1)}`;
    await this.build(image, options);
    await this.deploy(image);
    await waitUntilServed(this.url, sentence);
  }

  /** Builds and pushes as the program does, with a cache in the registry of its own, or with none. */
  private async build(image: string, { isCold = false } = {}): Promise<void> {
    const cache = `type=registry,ref=${repository}/${this.name}:cache`;
    const caches = [
      ...["--import-cache", cache],
      ...["--export-cache", `${cache},mode=max,image-manifest=true,oci-mediatypes=true`],
    ];
    await runBuildctl(this.sandbox, this.buildctl, [
      ...["--output", `type=image,name=${image},push=true`],
      ...(isCold ? [] : caches),
    ]);
  }

  /** Deploys an image, and waits until its pods are ready. */
  public async deploy(image: string): Promise<void> {
    const place = ["--namespace", this.name] as const;
    const set = ["set", "image", "deployment/site", `web=${image}`] as const;
    await this.sandbox.run(["kubectl", ...set, ...place]);
    await this.awaitRollout();
  }

  private async awaitRollout(): Promise<void> {
    const options = ["--namespace", this.name, "--timeout", "120s"];
    await this.sandbox.run(["kubectl", "rollout", "status", "deployment/site", ...options]);
  }

  /** Deletes the site. */
  public async remove(): Promise<void> {
    const options = ["--ignore-not-found", "--wait=false"];
    await this.sandbox.run(["kubectl", "delete", "namespace", this.name, ...options]);
  }
}

/**
 * Builds the checkout's site, or another context, with `buildctl`, with the program's build arguments and secrets.
 *
 * @returns the build's progress
 */
export function runBuildctl(
  sandbox: BenchSandbox,
  buildctl: string,
  options: readonly string[],
  context = site,
): Promise<string> {
  const command = [
    ...[buildctl, "--addr", sandbox.buildkit, "build", "--frontend", "dockerfile.v0"],
    ...["--local", `context=${context}`, "--local", `dockerfile=${context}`],
    ...["--opt", "build-arg:BUILDKIT_MULTI_PLATFORM=1", "--opt", "build-arg:SOURCE_DATE_EPOCH=0"],
    ...["--secret", `id=ca,src=${sandbox.variable("NODE_EXTRA_CA_CERTS")}`],
    ...options,
  ] as [string, ...string[]];
  return sandbox.runWithNames(command, { env: { DOCKER_CONFIG: loginFolder }, withErrors: true });
}

/** Forgets what BuildKit has built and kept, as on a new runner. */
export async function forgetBuilds(sandbox: BenchSandbox): Promise<void> {
  await sandbox.run([await findTool("buildctl"), "--addr", sandbox.buildkit, "prune", "--all"]);
}

/** `DOCKER_CONFIG` with the login of the sandbox's token. */
export const loginFolder = join(work, "docker");

/** Writes that login. */
export function writeLogin(sandbox: BenchSandbox): void {
  mkdirSync(loginFolder, { recursive: true });
  writeFileSync(join(loginFolder, "config.json"), renderLogin(sandbox), { mode: 0o600 });
}

/** Content of Docker's config.json with the login of the sandbox's token. */
export function renderLogin(sandbox: BenchSandbox): string {
  const auth = Buffer.from(`bench:${sandbox.variable("GITLAB_TOKEN")}`).toString("base64");
  return JSON.stringify({ auths: { [registry]: { auth } } });
}

/** What the program's pods may use: a peer with more would be faster for that alone. */
export async function readResources(sandbox: BenchSandbox): Promise<unknown> {
  const path = "jsonpath={.spec.template.spec.containers[0].resources}";
  const options = ["--namespace", "gatsby-site-dev", "--output", path];
  return JSON.parse(await sandbox.run(["kubectl", "get", "deployment", "gatsby-site", ...options]));
}

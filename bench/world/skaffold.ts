import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { stringify } from "yaml";

import { checkout } from "../../test/e2e/support/checkout";
import { describeSite } from "./manifests";
import { loginFolder, readResources, renderLogin, repository, work } from "./byHand";
import { waitUntilServed } from "./page";
import type { BenchSandbox } from "./sandbox";
import { findTool } from "./tools";

const name = "bench-skaffold";
const image = `${repository}/${name}`;
const folder = join(work, "skaffold");

/**
 * A peer: the same site with skaffold. Its own builders need a Docker engine or a cluster that builds; what it has for
 * BuildKit is a custom build, whose script gets the image's name.
 */
export class SkaffoldSite {
  private constructor(
    private readonly sandbox: BenchSandbox,
    private readonly program: string,
    private url: string,
  ) {}

  /** Writes skaffold's configuration and the site's manifests, and deploys the site once. */
  public static async create(sandbox: BenchSandbox): Promise<SkaffoldSite> {
    const program = await findTool("skaffold");
    const buildctl = await findTool("buildctl");
    mkdirSync(folder, { recursive: true });
    const site = {
      name,
      image,
      login: renderLogin(sandbox),
      resources: await readResources(sandbox),
    };
    const [namespace, secret, ...objects] = describeSite(site);
    const input = JSON.stringify({ apiVersion: "v1", kind: "List", items: [namespace, secret] });
    await sandbox.run(["kubectl", "apply", "--filename", "-"], { input });
    writeFileSync(join(folder, "site.yaml"), objects.map((one) => stringify(one)).join("---\n"));
    writeFileSync(join(folder, "build.sh"), renderBuild(sandbox, buildctl));
    writeFileSync(join(folder, "skaffold.yaml"), stringify(configuration));
    const made = new SkaffoldSite(sandbox, program, "");
    await made.run();
    const options = ["--namespace", name, "--output", "jsonpath={.spec.clusterIP}"];
    const address = await sandbox.run(["kubectl", "get", "service", "site", ...options]);
    made.url = `http://${address.trim()}`;
    return made;
  }

  /** Builds and deploys with `skaffold run`, and waits until the sentence is served. */
  public async release(sentence: string): Promise<void> {
    await this.run();
    await waitUntilServed(this.url, sentence);
  }

  private async run(): Promise<void> {
    // It asks for updates of itself and counts its use unless it is told not to.
    const env = {
      DOCKER_CONFIG: loginFolder,
      SKAFFOLD_UPDATE_CHECK: "false",
      SKAFFOLD_INTERACTIVE: "false",
      HOME: folder,
    };
    await this.sandbox.runWithNames([this.program, "run", "--filename", "skaffold.yaml"], {
      cwd: folder,
      env,
    });
  }

  /** Deletes the site. */
  public async remove(): Promise<void> {
    const options = ["--ignore-not-found", "--wait=false"];
    await this.sandbox.run(["kubectl", "delete", "namespace", name, ...options]);
  }
}

const configuration = {
  apiVersion: "skaffold/v4beta13",
  kind: "Config",
  metadata: { name: "bench" },
  build: {
    artifacts: [
      {
        image,
        context: join(checkout, "site"),
        custom: {
          buildCommand: `sh ${join(folder, "build.sh")}`,
          dependencies: { paths: ["."], ignore: ["node_modules/**", ".cache/**", "public/**"] },
        },
      },
    ],
    local: { push: true },
    tagPolicy: { inputDigest: {} },
  },
  manifests: { rawYaml: ["site.yaml"] },
  deploy: { kubectl: {}, statusCheckDeadlineSeconds: 120 },
};

/** The same build as by hand; skaffold sets `IMAGE` and `BUILD_CONTEXT`. */
function renderBuild(sandbox: BenchSandbox, buildctl: string): string {
  const cache = `type=registry,ref=${image}:cache`;
  return [
    `exec ${buildctl} --addr ${sandbox.buildkit} build --frontend dockerfile.v0`,
    `--local context="$BUILD_CONTEXT" --local dockerfile="$BUILD_CONTEXT"`,
    "--opt build-arg:BUILDKIT_MULTI_PLATFORM=1 --opt build-arg:SOURCE_DATE_EPOCH=0",
    `--secret id=ca,src=${sandbox.variable("NODE_EXTRA_CA_CERTS")}`,
    `--import-cache ${cache} --export-cache ${cache},mode=max,image-manifest=true,oci-mediatypes=true`,
    `--output type=image,name="$IMAGE",push=true\n`,
  ].join(" \\\n  ");
}

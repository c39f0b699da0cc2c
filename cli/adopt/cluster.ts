import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Kubectl } from "../doctor/kubectl";
import { UserError } from "../errors";
import type { ObjectList } from "../kubernetesObjects";
import type { ClusterObject } from "./objects";

/** Paths of the API by kind, for those that are deleted. */
const collections = { Deployment: "apis/apps/v1", Secret: "api/v1" } as const;

/** The objects of one namespace, read and changed with kubectl. A call that fails ends the command. */
export class NamespaceClient {
  constructor(
    private readonly kubectl: Kubectl,
    private readonly namespace: string,
  ) {}

  /**
   * Reads all objects of some kinds.
   *
   * @param kinds plural names with their groups, such as `deployments.apps`
   * @throws UserError if one kind can't be read: what is not seen might be in use
   */
  public async list(kinds: readonly string[]): Promise<readonly ClusterObject[]> {
    const text = await this.run([
      "get",
      kinds.join(","),
      "--output",
      "json",
      "--show-managed-fields",
    ]);
    return (JSON.parse(text) as ObjectList<ClusterObject>).items;
  }

  /**
   * Applies a JSON patch, which may test what it replaces.
   *
   * @throws UserError if a test of the patch fails: somebody has changed the object meanwhile
   */
  public async patch(resource: string, name: string, operations: readonly object[]): Promise<void> {
    await this.run([
      "patch",
      resource,
      name,
      "--type",
      "json",
      "--patch",
      JSON.stringify(operations),
    ]);
  }

  /** Deletes an object if it is still the one that was read: same uid, same version. */
  public async remove({ kind, metadata }: ClusterObject): Promise<void> {
    const { name, resourceVersion, uid } = metadata;
    const collection = collections[kind as keyof typeof collections];
    const path = `/${collection}/namespaces/${this.namespace}/${kind.toLowerCase()}s/${name}`;
    const folder = mkdtempSync(join(tmpdir(), "slipway-adopt-"));
    try {
      const file = join(folder, "options.json");
      const options = {
        apiVersion: "v1",
        kind: "DeleteOptions",
        propagationPolicy: "Background",
        preconditions: { uid, resourceVersion },
      };
      writeFileSync(file, JSON.stringify(options));
      await this.run(["delete", "--raw", path, "--filename", file], false);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  private async run(args: readonly string[], hasNamespace = true): Promise<string> {
    const all = hasNamespace ? [...args, "--namespace", this.namespace] : args;
    const { code, stderr, stdout } = await this.kubectl.run(all);
    if (code === 0) return stdout;
    const answer = stderr.trim().replaceAll("\n", "\n  ");
    throw new UserError(
      `\`kubectl ${args[0]} ${args[1]}\` failed in the namespace \`${this.namespace}\`:\n  ${answer}\nIf an object has changed meanwhile, run this again. If you lack a right, docs/adopting.md lists those that are needed.`,
    );
  }
}

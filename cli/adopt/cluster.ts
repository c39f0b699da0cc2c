import type { Kubectl } from "../doctor/kubectl";
import { UserError } from "../errors";
import type { ObjectList } from "../kubernetesObjects";
import type { ProcessResult } from "../process/run";
import type { JsonPatch } from "./formerTarget";
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
    const options = ["--output", "json", "--show-managed-fields"];
    const text = await this.run(["get", kinds.join(","), ...options]);
    return (JSON.parse(text) as ObjectList<ClusterObject>).items;
  }

  /**
   * Changes an object by a JSON patch, if it is still the version that was read.
   *
   * @throws UserError if somebody has changed it meanwhile
   */
  public async patch({ kind, metadata }: ClusterObject, changes: JsonPatch): Promise<void> {
    const { name, resourceVersion } = metadata;
    const test = { op: "test", path: "/metadata/resourceVersion", value: resourceVersion };
    const patch = JSON.stringify([test, ...changes]);
    await this.run(["patch", kind.toLowerCase(), name, "--type", "json", "--patch", patch]);
  }

  /** Deletes an object if it is still the one that was read: same uid, same version. */
  public async remove({ kind, metadata }: ClusterObject): Promise<void> {
    const { name, resourceVersion, uid } = metadata;
    const collection = collections[kind as keyof typeof collections];
    const path = `/${collection}/namespaces/${this.namespace}/${kind.toLowerCase()}s/${name}`;
    const options = {
      apiVersion: "v1",
      kind: "DeleteOptions",
      propagationPolicy: "Background",
      preconditions: { uid, resourceVersion },
    };
    const args = ["delete", "--raw", path];
    this.expectSuccess(args, await this.kubectl.runWith(options, args));
  }

  private async run(args: readonly string[]): Promise<string> {
    const all = [...args, "--namespace", this.namespace];
    return this.expectSuccess(args, await this.kubectl.run(all));
  }

  private expectSuccess(args: readonly string[], result: ProcessResult): string {
    const { code, stderr, stdout } = result;
    if (code === 0) return stdout;
    const answer = stderr.trim().replaceAll("\n", "\n  ");
    throw new UserError(
      `\`kubectl ${args[0]} ${args[1]}\` failed in the namespace \`${this.namespace}\`:\n  ${answer}\nIf an object has changed meanwhile, run this again. If you lack a right, docs/adopting.md lists those that are needed.`,
    );
  }
}

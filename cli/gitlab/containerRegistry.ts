import type { CleanupPolicy } from "../../config/cleanupPolicy";
import type { GitLabClient } from "./client";

/** A repository of a project's container registry. */
export interface RepositoryInfo {
  readonly id: number;
  /** `group/project[/name]`. */
  readonly path: string;
  /** Pending operation of GitLab, such as `delete_scheduled`; null if there is none. */
  readonly status: string | null;
}

/** A tag, as GitLab's API describes it. */
export interface TagInfo {
  readonly name: string;
  /** Undefined if GitLab can't read the tag's image. Its cleanup policy then keeps the tag. */
  readonly digest: string | undefined;
  /** RFC 3339 time; undefined if GitLab doesn't know it, as for an index. */
  readonly createdAt: string | undefined;
}

/** The policy as GitLab's API describes it. Fields without a value are null or missing. */
interface PolicyBody {
  readonly enabled?: boolean | null;
  readonly cadence?: string | null;
  readonly keep_n?: number | null;
  readonly older_than?: string | null;
  readonly name_regex?: string | null;
  readonly name_regex_delete?: string | null;
  readonly name_regex_keep?: string | null;
}

/** Number of concurrent requests: GitLab returns the details of only one tag per request. */
const requestsAtOnce = 8;

/** A project's container registry, through GitLab's REST API. */
export class ContainerRegistry {
  private readonly root: string;

  /** @param project path or number */
  constructor(
    private readonly client: Pick<GitLabClient, "call" | "listAll">,
    project: string,
  ) {
    this.root = `/projects/${encodeURIComponent(project)}`;
  }

  /** Lists the repositories that are not being deleted. */
  public async listRepositories(): Promise<RepositoryInfo[]> {
    const all = await this.client.listAll<RepositoryInfo>(`${this.root}/registry/repositories`);
    return all.filter(({ status }) => status === null || status === undefined);
  }

  /**
   * Lists all tags of a repository, with their digests.
   *
   * @param onRead called after each tag, with how many are read and how many there are
   */
  public async listTags(
    { id }: RepositoryInfo,
    onRead: (read: number, all: number) => void = () => undefined,
  ): Promise<TagInfo[]> {
    const path = this.locateTags(id);
    const names = (await this.client.listAll<{ name: string }>(path)).map(({ name }) => name);
    const tags: TagInfo[] = [];
    // All readers take from one list, so that none waits for another's slow answer.
    const left = names.entries();
    let read = 0;
    const readOn = async (): Promise<void> => {
      for (const [index, name] of left) {
        tags[index] = await this.readTag(path, name);
        onRead(++read, names.length);
      }
    };
    await Promise.all(Array.from({ length: requestsAtOnce }, readOn));
    return tags;
  }

  /** Reads one tag of a repository; its digest is undefined if there is no such tag. */
  public findTag({ id }: RepositoryInfo, name: string): Promise<TagInfo> {
    return this.readTag(this.locateTags(id), name);
  }

  /** Lists the patterns of protected tags; empty if this GitLab does not support such rules. */
  public async listProtectedPatterns(): Promise<string[]> {
    const path = `${this.root}/registry/protection/tag/rules`;
    const { body } = await this.client.call("GET", path, { accepted: [404] });
    return Array.isArray(body)
      ? (body as { tag_name_pattern: string }[]).map(({ tag_name_pattern }) => tag_name_pattern)
      : [];
  }

  /** Reads the project's cleanup policy. */
  public async readPolicy(): Promise<CleanupPolicy> {
    const { body } = await this.client.call("GET", this.root);
    const policy = (body as { container_expiration_policy?: PolicyBody } | undefined)
      ?.container_expiration_policy;
    return {
      enabled: policy?.enabled ?? false,
      cadence: policy?.cadence ?? "",
      keepN: policy?.keep_n ?? 0,
      olderThan: policy?.older_than ?? "",
      nameRegexDelete: policy?.name_regex_delete ?? policy?.name_regex ?? "",
      nameRegexKeep: policy?.name_regex_keep ?? "",
    };
  }

  /**
   * Sets the project's cleanup policy.
   *
   * GitLab's documentation calls the expression for tags to delete both `name_regex` and
   * `name_regex_delete`; its API's parameters have only `name_regex`, and its Terraform provider sends
   * `name_regex_delete`. GitLab ignores unknown fields, so both are sent, with the same value.
   */
  public async setPolicy(policy: CleanupPolicy): Promise<void> {
    const attributes: PolicyBody = {
      enabled: policy.enabled,
      cadence: policy.cadence,
      keep_n: policy.keepN || null,
      older_than: policy.olderThan || null,
      name_regex: policy.nameRegexDelete,
      name_regex_delete: policy.nameRegexDelete,
      name_regex_keep: policy.nameRegexKeep || null,
    };
    const body = { container_expiration_policy_attributes: attributes };
    await this.client.call("PUT", this.root, { body });
  }

  private locateTags(repository: number): string {
    return `${this.root}/registry/repositories/${repository}/tags`;
  }

  private async readTag(path: string, name: string): Promise<TagInfo> {
    const url = `${path}/${encodeURIComponent(name)}`;
    const { body } = await this.client.call("GET", url, { accepted: [404] });
    const { created_at, digest } = (body ?? {}) as { created_at?: string; digest?: string };
    return { name, digest: digest ?? undefined, createdAt: created_at ?? undefined };
  }
}

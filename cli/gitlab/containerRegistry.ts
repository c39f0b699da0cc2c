import type { CleanupPolicy } from "../../config/cleanupPolicy";
import type { GitLabApi } from "./client";

/** A repository of a project's container registry. */
export interface RepositoryInfo {
  readonly id: number;
  /** `group/project[/name]`. */
  readonly path: string;
  /** What becomes of it; null if it just stays. */
  readonly status: string | null;
}

/** A tag, as GitLab reads it. */
export interface TagInfo {
  readonly name: string;
  /** Undefined where GitLab can't read what the tag points to, and leaves it alone. */
  readonly digest: string | undefined;
  /** RFC 3339 time; undefined for what has none, such as an index. */
  readonly createdAt: string | undefined;
}

/** The policy as GitLab shows it. What it has no value for is null, or left out. */
interface PolicyBody {
  readonly enabled?: boolean | null;
  readonly cadence?: string | null;
  readonly keep_n?: number | null;
  readonly older_than?: string | null;
  readonly name_regex?: string | null;
  readonly name_regex_delete?: string | null;
  readonly name_regex_keep?: string | null;
}

/** Tags that are asked for at once: GitLab tells the details of each alone. */
const requestsAtOnce = 8;

/** The part of GitLab's REST API that is about a project's container registry. */
export class RegistryApi {
  private readonly root: string;

  /** @param project path or number */
  constructor(
    private readonly api: Pick<GitLabApi, "call" | "listAll">,
    project: string,
  ) {
    this.root = `/projects/${encodeURIComponent(project)}`;
  }

  /** The repositories that stay. */
  public async listRepositories(): Promise<RepositoryInfo[]> {
    const all = await this.api.listAll<RepositoryInfo>(`${this.root}/registry/repositories`);
    return all.filter(({ status }) => status === null || status === undefined);
  }

  /** All tags of a repository, with what they point to. */
  public async listTags({ id }: RepositoryInfo): Promise<TagInfo[]> {
    const path = `${this.root}/registry/repositories/${id}/tags`;
    const names = (await this.api.listAll<{ name: string }>(path)).map(({ name }) => name);
    const tags: TagInfo[] = [];
    for (let from = 0; from < names.length; from += requestsAtOnce) {
      const some = names.slice(from, from + requestsAtOnce);
      tags.push(...(await Promise.all(some.map((name) => this.readTag(path, name)))));
    }
    return tags;
  }

  /** Patterns of the tags that are protected. A GitLab without such rules has none. */
  public async listProtectedPatterns(): Promise<string[]> {
    const path = `${this.root}/registry/protection/tag/rules`;
    const { body } = await this.api.call("GET", path, { accepted: [404] });
    return Array.isArray(body)
      ? (body as { tag_name_pattern: string }[]).map(({ tag_name_pattern }) => tag_name_pattern)
      : [];
  }

  /** The project's cleanup policy. */
  public async readPolicy(): Promise<CleanupPolicy> {
    const { body } = await this.api.call("GET", this.root);
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
   * GitLab's documentation calls the one expression `name_regex` and `name_regex_delete`, its parameters
   * only `name_regex`, and its Terraform provider sends `name_regex_delete`. It ignores what it does not
   * know, so it is sent by both names: they can't contradict each other.
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
    await this.api.call("PUT", this.root, { body });
  }

  private async readTag(path: string, name: string): Promise<TagInfo> {
    const url = `${path}/${encodeURIComponent(name)}`;
    const { body } = await this.api.call("GET", url, { accepted: [404] });
    const { created_at, digest } = (body ?? {}) as { created_at?: string; digest?: string };
    return { name, digest: digest ?? undefined, createdAt: created_at ?? undefined };
  }
}

import { createHash } from "node:crypto";

import { describeCause } from "../cause";
import { numberAt, textAt } from "../json";
import { hasUnknown, omit, toJson, unwrapMap } from "../properties";
import type { PropertyMap } from "../properties";
import type * as api from "../provider";
import { GitLabClient, isNotFound } from "./client";
import { findConfigProblems, readSettings } from "./config";
import {
  compareTokens,
  DEFAULTS,
  findProblems,
  namesDefault,
  readAnswer,
  readInputs,
  renderRequest,
  TOKEN_KINDS,
} from "./deployToken";
import type { TokenKind } from "./deployToken";
import { readProject } from "./project";

/** Deploy tokens and projects in a GitLab, as the official plugin of the same version manages them. */
export class GitLabProvider implements api.Provider {
  readonly name = "gitlab";
  readonly version = "10.1.1";

  private client: GitLabClient | undefined;

  constructor(private readonly now: () => number = Date.now) {}

  checkConfig(news: PropertyMap): api.CheckResult {
    return { inputs: news, failures: findConfigProblems(news) };
  }

  diffConfig(olds: PropertyMap, news: PropertyMap): api.ConfigDiffResult {
    const [before, now] = [unwrapMap(olds), unwrapMap(news)];
    const keys = [...new Set([...Object.keys(before), ...Object.keys(now)])];
    const changed = keys.filter(
      (key) => key !== "version" && JSON.stringify(before[key]) !== JSON.stringify(now[key]),
    );
    return { changed, replaces: [] };
  }

  async configure(config: PropertyMap): Promise<void> {
    if (hasUnknown(config)) {
      // In a preview the provider's token may still be unknown, so it can't be checked yet.
      return;
    }
    const settings = readSettings(config);
    this.client = new GitLabClient(settings);
    if (settings.earlyAuthCheck) {
      await this.client.call("GET", "/user").catch((cause: unknown) => {
        throw new Error(
          `the GitLab API did not accept the provider's configuration: ${describeCause(cause)}\nCheck \`baseUrl\` (GITLAB_BASE_URL) and the token (GITLAB_TOKEN or \`gitlab:token\`), or set \`earlyAuthCheck\` to false.`,
          { cause },
        );
      });
    }
  }

  check(request: api.CheckRequest): api.CheckResult {
    const { news } = request;
    const inputs =
      news.name === undefined
        ? { ...news, name: automaticName(request), [DEFAULTS]: ["name"] }
        : { ...news, [DEFAULTS]: [] };
    return { inputs, failures: findProblems(kindOf(request.type), inputs, this.now()) };
  }

  diff(request: api.DiffRequest): api.DiffResult {
    return compareTokens(kindOf(request.type), request.olds, request.news);
  }

  async create({ type, properties, preview }: api.CreateRequest): Promise<api.CreateResult> {
    if (preview) {
      return { id: "", properties: omit(properties, [DEFAULTS]) };
    }
    const kind = kindOf(type);
    const inputs = toJson(unwrapMap(properties));
    const owner = textAt(inputs, kind.owner);
    const answer = await this.connected.call("POST", path(kind, owner), renderRequest(inputs));
    return { id: `${owner}:${numberAt(answer, "id")}`, properties: readAnswer(answer, properties) };
  }

  async read({ type, id, properties, inputs }: api.ReadRequest): Promise<api.ReadResult> {
    const kind = kindOf(type);
    const { owner, token } = parseId(id);
    try {
      const answer = await this.connected.call("GET", path(kind, owner, token));
      const current = { [kind.owner]: owner, ...readAnswer(answer, properties) };
      return { id, properties: current, inputs: readInputs(kind, current, inputs) };
    } catch (error) {
      if (isNotFound(error)) {
        return undefined;
      }
      throw error;
    }
  }

  update(): Promise<PropertyMap> {
    return Promise.reject(new Error("A deploy token can't be changed, only replaced."));
  }

  async delete({ type, id }: api.DeleteRequest): Promise<void> {
    const { owner, token } = parseId(id);
    try {
      await this.connected.call("DELETE", path(kindOf(type), owner, token));
    } catch (error) {
      if (!isNotFound(error)) {
        throw error;
      }
    }
  }

  async invoke({ token, args }: api.InvokeRequest): Promise<PropertyMap> {
    if (token !== GET_PROJECT) {
      throw new Error(
        `\`${token}\` is not offered by the stand-in for pulumi-resource-gitlab, which has: ${GET_PROJECT}. Put the official plugin on PATH.`,
      );
    }
    const { id, pathWithNamespace } = toJson(unwrapMap(args));
    const project = textAt({ id }, "id") || textAt({ pathWithNamespace }, "pathWithNamespace");
    if (project === "") {
      throw new Error("`getProject` needs `id` or `pathWithNamespace`.");
    }
    return readProject(
      await this.connected.call("GET", `/projects/${encodeURIComponent(project)}`),
    );
  }

  cancel(): void {
    // Requests are short, and one that creates a token must not be aborted before its answer arrives.
  }

  private get connected(): GitLabClient {
    if (this.client === undefined) {
      throw new Error(
        "The gitlab provider is not configured: a part of its configuration is unknown.",
      );
    }
    return this.client;
  }
}

const GET_PROJECT = "gitlab:index/getProject:getProject";

function kindOf(type: string): TokenKind {
  const kind = TOKEN_KINDS[type];
  if (kind === undefined) {
    throw new Error(
      `\`${type}\` is not offered by the stand-in for pulumi-resource-gitlab, which has: ${Object.keys(TOKEN_KINDS).join(", ")}. Put the official plugin on PATH.`,
    );
  }
  return kind;
}

function path({ collection }: TokenKind, owner: string, token?: string): string {
  const tokens = `/${collection}/${encodeURIComponent(owner)}/deploy_tokens`;
  return token === undefined ? tokens : `${tokens}/${encodeURIComponent(token)}`;
}

function parseId(id: string): { owner: string; token: string } {
  const end = id.lastIndexOf(":");
  if (end < 1) {
    throw new Error(`The id "${id}" is not that of a deploy token. Write it as project:tokenId.`);
  }
  return { owner: id.slice(0, end), token: id.slice(end + 1) };
}

/** Returns the token's earlier name, or a new one, which depends only on the resource and the engine's seed. */
function automaticName({ name, olds, randomSeed, autonaming }: api.CheckRequest): string {
  const before = unwrapMap(olds);
  if (namesDefault(before) && typeof before.name === "string") {
    return before.name;
  }
  const proposed = autonaming?.proposedName ?? "";
  const suffix = createHash("sha256").update(randomSeed).digest("hex").slice(0, 7);
  return proposed === "" ? `${name}-${suffix}` : proposed;
}

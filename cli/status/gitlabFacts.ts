import { parseImageReference } from "../../components/image/imageReference";
import { RegistryClient } from "../../components/registry/registryClient";
import { computeEnvironmentTag } from "../../components/release/tagNames";
import { shortenStackName } from "../../components/release/stackName";
import { GitLabClient } from "../gitlab/client";
import { readStackGitLab } from "../gitlab/connection";
import { ContainerRegistry, type RepositoryInfo, type TagInfo } from "../gitlab/containerRegistry";
import { UserError } from "../errors";
import type { ConfiguredStack } from "../pulumi/openStack";
import type { Pulumi } from "../pulumi/pulumiCli";
import type { EnvironmentOverview, RegistryOverview } from "./overview";
import { mapSideBySide, type Read, tryRead } from "./sideBySide";
import type { StackFacts } from "./stackFacts";

/** What GitLab says of a stack. */
export interface GitLabFacts {
  readonly registry: Read<RegistryFacts>;
  readonly environment: Read<EnvironmentFacts | undefined>;
}

export interface RegistryFacts extends RegistryOverview {
  /** Whether the registry no longer has the digest. */
  readonly isMissing: boolean;
  /** Tags of the stack that point to another digest in the registry, such as `env-prod`. */
  readonly moved: readonly string[];
  /** Reads the digests of the platforms in the release's index: some runtimes report those of their pods. */
  readonly readPlatforms: () => Promise<readonly string[]>;
}

export interface EnvironmentFacts extends EnvironmentOverview {
  /** Name of the user who started its last deployment. */
  readonly deployedBy: string | undefined;
  /** Number of the pipeline of its last deployment; undefined if GitLab names none. */
  readonly pipeline: string | undefined;
}

/** A stack to ask GitLab about. */
export interface GitLabStack extends ConfiguredStack {
  readonly facts: StackFacts;
}

interface EnvironmentBody {
  readonly id: number;
  readonly name: string;
  readonly last_deployment?: {
    readonly user?: { readonly name?: string } | null;
    readonly deployable?: { readonly pipeline?: { readonly id?: number } } | null;
  } | null;
}

/** A project in GitLab, whose answers several stacks need. */
interface Place {
  readonly client: GitLabClient;
  readonly api: ContainerRegistry;
  readonly path: string;
  readonly page: string;
  readonly createReader: (repository: string) => RegistryClient;
  readonly repositories: Promise<Read<RepositoryInfo[]>>;
  readonly environments: Promise<Read<EnvironmentBody[]>>;
  /** By repository and name: many stacks have the tags of one commit. */
  readonly tags: Map<string, Promise<TagInfo>>;
}

/** A person waits for the command, so GitLab gets less time than for an update. */
const limits = { timeoutMs: 4000, totalTimeoutMs: 4000 };

/** Number of stacks that GitLab is asked about at the same time, with a few requests each. */
const stacksAtOnce = 8;

/**
 * Asks GitLab about the stacks' images and environments.
 *
 * @returns by the stack's name
 */
export async function readGitLabFacts(
  stacks: readonly GitLabStack[],
  pulumi: Pick<Pulumi, "readSecret">,
  env: NodeJS.ProcessEnv,
): Promise<ReadonlyMap<string, GitLabFacts>> {
  const places = new Map<string, Place>();
  const results = await mapSideBySide(stacks, stacksAtOnce, async (stack) => {
    const place = await tryRead(() => findPlace(stack, pulumi, env, places));
    const facts = "value" in place ? await askAll(place.value, stack.facts) : undefined;
    return [stack.stack, facts ?? { registry: place, environment: place }] as const;
  });
  return new Map(results as [string, GitLabFacts][]);
}

async function findPlace(
  stack: GitLabStack,
  pulumi: Pick<Pulumi, "readSecret">,
  env: NodeJS.ProcessEnv,
  places: Map<string, Place>,
): Promise<Place> {
  const { connection } = await readStackGitLab(stack, pulumi, env);
  const path = stack.values[`${stack.project}:project`];
  const key = JSON.stringify([connection.apiUrl, connection.token, connection.caCertificate, path]);
  const known = places.get(key);
  if (known !== undefined) return known;
  const client = new GitLabClient({ ...connection, limits });
  const api = new ContainerRegistry(client, path);
  const environments = `/projects/${encodeURIComponent(path)}/environments`;
  const place = {
    client,
    api,
    path,
    // The registry accepts an access token as password, with any user name.
    createReader: (repository: string) =>
      new RegistryClient(
        repository,
        { username: "slipway", password: connection.token },
        { caCertificate: connection.caCertificate, env, ...limits },
      ),
    tags: new Map<string, Promise<TagInfo>>(),
    page: `${connection.apiUrl.replace(/\/api\/v4$/, "")}/${path}`,
    repositories: tryRead(() => api.listRepositories()),
    environments: tryRead(() => client.listAll<EnvironmentBody>(environments, "&states=available")),
  };
  places.set(key, place);
  return place;
}

async function askAll(place: Place, facts: StackFacts): Promise<GitLabFacts> {
  const [registry, environment] = await Promise.all([
    tryRead(() => readRegistry(place, facts)),
    tryRead(() => readEnvironment(place, facts)),
  ]);
  return { registry, environment };
}

async function readRegistry(place: Place, { release, stack }: StackFacts): Promise<RegistryFacts> {
  if (release === undefined) throw new UserError("Nothing is deployed.");
  const { path } = parseImageReference(release.repository);
  const repository = getValue(await place.repositories).find((one) => one.path === path);
  if (repository === undefined) {
    throw new UserError(`GitLab's project \`${place.path}\` has no image repository \`${path}\`.`);
  }
  const environmentTag = computeEnvironmentTag(shortenStackName(stack));
  const names = [...new Set([...release.tags, release.version, environmentTag].filter(Boolean))];
  const tags = await Promise.all(names.map((name) => findTag(place, repository, name)));
  const own = tags.filter(({ digest }) => digest === release.digest);
  const reader = place.createReader(release.repository);
  return {
    isMissing: own.length === 0 && (await reader.findDigest(release.digest)) === undefined,
    readPlatforms: async () => listPlatforms(await reader.findManifest(release.digest)),
    tags: own.map(({ name }) => name),
    moved: tags
      // A branch's tag goes on to the branch's next build.
      .filter(({ digest, name }) => name === environmentTag && digest !== undefined)
      .filter(({ digest }) => digest !== release.digest)
      .map(({ name }) => name),
    createdAt: own.map(({ createdAt }) => createdAt).find((date) => date !== undefined),
    page: `${place.page}/container_registry/${repository.id}`,
  };
}

function findTag({ api, tags }: Place, repository: RepositoryInfo, name: string): Promise<TagInfo> {
  const key = `${repository.id}:${name}`;
  const tag = tags.get(key) ?? api.findTag(repository, name);
  tags.set(key, tag);
  return tag;
}

function listPlatforms(manifest: unknown): string[] {
  const { manifests = [] } = (manifest ?? {}) as { manifests?: { digest?: string }[] };
  return manifests.flatMap(({ digest }) => digest ?? []);
}

/** The pipeline names its environments after the stacks. */
async function readEnvironment(
  { client, environments, page, path }: Place,
  { stack }: StackFacts,
): Promise<EnvironmentFacts | undefined> {
  const short = shortenStackName(stack);
  const names = [short, short.replace(/^review-/, "review/")];
  const listed = getValue(await environments).find(({ name }) => names.includes(name));
  if (listed === undefined) return undefined;
  // Only by itself has an environment its last deployment.
  const { body } = await client.call(
    "GET",
    `/projects/${encodeURIComponent(path)}/environments/${listed.id}`,
    { accepted: [404] },
  );
  const last = (body as Partial<EnvironmentBody> | undefined)?.last_deployment;
  const pipeline = last?.deployable?.pipeline?.id;
  return {
    name: listed.name,
    page: `${page}/-/environments/${listed.id}`,
    deployedBy: last?.user?.name,
    pipeline: pipeline === undefined ? undefined : String(pipeline),
  };
}

function getValue<T>(read: Read<T>): T {
  if ("value" in read) return read.value;
  throw new UserError(read.reason);
}

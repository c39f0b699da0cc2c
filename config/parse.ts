import { gitlabKeys } from "./gitlab";
import type { KeyDefinition } from "./keyDefinition";
import { kubernetesKeys } from "./kubernetes";
import type { Finding } from "./result";
import { keys, schema } from "./schema";
import { isComplete } from "./structures";

/** A stack's configuration as Pulumi has it. */
export interface StackValues {
  /** Every key with its value as plain text, by `namespace:key`. */
  readonly values: Readonly<Record<string, string>>;

  /** Keys that are stored as secrets, by `namespace:key`. */
  readonly secrets: readonly string[];
}

/** What is wrong with one key. */
export interface KeyFinding extends Finding {
  /** Key as `pulumi config set` takes it. */
  readonly key: string;
  readonly definition: KeyDefinition<unknown>;
}

/** A stack's configuration, parsed. A key with a finding has its default. */
export type ParsedConfig = ReturnType<typeof parseStackConfig>;

/** Definitions for each property of `T`. */
type Definitions<T> = { readonly [K in keyof T]: KeyDefinition<T[K]> };

/**
 * Parses a stack's configuration, without the rules that concern several keys and without Pulumi's SDK.
 *
 * @param project name of the Pulumi project, the namespace of the program's own keys
 */
export function parseStackConfig(project: string, { secrets, values }: StackValues) {
  const findings: KeyFinding[] = [];
  const isSecret = (key: string) => secrets.includes(key);

  /** A value that is stored as a secret by mistake is not parsed: nothing must print it. */
  function parseOwn<T>(definitions: Definitions<T>): Readonly<T> {
    const read = (key: string) =>
      keys.get(key)?.secret === undefined && isSecret(`${project}:${key}`)
        ? undefined
        : (values[`${project}:${key}`] ?? "");
    return parseGroup(definitions, "", read, findings);
  }

  function parseProvider<T>(namespace: string, definitions: Definitions<T>): Readonly<T> {
    const found: KeyFinding[] = [];
    const prefix = `${namespace}:`;
    const parsed = parseGroup(definitions, prefix, (key) => values[prefix + key] ?? "", found);
    const hidden = "is not valid. Its value is a secret, so it is not shown.";
    findings.push(
      ...found.map((one) => (isSecret(one.key) ? { ...one, path: [], text: hidden } : one)),
    );
    return parsed;
  }

  return Object.freeze({
    registry: parseOwn(schema.registry),
    release: parseOwn(schema.release),
    image: parseOwn(schema.image),
    site: parseOwn(schema.site),
    access: parseOwn(schema.access),
    gitlab: parseProvider("gitlab", gitlabKeys),
    kubernetes: parseProvider("kubernetes", kubernetesKeys),
    findings,
  });
}

/** @param read the text of a key; `undefined` for its default, without a look at the text */
function parseGroup<T>(
  definitions: Definitions<T>,
  prefix: string,
  read: (name: string) => string | undefined,
  findings: KeyFinding[],
): Readonly<T> {
  const values: Partial<T> = {};
  for (const name in definitions) {
    const definition = definitions[name];
    const text = read(name);
    const result = text === undefined ? undefined : definition.parse(text);
    values[name] = result?.ok ? result.value : definition.default;
    if (result === undefined || result.ok) continue;
    const key = prefix + name;
    findings.push(...result.findings.map((finding) => ({ ...finding, key, definition })));
  }
  if (!isComplete(definitions, values)) throw new Error("A key has neither a value nor a default.");
  return Object.freeze(values);
}

/** The image repository: the registry, the project's path and the configured name below it. */
export function computeRepository({
  imageName = "",
  project,
  registry,
}: ParsedConfig["registry"]): string {
  // GitLab's paths may have capitals, image names may not.
  return [registry, project, imageName].filter(Boolean).join("/").toLowerCase();
}

/** Whether the stack has deploy tokens in GitLab: not if all credentials exist already. */
export function needsGitLab({ access }: Pick<ParsedConfig, "access">): boolean {
  const { pull, push } = access.credentials;
  const isPullSecretOff = access.pullSecret === "never" || access.pullSecret === "nodes";
  return push === undefined || (pull === undefined && !isPullSecretOff);
}

/** Whether the program uses GitLab's API at all: for its tokens, or to learn who may pull. */
export function asksGitLab(config: Pick<ParsedConfig, "access">): boolean {
  const { credentials, pullSecret } = config.access;
  return needsGitLab(config) || (credentials.pull === undefined && pullSecret === "never");
}

import { gitlabKeys } from "../../config/gitlab";
import type { KeyDefinition } from "../../config/keyDefinition";
import type { StackValues } from "../../config/parse";
import { keys } from "../../config/schema";
import { readProject } from "../pulumi/project";
import { tryReadFileValues } from "../pulumi/stackFile";
import { renderValues } from "../pulumi/updateRecord";
import { secretText } from "../redact";

/**
 * Reads a stack's configuration from the files of its program, without Pulumi. Secrets stay encrypted: placeholders
 * stand for them.
 *
 * @param stack its name, with or without organization and project
 */
export function readStackValues(cwd: string, stack: string): StackValues {
  const { defaults, name: project } = readProject(cwd);
  const given = Object.entries(tryReadFileValues(cwd, stack) ?? {});
  const own = given.map(([key, value]) => [
    key,
    isSecret(value) ? createPlaceholder(project, key) : hideSecrets(value),
  ]);
  return {
    values: { ...defaults, ...renderValues(Object.fromEntries(own) as Record<string, unknown>) },
    secrets: given.filter(([, value]) => hasSecret(value)).map(([key]) => key),
  };
}

/** Whether it is a secret as Pulumi stores it: an object with nothing but the encrypted text. */
function isSecret(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const entries = Object.entries(value);
  return entries.length === 1 && entries[0][0] === "secure" && typeof entries[0][1] === "string";
}

function hasSecret(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return isSecret(value) || Object.values(value).some(hasSecret);
}

function hideSecrets(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (isSecret(value)) return secretText;
  if (Array.isArray(value)) return value.map(hideSecrets);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, hideSecrets(one)]));
}

/** Stands for a value that is a secret as a whole, in a form that the program accepts. */
function createPlaceholder(project: string, key: string): string {
  if (key === `${project}:credentials`) {
    const login = { username: secretText, password: secretText };
    return JSON.stringify({ push: login, pull: login });
  }
  return findDefinition(project, key)?.type === "object" ? "{}" : secretText;
}

function findDefinition(project: string, key: string): KeyDefinition<unknown> | undefined {
  const [namespace, name = ""] = key.split(":");
  if (namespace === project) return keys.get(name);
  const ofGitLab: Readonly<Record<string, KeyDefinition<unknown>>> = gitlabKeys;
  return namespace === "gitlab" ? ofGitLab[name] : undefined;
}

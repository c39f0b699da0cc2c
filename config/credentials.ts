import {
  type CredentialRole,
  credentialRoles,
  type ExistingCredentials,
} from "../components/registry/credentials";
import { type Validator, tryParseObject } from "./validators";

/*
 * `credentials`: those that exist already, for `push`, `pull` or both. Each has a `username` and either a
 * `password`, stored as a secret, or `passwordFrom`, the name of an environment variable that has it.
 */

/** One entry of `credentials`, as it is configured. */
type Entry = Readonly<Partial<Record<(typeof fields)[number], string>>>;

const fields = ["username", "password", "passwordFrom", "expiresAt"] as const;
const timePattern = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2}))?$/;

/** Variables of a CI job that hold the job's own token. */
const jobTokenVariables = ["CI_JOB_TOKEN", "CI_REGISTRY_PASSWORD"];
/** User name that goes with a job's token: `$CI_REGISTRY_USER`. */
const jobTokenUser = "gitlab-ci-token";

/** What the value of `credentials` looks like. Says no values: some are secret. */
export const findCredentialsProblems: Validator = (value) => {
  const parsed = tryParseObject(value);
  if (!parsed) return ["is not an object with `push` and `pull`."];
  return Object.entries(parsed).flatMap(([role, entry]) => {
    if (!credentialRoles.includes(role as CredentialRole)) {
      return [`has \`${role}\`. It may have \`push\` and \`pull\`.`];
    }
    return findEntryProblems(entry).map((text) => `has \`${role}\`, which ${text}`);
  });
};

function findEntryProblems(entry: unknown): string[] {
  if (typeof entry !== "object" || entry === null || Array.isArray(entry)) {
    return ["is not an object with `username` and `password` or `passwordFrom`."];
  }
  const { username, password, passwordFrom, expiresAt } = entry as Entry;
  const strange = Object.entries(entry).flatMap(([field, text]) => {
    if (!fields.includes(field as (typeof fields)[number])) {
      return [`has \`${field}\`. It may have ${fields.map((one) => `\`${one}\``).join(", ")}.`];
    }
    return typeof text === "string" && text !== "" ? [] : [`has no text as \`${field}\`.`];
  });
  const isTime =
    expiresAt === undefined || (timePattern.test(expiresAt) && !isNaN(Date.parse(expiresAt)));
  return [
    ...strange,
    ...(username === undefined ? ["lacks `username`."] : []),
    ...((password === undefined) === (passwordFrom === undefined)
      ? ["needs one of `password` and `passwordFrom`."]
      : []),
    ...(isTime
      ? []
      : ["has an `expiresAt` that is not a date or a time such as 2027-01-31T00:00:00Z."]),
  ];
}

/** Where and when credentials are used. */
export interface CredentialsContext {
  /** Whether the key is stored as a secret. */
  readonly isSecret: boolean;
  readonly env: NodeJS.ProcessEnv;
  readonly now: Date;
}

/** What is wrong with credentials that look right, each with the command that mends it. */
export function findCredentialUseProblems(
  value: string,
  { env, isSecret, now }: CredentialsContext,
): { text: string; command: string }[] {
  if (findCredentialsProblems(value).length > 0) return [];
  return Object.entries(parseEntries(value)).flatMap(([role, entry]) => {
    const path = `credentials.${role}`;
    const set = `pulumi config set --path '${path}`;
    if (role === "pull" && isJobToken(entry, env)) {
      return [
        {
          text: `\`${path}\` is the token of a CI job, which ends with the job: after it no pod could pull. Without it the stack makes a deploy token.`,
          command: `pulumi config rm --path '${path}'`,
        },
      ];
    }
    const problems = [];
    if (entry.password !== undefined && !isSecret) {
      problems.push({
        text: `\`${path}.password\` is stored in clear. Revoke it, and store a new one as a secret.`,
        command: `${set}.password' --secret`,
      });
    }
    if (entry.passwordFrom !== undefined && !env[entry.passwordFrom]) {
      problems.push({
        text: `\`${path}.passwordFrom\` names the environment variable \`${entry.passwordFrom}\`, which is not set.`,
        command: `export ${entry.passwordFrom}=<password>`,
      });
    }
    if (entry.expiresAt !== undefined && Date.parse(entry.expiresAt) <= now.getTime()) {
      problems.push({
        text: `\`${path}.expiresAt\` is "${entry.expiresAt}", which is past: these credentials are refused.`,
        command: `${set}.expiresAt' <time at which the new ones end>`,
      });
    }
    return problems;
  });
}

/** The credentials, with the passwords that the environment has. */
export function readCredentials(
  value: string,
  env: NodeJS.ProcessEnv,
): Partial<Record<CredentialRole, ExistingCredentials>> {
  const entries = Object.entries(parseEntries(value)).map(([role, entry]) => {
    const { username = "", password, passwordFrom = "", expiresAt } = entry;
    return [role, { username, password: password ?? env[passwordFrom] ?? "", expiresAt }];
  });
  return Object.fromEntries(entries) as Partial<Record<CredentialRole, ExistingCredentials>>;
}

function parseEntries(value: string): Record<string, Entry> {
  return tryParseObject(value) as Record<string, Entry>;
}

function isJobToken({ username, password, passwordFrom }: Entry, env: NodeJS.ProcessEnv): boolean {
  return (
    username === jobTokenUser ||
    jobTokenVariables.includes(passwordFrom ?? "") ||
    (password !== undefined && password === env.CI_JOB_TOKEN)
  );
}

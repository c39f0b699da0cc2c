import type { CredentialRole, ExistingCredentials } from "../components/registry/credentials";
import type { Problem } from "../components/problem";
import { readVariable } from "./environment";
import { structuredKey } from "./keyDefinition";
import { invalid, valid } from "./result";
import { object, optional, required, type Structure } from "./structures";

/** One entry of `credentials`. It has either `password` or `passwordFrom`. */
export interface CredentialEntry {
  readonly username: string;
  readonly password: string | undefined;
  readonly passwordFrom: string | undefined;
  readonly expiresAt: string | undefined;
}

/** The key `credentials`: those that exist already, and are used instead of deploy tokens of the stack's own. */
export type Credentials = Readonly<Partial<Record<CredentialRole, CredentialEntry | undefined>>>;

/** CI variables that contain the job's own token. */
const jobTokenVariables = ["CI_JOB_TOKEN", "CI_REGISTRY_PASSWORD"];
/** User name of a job's token: `$CI_REGISTRY_USER`. */
const jobTokenUser = "gitlab-ci-token";

const timePattern = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2}))?$/;

/** The message does not show the value: it may be a password. */
const nonEmptyText: Structure<string> = {
  fields: [],
  parse: (value) =>
    typeof value === "string" && value !== "" ? valid(value) : invalid("is empty or not text."),
};

const time: Structure<string> = {
  fields: [],
  parse: (value) =>
    typeof value === "string" && timePattern.test(value) && !isNaN(Date.parse(value))
      ? valid(value)
      : invalid("is not a date or a time such as 2027-01-31T00:00:00Z."),
};

const entry = object<CredentialEntry>(
  {
    username: required("User name", nonEmptyText),
    password: optional("Password, stored as a secret", nonEmptyText),
    passwordFrom: optional("Environment variable that contains the password", nonEmptyText),
    expiresAt: optional("When the password expires, as a date or a time", time),
  },
  ({ password, passwordFrom }) =>
    (password === undefined) === (passwordFrom === undefined)
      ? ["needs either `password` or `passwordFrom`."]
      : [],
);

const noCredentials: Credentials = {};

/** The key `credentials`. */
export const credentialsKey = structuredKey<Credentials, Credentials>({
  description: "Existing credentials to use instead of deploy tokens that the stack creates",
  default: noCredentials,
  example: "--path 'credentials.pull.username' <name>",
  secret: "parts",
  structure: object<Credentials>({
    push: optional("Credentials to build and push with", entry),
    pull: optional("Credentials that the cluster pulls with", entry),
  }),
});

/** Where and when credentials are used. */
export interface CredentialsContext {
  /** Whether the key is stored as a secret. */
  readonly isSecret: boolean;
  readonly env: NodeJS.ProcessEnv;
  readonly now: Date;
}

/** Why well-formed credentials can't be used. */
export function findCredentialProblems(
  { pull, push }: Credentials,
  context: CredentialsContext,
): Problem[] {
  return [
    ...(push === undefined ? [] : findEntryProblems("push", push, context)),
    ...(pull === undefined ? [] : findEntryProblems("pull", pull, context)),
  ];
}

function findEntryProblems(
  role: CredentialRole,
  { expiresAt, password, passwordFrom, username }: CredentialEntry,
  { env, isSecret, now }: CredentialsContext,
): Problem[] {
  const path = `credentials.${role}`;
  const set = `pulumi config set --path '${path}`;
  const isJobToken =
    username === jobTokenUser ||
    jobTokenVariables.includes(passwordFrom ?? "") ||
    (password !== undefined && password === env.CI_JOB_TOKEN);
  if (role === "pull" && isJobToken) {
    return [
      {
        text: `\`${path}\` is the token of a CI job. It expires with the job, and then pods can't pull. Without it the stack creates a deploy token.`,
        command: `pulumi config rm --path '${path}'`,
      },
    ];
  }
  const problems: Problem[] = [];
  if (password !== undefined && !isSecret) {
    problems.push({
      text: `\`${path}.password\` is stored in plain text. Revoke it, and store a new one as a secret.`,
      command: `${set}.password' --secret`,
    });
  }
  if (passwordFrom !== undefined && readVariable(env, passwordFrom) === "") {
    problems.push({
      text: `\`${path}.passwordFrom\` is "${passwordFrom}", an environment variable that is not set.`,
      command: `export ${passwordFrom}=<password>`,
    });
  }
  if (expiresAt !== undefined && Date.parse(expiresAt) <= now.getTime()) {
    problems.push({
      text: `\`${path}.expiresAt\` is "${expiresAt}", which is in the past. Use new credentials and the time at which they expire.`,
      command: `${set}.expiresAt' <time>`,
    });
  }
  return problems;
}

/** The credentials with their passwords, those of environment variables included. */
export function resolveCredentials(
  { pull, push }: Credentials,
  env: NodeJS.ProcessEnv,
): Readonly<Partial<Record<CredentialRole, ExistingCredentials>>> {
  const resolve = ({ expiresAt, password, passwordFrom = "", username }: CredentialEntry) => ({
    username,
    password: password ?? readVariable(env, passwordFrom),
    expiresAt,
  });
  return {
    ...(push === undefined ? {} : { push: resolve(push) }),
    ...(pull === undefined ? {} : { pull: resolve(pull) }),
  };
}

import {
  findAuthorityProblems,
  findCertificateProblems,
  findVariablesWithoutCa,
  readCertificate,
} from "./caCertificate";
import { readClock } from "./clock";
import { findCredentialUseProblems } from "./credentials";
import { findGitLabHost } from "./gitlab";
import type { Problem } from "./problem";
import { findBuildProblems, findRelationProblems, findReleaseProblems } from "./rules";
import { findNearest, tryParseObject } from "./validators";
import {
  formatExample,
  holdsSecrets,
  isSecret,
  type Key,
  type KeyDefinition,
  keys,
  schema,
  type Values,
  withDefaults,
} from "./schema";

/** Everything that the stack configures, by `namespace:key`, as text. */
export interface StackValues {
  /** Full name of the stack, `organization/project/stack`. */
  readonly name: string;
  /** Every key with its value in clear. */
  readonly values: Readonly<Record<string, string>>;
  /** Keys that are stored as secrets. */
  readonly secrets: readonly string[];
}

/** Everything that is wrong with a stack's configuration, each with the command that mends it. */
export function findConfigProblems(
  project: string,
  stack: StackValues,
  env: NodeJS.ProcessEnv,
): string[] {
  const own = Object.keys(stack.values)
    .filter((key) => key.startsWith(`${project}:`))
    .map((key) => key.slice(project.length + 1));
  const stored = keys.filter((key) => stack.secrets.includes(`${project}:${key}`));
  const secret = stored.filter((key) => !isSecret(key) && !holdsSecrets(key));
  // A value that someone took for a secret is never printed.
  const hidden = Object.fromEntries(secret.map((key) => [key, ""]));
  const values = { ...withDefaults(project, stack.values), ...hidden };
  return [
    ...own.filter((key) => !keys.includes(key as Key)).map(describeUnknownKey),
    ...secret.map(describeSecretKey),
    ...keys
      .filter(
        (key) => isSecret(key) && !stored.includes(key) && values[key] !== schema[key].default,
      )
      .map(describeClearKey),
    ...keys.filter((key) => !secret.includes(key)).flatMap((key) => findValueProblems(key, values)),
    ...findRelationProblems(values),
    ...findReleaseProblems(values, stack.name),
    ...findBuildProblems(values),
    ...findCredentialUseProblems(values.credentials, {
      env,
      now: readClock(env),
      isSecret: stored.includes("credentials"),
    }),
    ...findTrustProblems(values.caCertificate, stack.values, env),
    ...(needsGitLab(values) ? findTokenProblems(stack, env) : []),
  ].map(({ text, command }) => `  - ${text}\n      ${command}`);
}

function describeUnknownKey(key: string): Problem {
  const near = findNearest(key, keys);
  const hint =
    near === undefined ? "See Pulumi.yaml for those that are." : `Did you mean \`${near}\`?`;
  return {
    text: `\`${key}\` is not a key of this program. ${hint}`,
    command: `pulumi config rm ${key}`,
  };
}

function describeSecretKey(key: Key): Problem {
  return {
    text: `\`${key}\` is stored as a secret, but its value is readable in the image or the cluster. Store it in clear, and nothing secret in it.`,
    command: `pulumi config set --plaintext ${formatExample(key)}`,
  };
}

function describeClearKey(key: Key): Problem {
  return {
    text: `\`${key}\` is stored in clear. Renew what it holds, and store that as a secret.`,
    command: `pulumi config set ${formatExample(key)}`,
  };
}

function findValueProblems(key: Key, values: Values): Problem[] {
  const { remedy } = schema[key] as KeyDefinition;
  const command = remedy ?? `pulumi config set ${formatExample(key)}`;
  if (values[key] === "") {
    const text = "`project` is missing. It is the path of the site's project in GitLab.";
    return key === "project" ? [{ text, command }] : [];
  }
  return schema[key]
    .findProblems(values[key])
    .map((text) => ({ text: `\`${key}\` ${text}`, command }));
}

/** A CA that can't be GitLab's, and programs that don't trust it. */
function findTrustProblems(
  authority: string,
  stack: StackValues["values"],
  env: NodeJS.ProcessEnv,
): Problem[] {
  if (authority === "" || findCertificateProblems(authority).length > 0) return [];
  const unfit = findAuthorityProblems(authority, findGitLabHost(stack, env));
  if (unfit.length > 0) {
    const command = `pulumi config set ${formatExample("caCertificate")}`;
    return unfit.map((text) => ({ text: `\`caCertificate\` ${text}`, command }));
  }
  const untrusting = findVariablesWithoutCa(readCertificate(authority), env);
  if (untrusting.length === 0) return [];
  const variables = untrusting.map((variable) => `\`${variable}\``).join(" and ");
  return [
    {
      text: `\`caCertificate\` is not trusted by the programs that build and push: that is up to ${variables}, which this program can't set.`,
      command: 'eval "$(npx slipway env)"',
    },
  ];
}

/** Whether anything is asked of GitLab's API: not where all credentials exist already. */
export function needsGitLab({ credentials, pullSecret }: Values): boolean {
  const { pull, push } = tryParseObject(credentials) ?? {};
  return push === undefined || (pull === undefined && pullSecret !== "never");
}

/** Ways to log in to GitLab, any of which will do. */
function findTokenProblems({ values, secrets }: StackValues, env: NodeJS.ProcessEnv): Problem[] {
  if (values["gitlab:token"] && !secrets.includes("gitlab:token")) {
    return [
      {
        text: "`gitlab:token` is stored in clear. Revoke that token, and store a new one as a secret.",
        command: "pulumi config set --secret gitlab:token",
      },
    ];
  }
  const others = ["gitlab:token", "gitlab:configFile", "gitlab:enableAutoCiSupport"];
  if (env.GITLAB_TOKEN || others.some((key) => values[key])) return [];
  return [
    {
      text: "`GITLAB_TOKEN` is not set. It is an access token of scope `api`, of a Maintainer of the project (Owner of `group`, if that is set).",
      command: "export GITLAB_TOKEN=<token>",
    },
  ];
}

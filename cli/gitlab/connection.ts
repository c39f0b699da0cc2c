import { readFileSync } from "node:fs";
import { resolve } from "node:path";

import type { TokenNaming } from "../../components/registry/tokenName";
import { shortenStackName } from "../../components/release/stackName";
import { readVariable } from "../../config/environment";
import { UserError } from "../errors";
import { readCertificate } from "../stackConfig";
import type { ConfiguredStack } from "../pulumi/openStack";
import type { Pulumi } from "../pulumi/pulumiCli";
import type { GitLabConnection } from "./client";
import type { TokenParent } from "./deployTokens";

/** Where a stack's deploy tokens are, and how to connect to that GitLab. */
export interface StackGitLab {
  readonly connection: GitLabConnection;
  /** The project or group that its deploy tokens belong to. */
  readonly parent: TokenParent;
  /** Naming scheme of its deploy tokens. */
  readonly naming: TokenNaming;
}

/**
 * Reads how to reach a stack's GitLab from the stack's configuration and the environment.
 *
 * @throws UserError if the configuration, or `GITLAB_TOKEN`, is missing or can't be read
 */
export async function readStackGitLab(
  stack: ConfiguredStack,
  pulumi: Pick<Pulumi, "readSecret">,
  env: NodeJS.ProcessEnv,
): Promise<StackGitLab> {
  const { project, stack: name, values } = stack;
  const read = (key: string): string => values[`${project}:${key}`] ?? "";
  const [gitlabProject, group] = [read("project"), read("group")];
  if (gitlabProject === "") {
    throw new UserError(
      `\`project\` of stack \`${name}\` is missing. Run: pulumi config set project group/project`,
    );
  }
  const isStored = values["gitlab:token"] !== undefined;
  const token =
    readVariable(env, "GITLAB_TOKEN") ||
    (isStored ? await pulumi.readSecret(name, "gitlab:token") : "");
  if (!token) {
    throw new UserError(
      "`GITLAB_TOKEN` is not set. It is an access token with scope `api`, of a Maintainer of the project (Owner of `group`, if that is set).\n  export GITLAB_TOKEN=<token>",
    );
  }
  const isShared = group !== "";
  return {
    connection: {
      apiUrl: computeApiUrl(values["gitlab:baseUrl"] || env.GITLAB_BASE_URL),
      token,
      caCertificate: readCaCertificates(stack, env),
      env,
    },
    parent: isShared ? { kind: "group", path: group } : { kind: "project", path: gitlabProject },
    naming: {
      project,
      stack: shortenStackName(name),
      gitlabProjectPath: isShared ? gitlabProject : undefined,
    },
  };
}

/**
 * Reads the CA certificates that a stack configures, and those of a GitLab job.
 *
 * @returns PEM; undefined if there are none
 * @throws UserError if a configured file can't be read
 */
export function readCaCertificates(
  { cwd, project, values }: Pick<ConfiguredStack, "cwd" | "project" | "values">,
  env: NodeJS.ProcessEnv,
): string | undefined {
  const all = [
    readCertificate(values[`${project}:caCertificate`] ?? "", cwd),
    readProviderCertificates(values["gitlab:cacertFile"] ?? "", cwd),
    readJobCertificates(env) ?? "",
  ].filter((pem) => pem !== "");
  return all.length === 0 ? undefined : all.join("\n");
}

/**
 * Reads the CA certificates in the variables of a GitLab job.
 *
 * @returns PEM; undefined if there are none
 * @see https://docs.gitlab.com/ci/variables/predefined_variables/
 */
export function readJobCertificates(env: NodeJS.ProcessEnv): string | undefined {
  const all = ["SLIPWAY_CA_CERTIFICATE", "CI_SERVER_TLS_CA_FILE"]
    .map((name) => readVariable(env, name))
    .filter((pem) => pem.includes("-----BEGIN CERTIFICATE-----"));
  return all.length === 0 ? undefined : all.join("\n");
}

function readProviderCertificates(file: string, cwd: string): string {
  try {
    return file === "" ? "" : readFileSync(resolve(cwd, file), "utf8");
  } catch (cause) {
    throw new UserError(
      `\`gitlab:cacertFile\` is "${file}", a file that can't be read. Set it to the CA that signed GitLab's certificate: pulumi config set gitlab:cacertFile <file>`,
      { cause },
    );
  }
}

/** Returns the URL of the API. Like GitLab's provider, accepts a base URL with or without the API's path. */
export function computeApiUrl(baseUrl = "https://gitlab.com"): string {
  const trimmed = baseUrl.replace(/\/+$/, "");
  return trimmed.endsWith("/api/v4") ? trimmed : `${trimmed}/api/v4`;
}

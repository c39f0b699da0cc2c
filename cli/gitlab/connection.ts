import type { TokenNaming } from "../../components/registry/tokenName";
import { readCertificate } from "../../config/caCertificate";
import { UserError } from "../errors";
import type { GitLabConnection, TokenParent } from "./client";
import type { Pulumi } from "../pulumi/pulumiCli";

/** What a stack's configuration says of GitLab. */
export interface StackGitLab {
  readonly connection: GitLabConnection;
  /** What its deploy tokens belong to. */
  readonly holder: TokenParent;
  /** How they are named. */
  readonly owner: TokenNaming;
}

/** Where a stack's configuration is read. */
export interface ConfiguredStack {
  /** Folder of Pulumi.yaml. */
  readonly cwd: string;
  /** Name of the Pulumi project. */
  readonly project: string;
  /** Name of the stack, which may have organization and project before it. */
  readonly stack: string;
  /** The stack's values, by `namespace:key`; empty where they are secrets. */
  readonly values: Readonly<Record<string, string>>;
}

/** Reads where a stack's deploy tokens are and how to get there. */
export async function readStackGitLab(
  { cwd, project, stack, values }: ConfiguredStack,
  pulumi: Pick<Pulumi, "readSecret">,
  env: NodeJS.ProcessEnv,
): Promise<StackGitLab> {
  const read = (key: string): string => values[`${project}:${key}`] ?? "";
  const [gitlabProject, group] = [read("project"), read("group")];
  if (gitlabProject === "") {
    throw new UserError(
      `\`project\` of stack \`${stack}\` is missing. Run: pulumi config set project group/project`,
    );
  }
  const isStored = values["gitlab:token"] !== undefined;
  const token =
    env.GITLAB_TOKEN || (isStored ? await pulumi.readSecret(stack, "gitlab:token") : "");
  if (!token) {
    throw new UserError(
      "`GITLAB_TOKEN` is not set. It is an access token of scope `api`, of a Maintainer of the project (Owner of `group`, if that is set).\n  export GITLAB_TOKEN=<token>",
    );
  }
  const authority = read("caCertificate") || values["gitlab:cacertFile"];
  const isShared = group !== "";
  return {
    connection: {
      apiUrl: computeApiUrl(values["gitlab:baseUrl"] || env.GITLAB_BASE_URL),
      token,
      authority: authority ? readCertificate(authority, cwd) : undefined,
    },
    holder: isShared ? { kind: "group", path: group } : { kind: "project", path: gitlabProject },
    owner: {
      project,
      stack: stack.slice(stack.lastIndexOf("/") + 1),
      sharedBy: isShared ? gitlabProject : undefined,
    },
  };
}

/** GitLab's provider takes an address with or without the path of the API. */
function computeApiUrl(baseUrl = "https://gitlab.com"): string {
  const trimmed = baseUrl.replace(/\/+$/, "");
  return trimmed.endsWith("/api/v4") ? trimmed : `${trimmed}/api/v4`;
}

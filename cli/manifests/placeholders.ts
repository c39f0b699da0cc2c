import { contentVersionVariable } from "../../components/image/contentVersionNames";
import { agreedDigestVariable, readRelease } from "../../components/release/release";
import { computeRepository, parseStackConfig, type StackValues } from "../../config/parse";
import { isSecretVariable } from "../redact";

/** What stands for the digest of a stack that nothing is deployed on. */
export const digestPlaceholder = `sha256:${"0".repeat(64)}`;

/** Outputs of a stack, by name. */
export type Outputs = Readonly<Record<string, unknown>>;

/** Answers to what a program asks GitLab, the registry, the image's builder and its backend. */
export interface Answers {
  /** What a provider adds to the inputs of a resource. */
  readonly computed: (type: string, inputs: Readonly<Record<string, unknown>>) => object;
  /** @throws Error if only the function's own provider knows the answer */
  readonly call: (token: string, inputs: Readonly<Record<string, unknown>>) => object;
}

/**
 * Creates the answers from what the stack's last update left, so that an image that has not changed looks the same.
 *
 * @param fullName of the stack, `organization/project/stack`
 * @param outputs of the stack; empty if nothing is deployed or they can't be read
 */
export function createAnswers(
  { fullName, project }: { readonly fullName: string; readonly project: string },
  config: StackValues,
  outputs: Outputs,
): Answers {
  const repository = computeRepository(parseStackConfig(project, config).registry);
  const release = readRelease(outputs);
  const digest = release?.digest ?? digestPlaceholder;
  return {
    computed(type, inputs) {
      if (type === "docker-build:index:Image") return { digest };
      if (type !== "docker:index/image:Image") return {};
      return { repoDigest: `${String(inputs.imageName).replace(/:[^:/]*$/, "")}@${digest}` };
    },
    call(token, { name }) {
      switch (token) {
        case "pulumi:pulumi:readStackOutputs":
          if (name === fullName) return { name, outputs };
          // The stack that this one takes its release from.
          return {
            name,
            outputs: {
              image: `${repository}@${digest}`,
              digest,
              commit: release?.commit ?? "",
              version: release?.version ?? "",
              tier: "staging",
            },
          };
        case "pulumi:pulumi:readStackResourceOutputs":
          return { name, outputs: {} };
        case "gitlab:index/getProject:getProject": {
          // A stack that has deployed without a token to pull with is one that anyone may pull from.
          const isPublic = release !== undefined && outputs.pullTokenExpiresAt === undefined;
          const visibilityLevel = isPublic ? "public" : "private";
          return { visibilityLevel, containerRegistryAccessLevel: "enabled" };
        }
        default: {
          const details = `The program calls \`${token}\`, which only its provider can answer, so its objects can't be rendered here.`;
          // Like an error of gRPC, of which the SDK reads the details.
          throw Object.assign(new Error(details), { details });
        }
      }
    },
  };
}

/**
 * Takes the secrets out of an environment. The program only looks whether there are credentials, so placeholders
 * stand for those that its configuration names.
 */
export function hideEnvironment(
  env: NodeJS.ProcessEnv,
  project: string,
  config: StackValues,
): void {
  const { pull, push } = parseStackConfig(project, config).access.credentials;
  const needed = ["GITLAB_TOKEN", ...[pull, push].flatMap((entry) => entry?.passwordFrom ?? [])];
  const others = [agreedDigestVariable, contentVersionVariable];
  for (const name of Object.keys(env)) {
    if (isSecretVariable(name) || others.includes(name)) delete env[name];
  }
  for (const name of needed) env[name] = `[value of ${name}]`;
}

import { optionalKey, structuredKey } from "./keyDefinition";
import { invalid, valid } from "./result";
import { record, text } from "./structures";
import { anyText, isBoolean, isWholeNumber, type Validator } from "./validators";

/** Address of GitLab.com. */
const defaultUrl = "https://gitlab.com";

const isUrl: Validator<string> = (url) =>
  /^https?:\/\//.test(url) && URL.canParse(url)
    ? valid(url)
    : invalid(`is "${url}", which is not an address that begins with "https://".`);

/** Keys `gitlab:*`: how to reach GitLab. They are those of the Pulumi provider for GitLab. */
export const gitlabKeys = {
  baseUrl: optionalKey({
    description: "Address of GitLab's API; that of GitLab.com if empty",
    example: "https://gitlab.example.com/api/v4/",
    validate: isUrl,
  }),
  token: optionalKey({
    description: "Access token of scope `api`, stored as a secret; `GITLAB_TOKEN` if empty",
    example: "--secret gitlab:token",
    validate: anyText,
  }),
  cacertFile: optionalKey({
    description: "File with the CA of GitLab's certificate; `caCertificate` if empty",
    example: "ca.pem",
    validate: anyText,
  }),
  clientCert: optionalKey({
    description: "File with a client certificate",
    example: "client.pem",
    validate: anyText,
  }),
  clientKey: optionalKey({
    description: "File with the key of the client certificate",
    example: "client.key",
    validate: anyText,
  }),
  configFile: optionalKey({
    description: "Configuration file of `glab` to read the token from",
    example: "glab.yml",
    validate: anyText,
  }),
  context: optionalKey({
    description: "Host in the configuration file of `glab`",
    example: "gitlab.example.com",
    validate: anyText,
  }),
  earlyAuthCheck: optionalKey({
    description: "Whether to check the token before anything else",
    example: "false",
    validate: isBoolean,
  }),
  enableAutoCiSupport: optionalKey({
    description: "Whether to use the token of the CI job",
    example: "true",
    validate: isBoolean,
  }),
  headers: structuredKey({
    description: "Additional HTTP headers of each request",
    default: undefined,
    example: "--path 'gitlab:headers.X-Team' web",
    structure: record("names and text values", text),
  }),
  insecure: optionalKey({
    description: "Whether to skip the check of GitLab's certificate",
    example: "false",
    validate: isBoolean,
  }),
  retries: optionalKey({
    description: "How often a request that failed is repeated",
    example: "3",
    validate: isWholeNumber(0, 100),
  }),
};

/** Host name of GitLab, in lower case and without port. */
export function findGitLabHost(baseUrl: string | undefined, env: NodeJS.ProcessEnv): string {
  const url = baseUrl ?? (env.GITLAB_BASE_URL || defaultUrl);
  return URL.canParse(url) ? new URL(url).hostname : url;
}

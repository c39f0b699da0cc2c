import type * as gitlab from "@pulumi/gitlab";
import * as pulumi from "@pulumi/pulumi";

import { ensureCaFile } from "./caCertificate";
import type { CheckedConfig } from "./problems";

type TextKey =
  "baseUrl" | "cacertFile" | "clientCert" | "clientKey" | "configFile" | "context" | "token";

/**
 * The GitLab provider's arguments: the stack's `gitlab:*`, as the default provider would read them, and the CA.
 *
 * @param secrets keys that are stored as secrets, by `namespace:key`
 */
export function buildGitLabArgs(
  { caCertificate, config: { gitlab: given } }: Pick<CheckedConfig, "caCertificate" | "config">,
  secrets: readonly string[],
): gitlab.ProviderArgs {
  const isSecret = (key: keyof typeof given) => secrets.includes(`gitlab:${key}`);
  const text = (key: TextKey) =>
    given[key] !== undefined && isSecret(key) ? pulumi.secret(given[key]) : given[key];
  return {
    baseUrl: text("baseUrl"),
    cacertFile: text("cacertFile") ?? (caCertificate && ensureCaFile(caCertificate)),
    clientCert: text("clientCert"),
    clientKey: text("clientKey"),
    configFile: text("configFile"),
    context: text("context"),
    earlyAuthCheck: given.earlyAuthCheck,
    enableAutoCiSupport: given.enableAutoCiSupport,
    headers: given.headers && isSecret("headers") ? pulumi.secret(given.headers) : given.headers,
    insecure: given.insecure,
    retries: given.retries,
    token: text("token"),
  };
}

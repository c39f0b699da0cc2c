import type { KeyDefinition } from "./keyDefinition";
import { accessKeys } from "./keys/access";
import { imageKeys } from "./keys/image";
import { registryKeys } from "./keys/registry";
import { releaseKeys } from "./keys/release";
import { siteKeys } from "./keys/site";

/*
 * Every key is declared once, in the groups below: type, default, example, validator, whether it is a secret,
 * and a sentence of documentation. The types of the configuration are inferred from it; Pulumi.yaml's `config:`
 * and docs/configuration.md are written from it (`npm run generate`).
 *
 * This is not valibot or zod. The table would be as long: neither knows Pulumi's type names, how a default is
 * declared, the example or what is a secret, and nearly every key needs its own message, so that each would
 * have a check of its own beside the library's type. Their messages are about values, and show them; ours
 * continue a key's name and hide secrets. And each preview would pay for the import: 25 ms (valibot) or 190 ms
 * (zod) on two cores, against less than 300 lines here.
 */

/** Keys of the program's own namespace, by group. */
export const schema = {
  registry: registryKeys,
  release: releaseKeys,
  image: imageKeys,
  site: siteKeys,
  access: accessKeys,
};

/** Every key of the program's own namespace, by its name. */
export const keys: ReadonlyMap<string, KeyDefinition<unknown>> = new Map<
  string,
  KeyDefinition<unknown>
>(Object.values(schema).flatMap((group) => Object.entries(group)));

/** Host in the examples of the schema. */
const exampleHost = "gitlab.example.com";

/**
 * What follows `pulumi config set` to set a valid value.
 *
 * @param gitlabHost the user's own GitLab, which the example then names
 */
export function formatExample(
  key: string,
  { example }: KeyDefinition<unknown>,
  gitlabHost: string,
): string {
  const options = example.startsWith("--") ? example : `${key} ${example}`;
  return gitlabHost === "gitlab.com" ? options : options.replaceAll(exampleHost, gitlabHost);
}

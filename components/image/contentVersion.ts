import * as pulumi from "@pulumi/pulumi";

import { contentVersionVariable } from "./contentVersionNames";

/**
 * The requested version of the content; undefined if none is requested.
 *
 * @throws pulumi.RunError if it is not a version
 */
export function readContentVersion(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const version = env[contentVersionVariable] ?? "";
  if (version === "") return undefined;
  if (/^[\w.:+-]{1,64}$/.test(version)) return version;
  throw new pulumi.RunError(
    `\`${contentVersionVariable}\` is ${JSON.stringify(version)}. Use up to 64 letters, digits and \`_.:+-\`, such as a time.`,
  );
}

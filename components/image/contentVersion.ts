import * as pulumi from "@pulumi/pulumi";

/**
 * Environment variable with the version of the content that the site's build fetches from elsewhere, such as a
 * CMS. A new value builds the image again. The value stays in the stack's state, so that a later update without
 * the variable neither builds again nor returns to older content.
 *
 * `slipway up --rebuild` sets it to the current time.
 */
export const contentVersionVariable = "SLIPWAY_CONTENT_VERSION";

/** Build argument with that version: in BuildKit another value makes the steps after it run again. */
export const contentVersionArgument = "CONTENT_VERSION";

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

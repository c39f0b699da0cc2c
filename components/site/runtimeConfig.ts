import { createHash } from "node:crypto";

import type * as pulumi from "@pulumi/pulumi";

import { type HeaderArgs, renderHeaders } from "./headers";
import { renderKeptFiles } from "./keptFiles";

/** Where the image's nginx configuration includes `*.conf`: see site/nginx.conf. */
export const environmentFolder = "/etc/nginx/site.d";

/** Where the file of users is mounted, and its name there. */
export const usersFolder = "/etc/nginx/users";
export const usersFile = "htpasswd";

/** Settings of a site that depend on its environment, and so are never in its image. */
export interface RuntimeConfig extends HeaderArgs {
  /**
   * Values that the pages read at run time, as JSON at `/config.json`. Anyone can read them.
   *
   * @default {}
   */
  readonly publicConfig?: Readonly<Record<string, unknown>>;

  /**
   * Whether search engines may list the site. If not, every answer says `X-Robots-Tag: noindex`.
   *
   * @default true
   */
  readonly isIndexed?: boolean;

  /**
   * Names and passwords of those who may see a site that is not public yet.
   *
   * @default {}: everybody
   */
  readonly basicAuth?: Readonly<Record<string, pulumi.Input<string>>>;

  /**
   * Whether the compiled files of the release before are there, and are served too.
   *
   * @default false
   */
  readonly keepsRelease?: boolean;
}

/** Whether a site asks for a name and a password. */
export function isProtected({ basicAuth = {} }: RuntimeConfig): boolean {
  return Object.keys(basicAuth).length > 0;
}

/** Renders the settings as files of {@link environmentFolder}, by name. */
export function renderEnvironment(environment: RuntimeConfig): Record<string, string> {
  const { isIndexed = true, keepsRelease = false, publicConfig = {} } = environment;
  const lines = [
    "# Lines for the server block of site/nginx.conf, of the environment that the site runs in.",
    ...renderHeaders(environment),
    ...(keepsRelease ? renderKeptFiles() : []),
    ...(isIndexed ? [] : ['add_header X-Robots-Tag "noindex" always;']),
    // nginx answers `/healthz` before it asks.
    ...(isProtected(environment)
      ? [
          'auth_basic "This site is not public yet";',
          `auth_basic_user_file ${usersFolder}/${usersFile};`,
        ]
      : []),
    "location = /config.json {",
    `  root ${environmentFolder};`,
    "}",
  ];
  return {
    "config.json": `${JSON.stringify(publicConfig, null, 2)}\n`,
    "environment.conf": `${lines.join("\n")}\n`,
  };
}

/** Computes a checksum of the files. nginx reads them when it starts, so a new checksum restarts the pods. */
export function computeChecksum(files: Readonly<Record<string, string>>): string {
  return createHash("sha256").update(JSON.stringify(files)).digest("hex");
}

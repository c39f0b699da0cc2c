import { createHash } from "node:crypto";

/** Where the image's nginx configuration includes `*.conf`: see site/nginx.conf. */
export const environmentFolder = "/etc/nginx/site.d";

/** What of a site depends on where it runs, and so is never in its image. */
export interface RuntimeConfig {
  /**
   * What the pages read at run time, as JSON at `/config.json`. Everybody can read it.
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
}

/** The environment as files of {@link environmentFolder}, by name. */
export function renderEnvironment(environment: RuntimeConfig): Record<string, string> {
  const { isIndexed = true, publicConfig = {} } = environment;
  const lines = [
    "# Lines for the server block of site/nginx.conf, of the environment that the site runs in.",
    ...(isIndexed ? [] : ['add_header X-Robots-Tag "noindex" always;']),
    "location = /config.json {",
    `  root ${environmentFolder};`,
    "}",
  ];
  return {
    "config.json": `${JSON.stringify(publicConfig, null, 2)}\n`,
    "environment.conf": `${lines.join("\n")}\n`,
  };
}

/** Changes with any of the files: nginx reads them when it starts, so the pods have to start anew then. */
export function computeChecksum(files: Readonly<Record<string, string>>): string {
  return createHash("sha256").update(JSON.stringify(files)).digest("hex");
}

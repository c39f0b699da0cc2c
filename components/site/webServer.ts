/*
 * What serves the site in an image. Without Pulumi's SDK, because the configuration imports this too.
 */

/** What an image may serve the site with. */
export const webServers = ["slipway", "image"] as const;

/**
 * `slipway`: nginx with the configuration that Slipway's Dockerfile copies: all that it writes is in `/tmp`, it answers
 * `/healthz`, and it includes the files of the environment.
 * `image`: whatever the image brings along, such as the configuration of `nginx:alpine`.
 *
 * @useDeclaredType
 */
export type WebServer = (typeof webServers)[number];

/** Web server of an image if nothing else is configured. */
export const defaultWebServer: WebServer = "slipway";

/** Arguments for a site about the web server in its image. */
export interface WebServerArgs {
  /**
   * Port on which the image listens. Below 1024 the pods get the sysctl that allows it without root.
   *
   * @default 8080
   */
  readonly containerPort?: number;

  /**
   * What serves the site in the image: `slipway`, nginx with the configuration that Slipway's Dockerfile copies, or
   * `image`, what the image brings along, such as the configuration of `nginx:alpine`. The pods of an image's own
   * may write to `/run` and `/var/cache/nginx` too, and their liveness check only connects to the port.
   *
   * @default "slipway"
   */
  readonly webServer?: WebServer;

  /**
   * User and group id that the pods run as. They must be able to read the image's files.
   *
   * @default 10001
   */
  readonly userId?: number;

  /**
   * Further folders that the web server may write to, as absolute paths; they are empty when a pod starts.
   *
   * @default []
   */
  readonly writablePaths?: readonly string[];

  /**
   * Path that answers with status 200 once a pod can serve the site; "/" is the site's root, below its path prefix.
   * Empty text: the port accepts connections.
   *
   * @default "/"
   */
  readonly readinessPath?: string;

  /**
   * Path that answers with status 200 while the web server runs, whatever it serves. Empty text: the port accepts
   * connections.
   *
   * @default "/healthz"; with `webServer` "image" the port
   */
  readonly livenessPath?: string;
}

/** User and group that pods run as: not root, and no account of a node. The image's files only need to be readable. */
export const defaultUserId = 10001;

/** Path of the readiness check if nothing else is configured. */
export const defaultReadinessPath = "/";

/** Folder that every pod may write to. */
const temporaryFolder = { name: "tmp", path: "/tmp" };

/** Folders that the official nginx writes to: its process id and its buffers. */
const nginxFolders = [
  { name: "run", path: "/run" },
  { name: "cache", path: "/var/cache/nginx" },
];

/** A folder of a pod that its web server may write to. */
export interface WritableFolder {
  /** Name of the volume. */
  readonly name: string;
  readonly path: string;
}

/**
 * Lists the folders that a pod may write to; everything else is read-only.
 *
 * @param paths further folders
 */
export function listWritableFolders(
  webServer: WebServer,
  paths: readonly string[],
): WritableFolder[] {
  const usual = [temporaryFolder, ...(webServer === "image" ? nginxFolders : [])];
  const further = paths
    .filter((path) => !usual.some((folder) => folder.path === path))
    .map((path, index) => ({ name: `writable-${index + 1}`, path }));
  return [...usual, ...further];
}

/**
 * Says what is lost if an image's own web server serves a site: what only Slipway's Dockerfile and configuration do.
 *
 * @param isIndexed whether search engines may list the site
 */
export function describeWebServerLimits(isIndexed: boolean): string {
  const header = "`X-Robots-Tag: noindex`, so that search engines may list this site";
  const caching = "`Cache-Control`, so that browsers ask again for files that never change";
  const missing = `${isIndexed ? "" : `${header}, without `}${caching}, and without a content policy`;
  return `The image's own web server answers without ${missing}. A second build of the same files may have another digest. Slipway's Dockerfile has all of this: \`npx slipway init --dockerfile slipway\` writes it beside the site's own.`;
}

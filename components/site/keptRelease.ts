import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

/** Where Slipway's Dockerfile puts the pages. */
const pagesFolder = "/srv/site";

/** Where a pod has the compiled files of the release before. */
export const keptFolder = "/srv/kept";

/** Maximum size of the files that are kept, of each of the two kinds, in bytes. */
const limitBytes = 16 * 1024 * 1024;

/** Maximum number of files of each kind: on a disk each takes whole blocks. */
const limitFiles = 4000;

/** Storage of the folder. The files that are kept can't fill it, since Kubernetes would end a pod whose volume is full. */
const volumeSize = "96Mi";

/** Storage that pods may use with the default resources if they keep files. */
export const keptStorageLimit = "256Mi";

/** Names of files that hold their content's hash: scripts and styles, then pictures, fonts and other files. */
const patterns = {
  scripts: String.raw`[^/.][^/]*[-.][0-9a-f]{20}\.(js|css)(\.map|\.LICENSE\.txt)?`,
  files: String.raw`static/([^/.][^/]*-[0-9a-f]{32}\.[[:alnum:]_]+|[0-9a-f]{32}/.+)`,
} as const;

/** Any folder that is not hidden, for a site with a `pathPrefix`. */
const anyFolder = "([^/.][^/]*/)*";

/** A volume, and the container that fills it before nginx starts. */
export interface KeptRelease {
  readonly initContainers: pulumi.Output<k8s.types.input.core.v1.Container[]>;
  readonly volume: k8s.types.input.core.v1.Volume;
  readonly mount: k8s.types.input.core.v1.VolumeMount;
}

/**
 * Keeps the compiled files of the release before, so that a page that was opened then still finds them.
 *
 * @param image the release before; empty if there was none
 * @param container what the container has in common with that of the site
 */
export function keepRelease(
  image: pulumi.Input<string>,
  container: Omit<k8s.types.input.core.v1.Container, "name">,
): KeptRelease {
  const mount = { name: "kept", mountPath: keptFolder };
  const command = ["sh", "-c", renderScript()];
  return {
    initContainers: pulumi.output(image).apply((known) =>
      known === ""
        ? []
        : [
            {
              name: "keep-release",
              image: known,
              command,
              ...container,
              volumeMounts: [mount],
            },
          ],
    ),
    volume: { name: mount.name, emptyDir: { sizeLimit: volumeSize } },
    mount: { ...mount, readOnly: true },
  };
}

/** Copies the files if they are not too many. It never fails: a pod without them is better than none. */
function renderScript(): string {
  const list = `${keptFolder}/.list`;
  return [
    `cd ${pagesFolder} || exit 0`,
    "keep() {",
    `  find . -type f | grep -E "^\\./${anyFolder}$2(\\.gz)?\\$" >${list}`,
    `  [ -s ${list} ] || return 0`,
    `  bytes=$(tar -cf - -T ${list} | wc -c)`,
    `  if [ "$(wc -l <${list})" -gt ${limitFiles} ] || [ "$bytes" -gt ${limitBytes} ]; then`,
    `    echo "The $1 of the release before are not kept: at most ${limitFiles} files and ${limitBytes / 1024 / 1024} MiB are."`,
    "  else",
    `    tar -cf - -T ${list} | tar -xf - -C ${keptFolder}`,
    "  fi",
    "}",
    ...Object.entries(patterns).map(([kind, pattern]) => `keep ${kind} '${pattern}'`),
    `rm ${list}`,
    "exit 0",
  ].join("\n");
}

/** Renders the lines of nginx's server block that serve the files if the release that runs has none of that name. */
export function renderKeptFiles(): string[] {
  const name = `(${patterns.scripts}|${patterns.files})`.replace("[:alnum:]_", "\\w");
  return [
    "# Compiled files of the release before, for pages that were opened then.",
    // The image sets where its files are in brotli; one of an earlier Slipway has none.
    'set $brotli "";',
    `location ~ "^/${anyFolder}${name}$" {`,
    "  gzip off;",
    "  try_files $brotli$uri $uri @kept;",
    "}",
    "location @kept {",
    `  root ${keptFolder};`,
    "  try_files $uri =404;",
    "}",
  ];
}

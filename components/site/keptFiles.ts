/** Where Slipway's Dockerfile puts the pages. */
const pagesFolder = "/srv/site";

/** Where a pod has the compiled files of the releases before. */
export const keptFolder = "/srv/kept";

/** Maximum size of the files that are kept, of all releases and each of the two kinds, in bytes. */
const limitBytes = 16 * 1024 * 1024;

/** Maximum number of files of each kind: on a disk each takes whole blocks. */
const limitFiles = 4000;

/** Names of files that hold their content's hash: scripts and styles, then pictures, fonts and other files. */
const patterns = {
  scripts: String.raw`[^/.][^/]*[-.][0-9a-f]{20}\.(js|css)(\.map|\.LICENSE\.txt)?`,
  files: String.raw`static/([^/.][^/]*-[0-9a-f]{32}\.[[:alnum:]_]+|[0-9a-f]{32}/.+)`,
} as const;

/** Any folder that is not hidden, for a site with a `pathPrefix`. */
const anyFolder = "([^/.][^/]*/)*";

/** Copies the files if they are not too many. It never fails: a pod without them is better than none. */
export function renderKeepScript(): string {
  const [list, others] = [`${keptFolder}/.list`, `${keptFolder}/.others`];
  const mebibytes = limitBytes / 1024 / 1024;
  return [
    `cd ${pagesFolder} || exit 0`,
    "find_files() {",
    `  (cd "$1" && find . -type f) | grep -E "^\\./${anyFolder}$2(\\.gz)?\\$"`,
    "}",
    "measure() {",
    '  if [ -s "$2" ]; then tar -cf - -C "$1" -T "$2" | wc -c; else echo 0; fi',
    "}",
    "keep() {",
    `  find_files ${keptFolder} "$2" >${others}`,
    "  # A name that is there has the same content.",
    `  find_files . "$2" | while IFS= read -r file; do [ -e "${keptFolder}/$file" ] || echo "$file"; done >${list}`,
    `  [ -s ${list} ] || return 0`,
    `  files=$(cat ${others} ${list} | wc -l)`,
    `  bytes=$(($(measure ${keptFolder} ${others}) + $(measure . ${list})))`,
    `  if [ "$files" -gt ${limitFiles} ] || [ "$bytes" -gt ${limitBytes} ]; then`,
    `    echo "The $1 of this release are not kept: at most ${limitFiles} files and ${mebibytes} MiB of all releases before are."`,
    "  else",
    `    tar -cf - -T ${list} | tar -xf - -C ${keptFolder}`,
    "  fi",
    "}",
    ...Object.entries(patterns).map(([kind, pattern]) => `keep ${kind} '${pattern}'`),
    `rm -f ${list} ${others}`,
    "exit 0",
  ].join("\n");
}

/** Renders the lines of nginx's server block that serve the files if the release that runs has none of that name. */
export function renderKeptFiles(): string[] {
  const name = `(${patterns.scripts}|${patterns.files})`.replace("[:alnum:]_", "\\w");
  return [
    "# Compiled files of the releases before, for pages that were opened then.",
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

/** Folders and files that a build makes, or that no page depends on. */
const unused = [
  "**/.cache",
  ".dockerignore",
  "**/.git",
  ".gitignore",
  ".gitlab-ci.yml",
  "**/node_modules",
  "README.md",
  "**/*.log",
  "**/.DS_Store",
];

/** What holds credentials, or is the program's: see `findContextSecrets` of the image. */
const secret = [
  "**/.pulumi",
  "**/.slipway",
  "**/.kube",
  "**/.ssh",
  "**/*kubeconfig*",
  "**/*.pem",
  "**/*.key",
  "**/Pulumi*.yaml",
];

/** What makes the `.dockerignore` of one site differ from another's. Paths are relative to the context. */
export interface DockerignoreOptions {
  /** Folder that the build leaves the pages in. */
  readonly output: string;
  /** Folder of the program, if it is in the context. */
  readonly program?: string;
  /** Files named `.env` or `.env.*` that git tracks, so that they hold no secret. */
  readonly trackedEnvironments: readonly string[];
}

/** Renders the `.dockerignore` of a site. */
export function renderDockerignore(options: DockerignoreOptions): string {
  return [
    "# What is made from the rest, and what no page depends on.",
    ...unused,
    options.output,
    "# Never into an image, not even into a layer of the builder.",
    ...listSecretLines(options),
    "",
  ].join("\n");
}

/**
 * Adds to a `.dockerignore` the lines that keep secrets out of the context. The lines that are there stay.
 *
 * @returns the same text if none is missing
 */
export function completeDockerignore(text: string, options: DockerignoreOptions): string {
  const lines = text.split(/\r?\n/).map(normalizeLine);
  const needed = ["**/.git", "**/node_modules", ...listSecretLines(options)];
  const missing = needed.filter((line) => !isListed(line, lines));
  if (missing.length === 0) return text;
  const title = "# Never into an image, not even into a layer of the builder.";
  const start = text === "" || text.endsWith("\n") ? text : `${text}\n`;
  return `${start}${[title, ...missing].join("\n")}\n`;
}

function listSecretLines({ program, trackedEnvironments }: DockerignoreOptions): string[] {
  return [
    ...(program === undefined ? [] : [program]),
    ...secret,
    "**/.env*",
    ...trackedEnvironments.map((file) => `!${file}`),
  ];
}

function isListed(line: string, lines: readonly string[]): boolean {
  return lines.includes(normalizeLine(line));
}

/** Docker takes `/x`, `x/` and `./x` for `x`. */
function normalizeLine(line: string): string {
  return line
    .trim()
    .replace(/^(!?)(?:\.?\/)+/, "$1")
    .replace(/\/+$/, "");
}

/** The commands that the README shows with what they print. */
export const commands = [
  "make up",
  "npx slipway promote dev staging --yes",
  "npx slipway status --short",
] as const;

const mark = "<!-- recorded by `npm run docs:record` -->";
const block = new RegExp(`(?<=^${mark}\n\n\`\`\`\n)[^]*?(?=^\`\`\`$)`, "m");

/** Lines that tell how far it is: what is there, what Pulumi has made, and what comes of it. */
const kept = [
  /^✔ (?!Servers)/,
  /^Updating \(/,
  /:(ProjectDeployToken|Secret|Image|Index|Deployment) \S+ (created|updated)( \(|$)/,
  /^Took: /,
  /^`\w+` runs sha256:/,
  /^site: /,
  /^(stack|dev|staging|prod) {2}/,
];

/** What is kept of a command's output. */
export const shorten = (output: string): string[] =>
  output
    .split("\n")
    .filter((line) => kept.some((pattern) => pattern.test(line)))
    .map((line) =>
      line
        // The last line of a build's log, or what differs.
        .replace(/(\(\d[\d.]*s\)).*/, "$1")
        .replace(/(sha256:[0-9a-f]{8})[0-9a-f]+/, "$1…")
        .trimEnd(),
    );

/** What stands in the README. */
export const readRecording = (readme: string): string => block.exec(readme)?.[0].trimEnd() ?? "";

export const replaceRecording = (readme: string, text: string): string =>
  readme.replace(block, () => `${text}\n`);

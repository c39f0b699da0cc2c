import { posix } from "node:path";

import { renderTable } from "../table";
import type { OwnDockerfile } from "./ownDockerfile";
import type { PlannedFile } from "./plan";

/** Whose Dockerfile builds the image: the repository's own, or Slipway's in its place. */
export const dockerfileChoices = ["own", "slipway"] as const;

/** Shows the difference between a Dockerfile that is there and Slipway's. */
export function describeOffer({ file, port, userId }: OwnDockerfile): string {
  const table = renderTable([
    ["", `\`${file}\``, "Slipway's"],
    ["publicConfig", "not served", "at /config.json"],
    ["noindex on tiers other than production", "no", "yes"],
    ["files with a hash in their name", "asked for again", "cached for a year"],
    ["the same files built twice", "may have another digest", "one digest"],
    ["build secrets and a network's own CA", "what it mounts itself", "in its install and build"],
    ["runs as user", userId === undefined ? "10001 instead of root" : String(userId), "10001"],
    ["listens on", port === undefined ? "not known" : String(port), "8080"],
  ]);
  return [
    "The Dockerfile that is there, and Slipway's, which `--dockerfile slipway` writes beside it:",
    ...table.split("\n").map((row) => `  ${row}`),
  ].join("\n");
}

/** Says what to change by hand in a Pulumi.yaml that is kept, so that Slipway's Dockerfile builds the image. */
export function listOfferSteps(
  files: readonly PlannedFile[],
  folder: string,
  dockerfile: string,
): string[] {
  const project = posix.join(folder, "Pulumi.yaml");
  const isKept = files.some(({ action, path }) => path === project && action === "keep");
  if (!isKept) return [];
  return [
    `  in ${project}: set \`dockerfile\` to "${posix.relative(folder, dockerfile)}", and remove \`webServer\`, \`containerPort\`, \`userId\` and \`readinessPath\``,
  ];
}

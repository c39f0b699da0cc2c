import { renderTable } from "../table";
import type { Facts } from "./facts";
import type { Plan } from "./plan";

/** Says what was found out about a repository, a line each. */
export function describeFacts(facts: Facts, registry: string | undefined): string[] {
  const { context, dockerfile, gitlab, manager, manifest, node, site } = facts;
  const version = manager.version === undefined ? "" : ` ${manager.version}`;
  const lock = manager.lockFile === undefined ? "no lock file" : `\`${manager.lockFile}\``;
  const table = renderTable([
    ["GitLab", gitlab === undefined ? "not found" : `${gitlab.url}, project ${gitlab.path}`],
    ["registry", registry ?? "not found"],
    ["site", `\`${site}\`${context === site ? "" : `, built from \`${context}\``}`],
    ["packages", `${manager.name}${version}, ${lock}`],
    ["Node", `${node.major} (${node.source})`],
    ["Dockerfile", dockerfile === undefined ? "none" : `\`${dockerfile.file}\``],
    [
      "manifest",
      manifest === undefined ? "none" : manifest.files.map((file) => `\`${file}\``).join(", "),
    ],
  ]);
  return table.split("\n").map((row) => `  ${row}`);
}

/** Says what a plan does to each file. */
export function describePlan({ files }: Plan): string[] {
  return files.map(({ action, path }) => `  ${action.padEnd("create".length)}  ${path}`);
}

/** What of a site a person has to know or to decide, a sentence each. */
export function listRemarks(facts: Facts, limits: readonly string[]): string[] {
  const { dockerfile, gatsby, manager, manifest, pathPrefix, script } = facts;
  const isOwn = dockerfile !== undefined && !dockerfile.isOurs;
  const remarks = limits.map(
    (limit) =>
      `${limit} The image serves files alone. Remove that, or leave it out: \`pulumi config set skipServerPages true\`.`,
  );
  if (pathPrefix === undefined) {
    remarks.push(
      `\`pathPrefix\` in \`${gatsby.file}\` is computed. The image has to serve the pages below that path: write it as a text, or set \`PATH_PREFIX\` in the Dockerfile and the key \`pathPrefix\`.`,
    );
  } else if (pathPrefix !== "") {
    remarks.push(
      `The site is served below \`${pathPrefix}\`, its \`pathPrefix\` in \`${gatsby.file}\`.`,
    );
  } else if (gatsby.pathPrefix !== undefined) {
    remarks.push(
      `\`${gatsby.file}\` has a \`pathPrefix\`, but the script \`build\` is without \`--prefix-paths\`: the site is served at the root.`,
    );
  }
  if (manager.bunLock !== undefined) {
    remarks.push(
      `\`${manager.bunLock}\` is the lock file of Bun, which the image does not have: ${manager.name} may install other versions. Run \`${manager.name} install\` and commit its lock file; scripts that call \`bun\` have to call ${manager.name}.`,
    );
  } else if (manager.lockFile === undefined) {
    remarks.push(
      `There is no lock file, so that two builds may install different packages. Run \`${manager.name} install\` and commit the lock file.`,
    );
  }
  if (script === undefined) {
    remarks.push("package.json has no script `build`: the image runs `gatsby build`.");
  }
  if (isOwn) {
    remarks.push(
      `\`${dockerfile.file}\` stays, and its image's own web server serves the site: without \`publicConfig\`, \`noindex\` on tiers other than production and long-lived caching; and a second build of the same files may have another digest. \`slipway init --dockerfile slipway\` writes Slipway's beside it.`,
    );
  }
  if (manifest?.probePath !== undefined && !isOwn) {
    remarks.push(
      `\`${manifest.files[0]}\` checks \`${manifest.probePath}\`. Slipway's Deployment checks \`/healthz\`, which its nginx answers.`,
    );
  }
  if (manifest !== undefined) {
    remarks.push(
      `\`${manifest.files[0]}\` has the Deployment \`${manifest.deployment}\`. Slipway creates its own: delete that one when the new one serves.`,
    );
  }
  return remarks;
}

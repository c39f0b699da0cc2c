import * as fs from "node:fs";

/** The official nginx as a base, which starts as root and writes outside of `/tmp`. */
const officialNginx = /^\s*FROM\s+(?:--\S+\s+)*(?:docker\.io\/)?(?:library\/)?nginx(?:[:@\s]|$)/i;

/** A step that may bring another nginx.conf along. */
const otherConfiguration =
  /\/etc\/nginx\/nginx\.conf|^\s*(?:COPY|ADD)\s.*\s["']?\/(?:etc(?:\/nginx)?)?\/?["']?\]?\s*$/i;

/**
 * Says that the pods of an image would not start: it ends in the official nginx with its own configuration, which needs
 * folders that a pod with Slipway's configuration does not have.
 *
 * @returns a sentence with what to do, or nothing
 */
export function findOwnServerProblems(dockerfile: string): string[] {
  const lines = fs
    .readFileSync(dockerfile, "utf8")
    .replace(/\\\r?\n/g, " ")
    .split(/\r?\n/);
  const last = lines.findLastIndex((line) => /^\s*FROM\s/i.test(line));
  const stage = lines.slice(last);
  if (!officialNginx.test(lines[last] ?? "")) return [];
  if (stage.some((line) => otherConfiguration.test(line))) return [];
  return [
    `\`${dockerfile}\` ends in the official nginx with its own configuration, with which no pod would start. Let the pods give it what it needs: \`pulumi config set webServer image\` and \`pulumi config set containerPort 80\`. Or use Slipway's Dockerfile: \`npx slipway init --dockerfile slipway\`.`,
  ];
}

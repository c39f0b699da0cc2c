import { readFileSync } from "node:fs";
import { join } from "node:path";

import { templates } from "./dockerfile";

/**
 * Renders nginx's configuration from `templates/image/nginx.conf`.
 *
 * @param prefix path below which the pages are served, such as `/docs`; empty for the root
 */
export function renderNginxConfiguration(prefix: string): string {
  const text = readFileSync(join(templates, "nginx.conf"), "utf8");
  if (prefix === "") return text;
  const escaped = prefix.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
  return text
    .replaceAll('"~^/', () => `"~^${escaped}/`)
    .replace("=404 /404.html", () => `=404 ${prefix}/404.html`)
    .replace(/\n {2}\}\n\}\n$/, (end) => `\n\n${renderPrefixLocations(prefix, escaped)}${end}`);
}

/** The files are below the prefix, as their addresses are. Beside them is what the environment adds. */
function renderPrefixLocations(prefix: string, escaped: string): string {
  return [
    `    # The site's \`pathPrefix\`. Gatsby's pages ask for everything below it.`,
    `    location = / {`,
    `      return 302 ${prefix}/;`,
    `    }`,
    ``,
    `    rewrite ^${escaped}(/config\\.json)$ $1 last;`,
  ].join("\n");
}

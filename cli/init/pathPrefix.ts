import type { GatsbyConfig } from "./gatsbyConfig";
import type { PackageJson } from "./repository";

/**
 * The path below which a site's pages are served, such as `/docs`.
 *
 * Gatsby writes `pathPrefix` into the pages only if its build is asked to, by `--prefix-paths` or by the
 * variable `PREFIX_PATHS`.
 *
 * @returns empty text for the root of the host; undefined if the path is computed, so that only Gatsby knows it
 * @see https://www.gatsbyjs.com/docs/how-to/previews-deploys-hosting/path-prefix/
 */
export function findPathPrefix(
  { pathPrefix }: GatsbyConfig,
  { scripts = {} }: Pick<PackageJson, "scripts">,
): string | undefined {
  if (pathPrefix === undefined || !prefixesPaths(scripts, "build")) return "";
  if (pathPrefix === "computed") return undefined;
  const path = pathPrefix.text.replace(/^\/+|\/+$/g, "");
  return path === "" ? "" : `/${path}`;
}

/** Whether a script asks for it, or a script that it runs. */
function prefixesPaths(
  scripts: Readonly<Record<string, string>>,
  name: string,
  seen: readonly string[] = [],
): boolean {
  const script = scripts[name] ?? "";
  if (/--prefix-paths\b|\bPREFIX_PATHS=["']?true\b/.test(script)) return true;
  const called = Object.keys(scripts).filter(
    (other) => !seen.includes(other) && other !== name && script.split(/\s+/).includes(other),
  );
  return called.some((other) => prefixesPaths(scripts, other, [...seen, name]));
}

import * as fs from "node:fs";
import * as path from "node:path";

import type { BuildContext } from "./buildContext";
import { tryParseJson } from "../json";

/** Sources of pages are smaller. Larger scripts are generated. */
const longestScriptBytes = 512 * 1024;

/** Folders of a site whose scripts Gatsby does not compile. */
const notCompiled = /^(static|public|\.cache|node_modules)\/|(^|\/)__tests__\/|\.(test|spec)\.\w+$/;

const rendered =
  /\bexport\s+(?:async\s+)?(?:function\b\s*\*?|const|let|var)\s*getServerData\b|\bexport\s*\{[^}]*\bgetServerData\b|\bexports\.getServerData\s*=/;

/** Of a page's own configuration, or of `createPage`. */
const mayDefer = /\bcreatePage\b|\bexport\s+(?:async\s+)?(?:function|const)\s+config\b/;
const deferred = /\bdefer\s*:(?!\s*false\b)/;

/** Other modules in the folder of functions are helpers, which many sites have there too. */
const isFunction = /\bexport\s+default\b|\bexport\s*\{[^}]*\bdefault\b|\bmodule\.exports\s*=/;

/**
 * Finds what a static server can't do in a site: pages that a server renders or that are deferred, and
 * functions.
 *
 * @param files paths, with `/`
 * @param site folder of the site among them; `.` for the top one
 * @param read returns the text of a file
 * @returns a sentence for each, which begins with the file's path
 * @see https://www.gatsbyjs.com/docs/how-to/rendering-options/
 */
export function findStaticLimits(
  files: readonly string[],
  site: string,
  read: (file: string) => string,
): string[] {
  const prefix = site === "." ? "" : `${site}/`;
  const found = { rendered: [] as string[], deferred: [] as string[], functions: [] as string[] };
  for (const file of files) {
    if (!file.startsWith(prefix) || !/\.[cm]?[jt]sx?$/.test(file)) continue;
    const own = file.slice(prefix.length);
    if (notCompiled.test(own)) continue;
    const text = removeComments(read(file));
    if (own.startsWith("src/api/")) {
      if (!own.endsWith(".d.ts") && isFunction.test(text)) found.functions.push(file);
      continue;
    }
    if (rendered.test(text)) found.rendered.push(file);
    if (mayDefer.test(text) && deferred.test(text)) found.deferred.push(file);
  }
  return [
    ...found.rendered.map(
      (file) => `\`${file}\` is rendered by a server for each request (\`getServerData\`).`,
    ),
    ...found.deferred.map((file) => `\`${file}\` defers pages to their first request (\`defer\`).`),
    ...found.functions.map((file) => `\`${file}\` is a function, which runs on a server.`),
  ];
}

/**
 * Finds what the image of a context can't serve, because it only serves files.
 *
 * @param files of the context
 * @returns one problem with all its parts; none if there is no site of Gatsby
 */
export function findServerProblems(context: BuildContext, files: readonly string[]): string[] {
  const site = findSite(context, files);
  if (site === undefined) return [];
  const limits = findStaticLimits(files, site, (file) => {
    const location = path.join(context.directory, file);
    return fs.statSync(location).size > longestScriptBytes ? "" : fs.readFileSync(location, "utf8");
  });
  if (limits.length === 0) return [];
  return [
    [
      "The site needs a server, but its image only serves files. Remove these parts, or leave them out: `pulumi config set skipServerPages true`.",
      ...limits.map((limit) => `      ${limit}`),
    ].join("\n"),
  ];
}

/** Folder of the site in a context: the Dockerfile's own, or the context's top folder. */
function findSite({ directory, dockerfile }: BuildContext, files: readonly string[]) {
  const folder = path.posix.relative(directory, path.posix.dirname(dockerfile)) || ".";
  return [folder, "."].find((candidate) => {
    const manifest = path.posix.join(candidate, "package.json");
    if (!files.includes(manifest)) return false;
    const text = fs.readFileSync(path.join(directory, manifest), "utf8");
    const { dependencies, devDependencies } = (tryParseJson(text) ?? {}) as PackageJson;
    return dependencies?.gatsby !== undefined || devDependencies?.gatsby !== undefined;
  });
}

interface PackageJson {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** Whole lines and blocks: code that somebody has switched off. */
function removeComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
}

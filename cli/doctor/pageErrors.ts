import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, posix } from "node:path";

/** The parts of TypeScript's API in use. It is no dependency: most programs have it, since they are written in it. */
interface TypeScript {
  readonly JsxEmit: { readonly Preserve: number };
  readonly ScriptTarget: { readonly ESNext: number };
  transpileModule(
    text: string,
    options: {
      readonly fileName: string;
      readonly reportDiagnostics: true;
      readonly compilerOptions: Readonly<Record<string, unknown>>;
    },
  ): { readonly diagnostics?: readonly Diagnostic[] };
  flattenDiagnosticMessageText(text: Diagnostic["messageText"], newLine: string): string;
}

interface Diagnostic {
  readonly start?: number;
  readonly messageText: string | { readonly messageText: string };
}

/**
 * Says where the source files have syntax errors that Gatsby could not parse in a build. Gatsby names only the file, so
 * the file is parsed here for the line, with the TypeScript of the program or the site.
 *
 * @param log end of the build's log
 * @param site folder of the site on this machine
 * @param program folder of Pulumi.yaml
 * @returns for each file `path:line:column: message`, and the line
 */
export function describePageErrors(log: string, site: string, program: string): string[] {
  const paths = [...log.matchAll(/There was a problem parsing "([^"\n]+)"/g)].map(
    ([, path]) => path,
  );
  const files = new Set(paths.flatMap((path) => findFile(path, site) ?? []));
  const typescript = files.size === 0 ? undefined : tryLoadTypeScript([program, site]);
  return [...files].map(
    (file) =>
      (typescript && findFirstError(file, readFileSync(join(site, file), "utf8"), typescript)) ??
      `${file}: Gatsby can't parse this file, so it has a syntax error. An editor shows its line.`,
  );
}

/** The file of the site that has a path in the image: which folder the site has there is the Dockerfile's choice. */
function findFile(path: string, site: string): string | undefined {
  const parts = path.split("/").filter(Boolean);
  return parts
    .map((_, index) => posix.join(...parts.slice(index)))
    .find((candidate) => existsSync(join(site, candidate)));
}

/** TypeScript 7 is a program of its own: its package has no parser to load. */
function tryLoadTypeScript(folders: readonly string[]): TypeScript | undefined {
  for (const folder of folders) {
    try {
      const loaded: unknown = createRequire(join(folder, "package.json"))("typescript");
      if (hasParser(loaded)) return loaded;
    } catch {
      // It is not installed there.
    }
  }
  return undefined;
}

function hasParser(loaded: unknown): loaded is TypeScript {
  return typeof (loaded as Partial<TypeScript> | null)?.transpileModule === "function";
}

function findFirstError(file: string, text: string, typescript: TypeScript): string | undefined {
  const { JsxEmit, ScriptTarget } = typescript;
  const { diagnostics = [] } = typescript.transpileModule(text, {
    // Gatsby takes JSX in files with any ending.
    fileName: file.replace(/\.m?js$/, ".jsx"),
    reportDiagnostics: true,
    compilerOptions: { jsx: JsxEmit.Preserve, target: ScriptTarget.ESNext },
  });
  const [first] = diagnostics;
  if (first === undefined) return undefined;
  const before = text.slice(0, first.start ?? 0).split("\n");
  const message = typescript.flattenDiagnosticMessageText(first.messageText, " ");
  const column = (before.at(-1) ?? "").length + 1;
  return `${file}:${before.length}:${column}: ${message}\n  ${text.split("\n")[before.length - 1]}`;
}

import * as fs from "node:fs";
import * as path from "node:path";

import { type BuildContext, listIgnoreFiles } from "./buildContext";
import { type ContextListing, listContext } from "./contextListing";

/** A file, or a folder, that must not be in a build's context. */
interface Finding {
  /** Path relative to the context. */
  readonly file: string;
  /** What it is, with its article. */
  readonly kind: string;
  /** Line of `.dockerignore` that keeps it out. */
  readonly line: string;
}

/** Folders that hold credentials, or far more than a site. */
const folders: Readonly<Record<string, string>> = {
  ".git": "the repository's history",
  ".kube": "the folder of kubectl's credentials",
  ".pulumi": "Pulumi's folder",
  ".slipway": "Slipway's folder",
  ".ssh": "the folder of ssh's keys",
  node_modules: "a folder of installed packages",
};

/** Kinds of files that may be a kubeconfig, a private key or Pulumi's credentials, by their names' ends. */
const candidates = new Set([
  "",
  ".conf",
  ".config",
  ".json",
  ".key",
  ".pem",
  ".txt",
  ".yaml",
  ".yml",
]);

/** Larger files are not read: credentials are small. */
const longestCredentialBytes = 256 * 1024;

/**
 * Finds what a build must not take along. Every file of the context becomes part of a layer, of the image or
 * of the cache in the registry, and everyone who can pull the image can read that.
 *
 * @returns a sentence for each, with the line for `.dockerignore`
 */
export function findContextSecrets(
  context: BuildContext,
  { files, tracked }: ContextListing = listContext(context),
): string[] {
  const isProgram = createProgramTest(context.directory);
  const isPrivate = createEnvironmentTest(tracked);
  const findings = new Map<string, Finding>();
  for (const file of files) {
    const finding =
      isProgram(file) ??
      findFolder(file) ??
      isPrivate(file) ??
      findCredential(context.directory, file);
    if (finding !== undefined && !findings.has(finding.line)) findings.set(finding.line, finding);
  }
  const [own, shared] = listIgnoreFiles(context);
  const ignoreFile = fs.existsSync(own) ? own : shared;
  return [...findings.values()].map(
    ({ file, kind, line }) =>
      `\`${path.posix.join(context.directory, file)}\` is ${kind}. Everyone who can pull the image could read it. Add the line \`${line}\` to \`${ignoreFile}\`.`,
  );
}

/** The program's folder, which is the working directory, if it is below the context; the stacks' files anywhere. */
function createProgramTest(directory: string) {
  const relative = path.relative(fs.realpathSync(directory), fs.realpathSync("."));
  const folder = relative.split(path.sep).join("/");
  const isBelow = folder !== "" && !folder.startsWith("..") && !path.isAbsolute(folder);
  return (file: string): Finding | undefined => {
    if (isBelow && file.startsWith(`${folder}/`)) {
      return { file: folder, kind: "the folder of Pulumi.yaml", line: folder };
    }
    const name = path.posix.basename(file);
    if (/^Pulumi(\.[\w-]+)?\.ya?ml$/.test(name)) {
      return { file, kind: "a file of Pulumi's configuration", line: "**/Pulumi*.yaml" };
    }
    return undefined;
  };
}

/** Gatsby reads `.env.production`, which a team may track. A file that git does not track is for secrets. */
function createEnvironmentTest(tracked: ReadonlySet<string>) {
  return (file: string): Finding | undefined =>
    tracked.size > 0 && /(^|\/)\.env(\.[^/]*)?$/.test(file) && !tracked.has(file)
      ? { file, kind: "a file of environment variables that git does not track", line: file }
      : undefined;
}

function findFolder(file: string): Finding | undefined {
  const parts = file.split("/");
  const index = parts.findIndex((part) => Object.hasOwn(folders, part));
  if (index === -1) return undefined;
  const name = parts[index];
  return { file: parts.slice(0, index + 1).join("/"), kind: folders[name], line: `**/${name}` };
}

function findCredential(directory: string, file: string): Finding | undefined {
  if (!candidates.has(path.posix.extname(file))) return undefined;
  const location = path.join(directory, file);
  const status = fs.lstatSync(location);
  if (!status.isFile() || status.size > longestCredentialBytes) return undefined;
  const kind = describeCredential(fs.readFileSync(location, "utf8"));
  return kind === undefined ? undefined : { file, kind, line: file };
}

function describeCredential(text: string): string | undefined {
  if (/^\s*-----BEGIN [A-Z ]*PRIVATE KEY-----/m.test(text)) return "a private key";
  if (/^\s*"?kind"?:\s*"?Config\b/m.test(text) && /\bclusters"?:/.test(text)) {
    return "a kubeconfig";
  }
  return /"accessTokens"\s*:/.test(text) ? "a file of Pulumi's credentials" : undefined;
}

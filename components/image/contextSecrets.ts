import * as fs from "node:fs";
import * as path from "node:path";

import { type BuildContext, listIgnoreFiles } from "./buildContext";
import { type ContextListing, listContext } from "./contextListing";
import {
  describeByContent,
  describeByName,
  findToken,
  mayHoldCredentials,
} from "./credentialFiles";
import { findLiteralTokens } from "./packageTokens";

/** A file, or a folder, that must not be in a build's context. */
interface Finding {
  /** Path relative to the context. */
  readonly file: string;
  /** Continues the path: what it is or has. */
  readonly text: string;
  /** Line of `.dockerignore` that keeps it out; undefined if the build needs the file. */
  readonly line?: string;
  /** What to do; if there is a line, the beginning of the sentence that names it. */
  readonly remedy?: string;
}

/** Folders that hold credentials, or far more than a site. */
const folders: Readonly<Record<string, string>> = {
  ".aws": "the folder of AWS' credentials",
  ".azure": "the folder of Azure's credentials",
  ".config/gcloud": "the folder of Google Cloud's credentials",
  ".docker": "the folder of Docker's logins",
  ".git": "the repository's history",
  ".gnupg": "the folder of GnuPG's keys",
  ".kube": "the folder of kubectl's credentials",
  ".pulumi": "Pulumi's folder",
  ".slipway": "Slipway's folder",
  ".ssh": "the folder of ssh's keys",
  node_modules: "a folder of installed packages",
};

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
    const key = finding?.line ?? file;
    if (finding !== undefined && !findings.has(key)) findings.set(key, finding);
  }
  const [own, shared] = listIgnoreFiles(context);
  const ignoreFile = fs.existsSync(own) ? own : shared;
  return [...findings.values()].map(
    ({ file, line, remedy, text }) =>
      `\`${path.posix.join(context.directory, file)}\` ${text}. Everyone who can pull the image could read it. ${remedy ?? "Add"}${line === undefined ? "" : ` the line \`${line}\` to \`${ignoreFile}\`.`}`,
  );
}

/** The program's folder, which is the working directory, if it is below the context; the stacks' files anywhere. */
function createProgramTest(directory: string) {
  const relative = path.relative(fs.realpathSync(directory), fs.realpathSync("."));
  const folder = relative.split(path.sep).join("/");
  const isBelow = folder !== "" && !folder.startsWith("..") && !path.isAbsolute(folder);
  return (file: string): Finding | undefined => {
    if (isBelow && file.startsWith(`${folder}/`)) {
      return { file: folder, text: "is the folder of Pulumi.yaml", line: escapeLine(folder) };
    }
    const [, ending] = /^Pulumi(?:\.[\w-]+)?\.(ya?ml)$/.exec(path.posix.basename(file)) ?? [];
    return ending === undefined
      ? undefined
      : { file, text: "is a file of Pulumi's configuration", line: `**/Pulumi*.${ending}` };
  };
}

/** Gatsby reads `.env.production`, which a team may track. A file that git does not track is for secrets. */
function createEnvironmentTest(tracked: ReadonlySet<string>) {
  return (file: string): Finding | undefined =>
    tracked.size > 0 && /(^|\/)(\.env(\.[^/]*)?|[^/]+\.env)$/.test(file) && !tracked.has(file)
      ? {
          file,
          text: "is a file of environment variables that git does not track",
          line: escapeLine(file),
        }
      : undefined;
}

function findFolder(file: string): Finding | undefined {
  const parts = file.split("/").slice(0, -1);
  for (const [index, part] of parts.entries()) {
    const name = [part, parts.slice(index - 1, index + 1).join("/")].find((path) =>
      Object.hasOwn(folders, path),
    );
    if (name !== undefined) {
      const found = parts.slice(0, index + 1).join("/");
      return { file: found, text: `is ${folders[name]}`, line: `**/${name}` };
    }
  }
  return undefined;
}

function findCredential(directory: string, file: string): Finding | undefined {
  const line = escapeLine(file);
  const named = describeByName(file);
  if (named !== undefined) return { file, text: `is ${named}`, line };
  if (!mayHoldCredentials(file)) return undefined;
  const location = path.join(directory, file);
  const status = fs.lstatSync(location);
  if (!status.isFile() || status.size > longestCredentialBytes) return undefined;
  const content = fs.readFileSync(location, "utf8");
  const settings = findLiteralTokens(file, content);
  if (settings.length > 0) {
    const names = settings.map((setting) => `\`${setting}\``).join(" and ");
    return {
      file,
      text: `has the value of ${names} in plain text`,
      remedy:
        "Revoke that token, write `${NPM_TOKEN}` in its place, and set the new one: `pulumi config set --secret --path buildSecrets.NPM_TOKEN`.",
    };
  }
  const kind = describeByContent(content);
  if (kind !== undefined) return { file, text: `is ${kind}`, line };
  const token = findToken(content);
  return token === undefined
    ? undefined
    : { file, text: `has ${token} in plain text`, remedy: tokenRemedy, line };
}

const tokenRemedy = "Revoke that token, and remove it from the file or add";

/** A path as a line of `.dockerignore`, where some characters have a meaning. */
function escapeLine(file: string): string {
  return file.replace(/[*?[\]\\]/g, "\\$&");
}

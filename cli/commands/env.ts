import * as fs from "node:fs";
import * as path from "node:path";

import { listBodies } from "../../config/caCertificate";
import { systemBundles } from "../../config/trust";

import type { CommandContext } from "../io";
import { readCertificate } from "../stackConfig";
import { openStack, type StackOptions } from "../pulumi/openStack";

/** Options of `slipway env`. */
export type EnvOptions = StackOptions;

/** Folder of the files that the variables name, below the project's. */
const folder = ".slipway";

/**
 * `slipway env`: prints `export` lines for the variables that the Pulumi program can't set itself, so that all
 * programs of an update trust the stack's CA. `SSL_CERT_FILE` replaces the system's CAs, so its bundle contains
 * them and the stack's CA. `NODE_EXTRA_CA_CERTS` adds to Node's own CAs.
 */
export async function env(options: EnvOptions, io: CommandContext): Promise<void> {
  const { cwd } = options;
  const { project, stack, values } = await openStack(options, io);
  const value = values[`${project}:caCertificate`] ?? "";
  if (value === "") {
    io.print(`# Stack \`${stack}\` has no \`caCertificate\`: there is nothing to add.`);
    return;
  }
  const authority = readCertificate(value, cwd);
  const { NODE_EXTRA_CA_CERTS: extra, SSL_CERT_FILE: bundle } = io.env;
  const system = bundle || systemBundles.find((file) => fs.existsSync(file));
  const variables = {
    SSL_CERT_FILE: writeBundle(cwd, "ca-bundle.pem", system, authority),
    NODE_EXTRA_CA_CERTS: writeBundle(cwd, "ca-extra.pem", extra, authority),
  };
  for (const [name, file] of Object.entries(variables)) {
    io.print(`export ${name}='${file.replaceAll("'", `'\\''`)}'`);
  }
}

/**
 * Writes a bundle of the current CAs and the stack's, unless the current file has it. Returns the file to use.
 */
function writeBundle(
  cwd: string,
  name: string,
  current: string | undefined,
  authority: string,
): string {
  const before =
    current !== undefined && fs.existsSync(current) ? fs.readFileSync(current, "utf8") : "";
  const known = new Set(listBodies(before));
  if (current !== undefined && listBodies(authority).every((body) => known.has(body)))
    return current;
  const file = path.join(cwd, folder, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, `${before.trimEnd()}\n${authority.trim()}\n`);
  return file;
}

import * as fs from "node:fs";
import * as tls from "node:tls";

import { listBodies } from "./caCertificate";

/*
 * Whether other programs trust a CA. This program can't configure them, only their environment can:
 * `SSL_CERT_FILE` is for programs written in Go (the docker-build plugin, BuildKit's client) and replaces the
 * system's CAs; `NODE_EXTRA_CA_CERTS` is for Node and adds to its own.
 */

/** Files with the system's CAs if `SSL_CERT_FILE` names none: where Go looks, in its order. */
export const systemBundles = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
  "/etc/ssl/cert.pem",
];

/** The variables to change so that all programs trust a CA, given as PEM; none if they trust it already. */
export function findVariablesWithoutCa(
  pem: string,
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
): string[] {
  const wanted = listBodies(pem);
  const isIn = (file: string | undefined): boolean => {
    const known = new Set(listBodies(tryRead(file)));
    return wanted.every((body) => known.has(body));
  };
  const bundle = env.SSL_CERT_FILE || systemBundles.find((file) => fs.existsSync(file));
  const variables = [];
  // On these systems Go uses the system's own store, which can't be read here.
  const usesSystemStore = platform === "darwin" || platform === "win32";
  if (!usesSystemStore && !isIn(bundle)) variables.push("SSL_CERT_FILE");
  if (!isIn(env.NODE_EXTRA_CA_CERTS) && !isTrustedByNode(wanted)) {
    variables.push("NODE_EXTRA_CA_CERTS");
  }
  return variables;
}

/** Node can be configured to trust the system's CAs. */
function isTrustedByNode(wanted: readonly string[]): boolean {
  const known = new Set(listBodies(tls.getCACertificates("default").join("\n")));
  return wanted.every((body) => known.has(body));
}

function tryRead(file: string | undefined): string {
  return file !== undefined && fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "";
}

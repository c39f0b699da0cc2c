import * as fs from "node:fs";
import * as tls from "node:tls";

import { listBodies } from "./caCertificate";

/*
 * Whether the programs that the program can't configure trust a CA: it is their environment that says so.
 * `SSL_CERT_FILE` is for programs written in Go (the docker-build plugin, BuildKit's client) and replaces the
 * system's authorities; `NODE_EXTRA_CA_CERTS` is for Node, and adds to its own.
 */

/** The system's authorities where `SSL_CERT_FILE` names no others: what Go looks for, in its order. */
export const systemBundles = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
  "/etc/ssl/cert.pem",
];

/** Who of them does not trust a CA, as PEM, by the variable that would change it. */
export function findVariablesWithoutCa(
  pem: string,
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
): string[] {
  const wanted = listBodies(pem);
  const isIn = (file: string | undefined): boolean => {
    const known = new Set(listBodies(readIfAny(file)));
    return wanted.every((body) => known.has(body));
  };
  const bundle = env.SSL_CERT_FILE || systemBundles.find((file) => fs.existsSync(file));
  const untrusting = [];
  // There Go asks the system's own store, which can't be read here.
  const asksSystem = platform === "darwin" || platform === "win32";
  if (!asksSystem && !isIn(bundle)) untrusting.push("SSL_CERT_FILE");
  if (!isIn(env.NODE_EXTRA_CA_CERTS) && !isTrustedByNode(wanted)) {
    untrusting.push("NODE_EXTRA_CA_CERTS");
  }
  return untrusting;
}

/** Node may have been told to trust what the system does. */
function isTrustedByNode(wanted: readonly string[]): boolean {
  const known = new Set(listBodies(tls.getCACertificates("default").join("\n")));
  return wanted.every((body) => known.has(body));
}

function readIfAny(file: string | undefined): string {
  return file !== undefined && fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "";
}

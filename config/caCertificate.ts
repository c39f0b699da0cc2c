import { X509Certificate } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import * as tls from "node:tls";

import { isPathBelow, type Validator } from "./validators";

/*
 * `caCertificate`: the company's own authority, that signed the certificates of GitLab and its registry; as a
 * file, or as PEM.
 */

/** Where PEM from the configuration is put for who takes only a file. The same on every machine: the state holds it. */
const pemFile = ".slipway/ca.pem";

const blockPattern = /-----BEGIN ([A-Z0-9 ]+)-----[\s\S]+?-----END \1-----/g;

/** What is wrong with a CA, as far as it says itself. */
export const findCertificateProblems: Validator = (value) => {
  if (!isPem(value)) {
    const problems = isPathBelow("the folder of Pulumi.yaml")(value);
    if (problems.length > 0) return problems;
    if (!fs.existsSync(value)) return [`is "${value}", a file that is not there.`];
  }
  return findPemProblems(readCertificate(value));
};

/** What is wrong with the text of a CA. */
export function findPemProblems(pem: string): string[] {
  const blocks = [...pem.matchAll(blockPattern)];
  const certificates = blocks.filter(([, kind]) => kind === "CERTIFICATE");
  if (blocks.some(([, kind]) => kind.endsWith("PRIVATE KEY"))) {
    return ["holds a private key, which is nobody's but the owner's. Leave only certificates."];
  }
  if (certificates.length === 0) {
    return ['holds no certificate in PEM form, which begins with "-----BEGIN CERTIFICATE-----".'];
  }
  return certificates.flatMap(([block]) => findValidityProblems(block));
}

function findValidityProblems(block: string): string[] {
  const certificate = tryParseCertificate(block);
  if (certificate === undefined) return ["holds a certificate that can't be read."];
  const [from, to] = [Date.parse(certificate.validFrom), Date.parse(certificate.validTo)];
  // The machine's own clock: it is what every connection goes by.
  const now = Date.now();
  const name = describeCertificate(certificate);
  if (now > to) return [`holds ${name}, which expired on ${formatDay(to)}. Get the new one.`];
  if (now < from) return [`holds ${name}, which is not valid before ${formatDay(from)}.`];
  return [];
}

/** What is wrong with a CA that is right in itself, for a GitLab at `host`. */
export function findAuthorityProblems(value: string, host: string): string[] {
  if (value === "" || findCertificateProblems(value).length > 0) return [];
  return listCertificates(readCertificate(value)).flatMap((certificate) => {
    if (certificate.ca) return [];
    const name = describeCertificate(certificate);
    if (!certificate.checkIssued(certificate)) {
      return [`holds ${name}, which is no CA. Use the certificate of the CA that signed it.`];
    }
    // A server's own signature is as good as a CA's, for that server.
    return certificate.checkHost(host) === undefined
      ? [`holds ${name}, which is no CA, and not the certificate of GitLab's host "${host}".`]
      : [];
  });
}

/** The text of a CA, from its file if it is one. `folder` is what the file is relative to: the program's. */
export function readCertificate(value: string, folder = "."): string {
  return isPem(value) ? value : fs.readFileSync(path.resolve(folder, value), "utf8");
}

/** A file that has the CA, relative to the program. Written where the configuration has the text itself. */
export function ensureCertificateFile(value: string): string {
  if (!isPem(value)) return value;
  fs.mkdirSync(path.dirname(pemFile), { recursive: true });
  fs.writeFileSync(pemFile, value);
  return pemFile;
}

/** Every certificate of a PEM text, as the text between its marks without line breaks: the same is equal. */
export function listBodies(pem: string): string[] {
  return [...pem.matchAll(blockPattern)]
    .filter(([, kind]) => kind === "CERTIFICATE")
    .map(([block]) => block.replace(/-----[^-]+-----|\s/g, ""));
}

function listCertificates(pem: string): X509Certificate[] {
  return [...pem.matchAll(blockPattern)]
    .map(([block]) => tryParseCertificate(block))
    .filter((certificate) => certificate !== undefined);
}

function tryParseCertificate(block: string): X509Certificate | undefined {
  try {
    return new X509Certificate(block);
  } catch {
    return undefined;
  }
}

function isPem(value: string): boolean {
  return value.includes("-----BEGIN");
}

/** The certificate's subject, by its common name where it has one. */
function describeCertificate({ subject }: X509Certificate): string {
  const name = /^CN=(.*)$/m.exec(subject)?.[1] ?? subject.replaceAll("\n", ", ");
  return `the certificate of "${name}"`;
}

function formatDay(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

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

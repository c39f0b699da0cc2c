import { X509Certificate } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";

import { optionalKey } from "./keyDefinition";
import { invalid, type Result, valid } from "./result";
import { isPathBelow } from "./validators";

/*
 * `caCertificate`: the private CA that signed the certificates of GitLab and its registry, as a file or as PEM.
 */

/** The key's value: a file relative to Pulumi.yaml, or the certificates themselves. */
export type CaSource = { readonly file: string } | { readonly pem: string };

/** Certificates that were read and are valid now. */
export interface CaCertificate {
  /** The certificates as PEM. */
  readonly pem: string;

  /** The file that the configuration names; undefined if it has the PEM itself. */
  readonly file: string | undefined;

  readonly certificates: readonly X509Certificate[];
}

/** File for PEM from the configuration. It has the same path on every machine, since the state holds it. */
const pemFile = ".slipway/ca.pem";

const blockPattern = /-----BEGIN ([A-Z0-9 ]+)-----[\s\S]+?-----END \1-----/g;

/** The key `caCertificate`. */
export const caCertificateKey = optionalKey<CaSource>({
  description:
    "CA certificate of a private CA that signed GitLab's certificate, as a file relative to Pulumi.yaml or as PEM",
  example: "ca.pem",
  validate: (text) => {
    if (text.includes("-----BEGIN")) return valid({ pem: text });
    const file = isPathBelow("the folder of Pulumi.yaml")(text);
    return file.ok ? valid({ file: file.value }) : file;
  },
});

/**
 * Reads and checks a CA.
 *
 * @param folder the folder of Pulumi.yaml
 */
export function readCaCertificate(source: CaSource, folder = "."): Result<CaCertificate> {
  if ("pem" in source) return parseCertificates(source.pem, undefined);
  const file = path.resolve(folder, source.file);
  return fs.existsSync(file)
    ? parseCertificates(fs.readFileSync(file, "utf8"), source.file)
    : invalid(`is "${source.file}", but that file does not exist.`);
}

function parseCertificates(pem: string, file: string | undefined): Result<CaCertificate> {
  const blocks = [...pem.matchAll(blockPattern)];
  if (blocks.some(([, kind]) => kind.endsWith("PRIVATE KEY"))) {
    return invalid("contains a private key. Remove it and keep only certificates.");
  }
  const bodies = blocks.filter(([, kind]) => kind === "CERTIFICATE");
  if (bodies.length === 0) {
    return invalid('contains no certificate in PEM format ("-----BEGIN CERTIFICATE-----").');
  }
  const certificates = bodies.flatMap(([block]) => tryParseCertificate(block) ?? []);
  const problems = certificates.flatMap(findValidityProblems);
  if (certificates.length < bodies.length) problems.push("contains an invalid certificate.");
  return problems.length > 0 ? invalid(...problems) : valid({ pem, file, certificates });
}

function tryParseCertificate(block: string): X509Certificate | undefined {
  try {
    return new X509Certificate(block);
  } catch {
    return undefined;
  }
}

function findValidityProblems(certificate: X509Certificate): string[] {
  const [from, to] = [Date.parse(certificate.validFrom), Date.parse(certificate.validTo)];
  // The machine's own clock: every TLS connection uses it.
  const now = Date.now();
  const name = describeCertificate(certificate);
  if (now > to) return [`contains ${name}, which expired on ${formatDay(to)}. Get the new one.`];
  if (now < from) return [`contains ${name}, which is not valid before ${formatDay(from)}.`];
  return [];
}

/** Why a CA can't be the one of a GitLab at `host`. */
export function findAuthorityProblems({ certificates }: CaCertificate, host: string): string[] {
  return certificates.flatMap((certificate) => {
    if (certificate.ca) return [];
    const name = describeCertificate(certificate);
    if (!certificate.checkIssued(certificate)) {
      return [
        `contains ${name}, which is not a CA certificate. Use the certificate of the CA that signed it.`,
      ];
    }
    // A self-signed server certificate is its own CA, but only for that server.
    return certificate.checkHost(host) === undefined
      ? [
          `contains ${name}, which is neither a CA certificate nor the certificate of GitLab's host "${host}".`,
        ]
      : [];
  });
}

/** A file with the CA, relative to the program. PEM from the configuration is written to one. */
export function ensureCaFile({ file, pem }: CaCertificate): string {
  if (file !== undefined) return file;
  fs.mkdirSync(path.dirname(pemFile), { recursive: true });
  fs.writeFileSync(pemFile, pem);
  return pemFile;
}

/** Every certificate of a PEM text as base64 without line breaks, so that equal certificates are equal text. */
export function listBodies(pem: string): string[] {
  return [...pem.matchAll(blockPattern)]
    .filter(([, kind]) => kind === "CERTIFICATE")
    .map(([block]) => block.replace(/-----[^-]+-----|\s/g, ""));
}

/** The certificate's subject, by its common name if it has one. */
function describeCertificate({ subject }: X509Certificate): string {
  const name = /^CN=(.*)$/m.exec(subject)?.[1] ?? subject.replaceAll("\n", ", ");
  return `the certificate of "${name}"`;
}

function formatDay(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

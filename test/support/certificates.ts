import "reflect-metadata";

import { webcrypto } from "node:crypto";

import * as x509 from "@peculiar/x509";

x509.cryptoProvider.set(webcrypto);

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/** Contents of a certificate. */
export interface CertificateArgs {
  readonly commonName: string;
  /** Whether it is a CA certificate. */
  readonly isAuthority?: boolean;
  /** Host names of the server. */
  readonly hosts?: readonly string[];
  readonly notBefore?: string;
  readonly notAfter?: string;
  /** Name of the issuer. @default its own name */
  readonly issuer?: string;
}

/** Creates a certificate, as PEM. */
export async function createCertificate(args: CertificateArgs): Promise<string> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.create(describe(args, keys));
  return `${certificate.toString("pem")}\n`;
}

/** Contents of a certificate, for the library. */
function describe(args: CertificateArgs, keys: webcrypto.CryptoKeyPair) {
  return {
    subject: `CN=${args.commonName}`,
    issuer: `CN=${args.issuer ?? args.commonName}`,
    notBefore: new Date(args.notBefore ?? "2020-01-01"),
    notAfter: new Date(args.notAfter ?? "2090-01-01"),
    publicKey: keys.publicKey,
    signingKey: keys.privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(args.isAuthority ?? false),
      ...(args.hosts === undefined
        ? []
        : [
            new x509.SubjectAlternativeNameExtension(
              args.hosts.map((value) => ({ type: "dns" as const, value })),
            ),
          ]),
    ],
  };
}

/** Creates a server's own certificate, which it signed itself, with its key; both PEM. */
export async function createServerCertificate(
  args: CertificateArgs,
): Promise<{ readonly key: string; readonly cert: string }> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.create(describe(args, keys));
  const key = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey));
  const lines = key.toString("base64").replace(/(.{64})/g, "$1\n");
  return {
    key: `-----BEGIN PRIVATE KEY-----\n${lines}\n-----END PRIVATE KEY-----\n`,
    cert: `${certificate.toString("pem")}\n`,
  };
}

import "reflect-metadata";

import { webcrypto } from "node:crypto";

import * as x509 from "@peculiar/x509";

x509.cryptoProvider.set(webcrypto);

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/** What a certificate says of itself. */
export interface CertificateArgs {
  readonly commonName: string;
  /** Whether it may sign others. */
  readonly isAuthority?: boolean;
  /** Names of a server that it stands for. */
  readonly hosts?: readonly string[];
  readonly notBefore?: string;
  readonly notAfter?: string;
  /** Whose name signed it; its own if left out. */
  readonly issuer?: string;
}

/** A certificate, as PEM. */
export async function createCertificate(args: CertificateArgs): Promise<string> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.create({
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
  });
  return `${certificate.toString("pem")}\n`;
}

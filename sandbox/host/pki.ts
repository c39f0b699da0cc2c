import "reflect-metadata";

import { X509Certificate, webcrypto } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { isIP } from "node:net";
import { join } from "node:path";

import * as x509 from "@peculiar/x509";

x509.cryptoProvider.set(webcrypto);

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const dayMs = 24 * 60 * 60 * 1000;
const authorityDays = 3650;
const leafDays = 365;
/** A certificate that expires in fewer days than this is created again. */
const renewDays = 30;

/** Paths of a key and its certificate, both PEM; only the owner can read the key. */
export interface KeyPair {
  readonly key: string;
  readonly certificate: string;
}

/** Contents of a leaf certificate. */
export interface LeafArgs {
  /** Common name; the user's name for Kubernetes. */
  readonly commonName: string;
  /** The group for Kubernetes. */
  readonly organization?: string;
  /** Host names and addresses of the server. */
  readonly hosts?: readonly string[];
}

/** Creates the certificate authority `<name>` in a folder, or returns the existing one. */
export async function ensureAuthority(folder: string, name: string): Promise<KeyPair> {
  const pair = keyPairIn(folder, name);
  if (existsSync(pair.certificate)) return pair;

  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=Slipway sandbox ${name}`,
    notBefore: new Date(Date.now() - dayMs),
    notAfter: new Date(Date.now() + authorityDays * dayMs),
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
        true,
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  await writePair(folder, pair, keys.privateKey, certificate);
  return pair;
}

/** Creates the certificate `<name>`, signed by the CA; keeps an existing one while it is valid for these hosts. */
export async function ensureLeaf(
  folder: string,
  name: string,
  authority: KeyPair,
  args: LeafArgs,
): Promise<KeyPair> {
  const pair = keyPairIn(folder, name);
  if (isUsable(pair, authority, args)) return pair;

  const issuer = new x509.X509Certificate(readFileSync(authority.certificate, "utf8"));
  const signingKey = await webcrypto.subtle.importKey(
    "pkcs8",
    x509.PemConverter.decodeFirst(readFileSync(authority.key, "utf8")),
    algorithm,
    false,
    ["sign"],
  );
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.create({
    subject: [
      { CN: [args.commonName] },
      ...(args.organization === undefined ? [] : [{ O: [args.organization] }]),
    ],
    issuer: issuer.subject,
    notBefore: new Date(Date.now() - dayMs),
    notAfter: new Date(Date.now() + leafDays * dayMs),
    publicKey: keys.publicKey,
    signingKey: signingKey,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([
        x509.ExtendedKeyUsage.serverAuth,
        x509.ExtendedKeyUsage.clientAuth,
      ]),
      ...(args.hosts === undefined
        ? []
        : [
            new x509.SubjectAlternativeNameExtension(
              args.hosts.map((host) => ({ type: isIP(host) ? "ip" : "dns", value: host })),
            ),
          ]),
    ],
  });
  await writePair(folder, pair, keys.privateKey, certificate);
  return pair;
}

/**
 * Creates the key with which GitLab signs registry tokens, and a self-signed certificate of it for the registry's
 * `rootcertbundle`. RSA, because GitLab signs with RS256 only.
 */
export async function ensureTokenSigner(folder: string, name: string): Promise<KeyPair> {
  const pair = keyPairIn(folder, name);
  if (existsSync(pair.certificate)) return pair;

  const rsa = {
    name: "RSASSA-PKCS1-v1_5",
    hash: "SHA-256",
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
  };
  const keys = await webcrypto.subtle.generateKey(rsa, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    notBefore: new Date(Date.now() - dayMs),
    notAfter: new Date(Date.now() + authorityDays * dayMs),
    keys,
    signingAlgorithm: rsa,
  });
  await writePair(folder, pair, keys.privateKey, certificate);
  return pair;
}

function keyPairIn(folder: string, name: string): KeyPair {
  return { key: join(folder, `${name}.key`), certificate: join(folder, `${name}.pem`) };
}

function isUsable(pair: KeyPair, authority: KeyPair, args: LeafArgs): boolean {
  if (!existsSync(pair.certificate)) return false;
  const certificate = new X509Certificate(readFileSync(pair.certificate));
  return (
    certificate.validToDate.getTime() > Date.now() + renewDays * dayMs &&
    certificate.checkIssued(new X509Certificate(readFileSync(authority.certificate))) &&
    (args.hosts ?? []).every((host) =>
      isIP(host) ? certificate.checkIP(host) : certificate.checkHost(host),
    )
  );
}

/**
 * Writes a key and its certificate, the certificate last: an interrupted write leaves no certificate, and the next
 * run creates both again.
 */
async function writePair(
  folder: string,
  pair: KeyPair,
  key: webcrypto.CryptoKey,
  certificate: x509.X509Certificate,
): Promise<void> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const pkcs8 = await webcrypto.subtle.exportKey("pkcs8", key);
  writeFileSync(pair.key, `${x509.PemConverter.encode(pkcs8, "PRIVATE KEY")}\n`, { mode: 0o600 });
  writeFileSync(pair.certificate, `${certificate.toString("pem")}\n`);
}

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { writeIfChanged } from "./configFile";
import { gitlabHost, type Instance } from "./instance";
import { ensureAuthority, ensureLeaf, ensureTokenSigner, type KeyPair } from "./pki";

/** Where Debian's programs look for authorities, all in one file. */
const systemBundle = "/etc/ssl/certs/ca-certificates.crt";
/** Where an administrator of Debian adds the company's own. */
const localAuthorities = "/usr/local/share/ca-certificates";

/** The certificates of a self-hosted GitLab, and what makes clients trust them. */
export interface Trust {
  /** The sandbox's own authority, as a company has one. */
  readonly authority: KeyPair;
  /** Certificate of GitLab and, as in a default installation, of its registry. */
  readonly gitlab: KeyPair;
  /** With what GitLab signs registry tokens. */
  readonly tokenSigner: KeyPair;
  /** The system's authorities and ours, for `SSL_CERT_FILE`, which replaces the system's. */
  readonly bundle: string;
  /** The machine's added authorities and ours, for `NODE_EXTRA_CA_CERTS`, which adds to Node's. */
  readonly extra: string;
}

/** Makes what is missing of the certificates, in `pki/`. */
export async function ensureTrust(instance: Instance): Promise<Trust> {
  const folder = join(instance.root, "pki");
  const authority = await ensureAuthority(folder, "gitlab-ca");
  const gitlab = await ensureLeaf(folder, "gitlab", authority, {
    commonName: gitlabHost,
    hosts: [gitlabHost, instance.addresses.node],
  });
  const own = readFileSync(authority.certificate, "utf8");

  const write = (name: string, authorities: readonly string[]): string =>
    writeIfChanged(join(folder, name), authorities.join("\n"));

  return {
    authority,
    gitlab,
    tokenSigner: await ensureTokenSigner(folder, "token-signer"),
    bundle: write("bundle.pem", [readIfAny(systemBundle), own]),
    extra: write("extra.pem", [...readLocalAuthorities(), own]),
  };
}

function readLocalAuthorities(): string[] {
  if (!existsSync(localAuthorities)) return [];
  return readdirSync(localAuthorities, { encoding: "utf8", recursive: true })
    .filter((name) => name.endsWith(".crt"))
    .sort()
    .map((name) => readFileSync(join(localAuthorities, name), "utf8"));
}

function readIfAny(file: string): string {
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

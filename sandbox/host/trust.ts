import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { writeIfChanged } from "./configFile";
import { gitlabHost, type Instance } from "./instance";
import { ensureAuthority, ensureLeaf, ensureTokenSigner, type KeyPair } from "./pki";

/** File in which Debian's programs look for trusted CAs. */
const systemBundle = "/etc/ssl/certs/ca-certificates.crt";
/** Folder to which a Debian administrator adds private CAs. */
const localAuthorities = "/usr/local/share/ca-certificates";

/** Certificates of a self-hosted GitLab, and the files that make clients trust them. */
export interface Trust {
  /** The sandbox's own CA, like the private CA of a company. */
  readonly authority: KeyPair;
  /** Certificate of GitLab and, as in a default installation, of its registry. */
  readonly gitlab: KeyPair;
  /** Key with which GitLab signs registry tokens. */
  readonly tokenSigner: KeyPair;
  /** The system's CAs and the sandbox's CA, for `SSL_CERT_FILE`, which replaces the system's file. */
  readonly bundle: string;
  /** The machine's additional CAs and the sandbox's CA, for `NODE_EXTRA_CA_CERTS`, which adds to Node's own. */
  readonly extra: string;
}

/** Creates the missing certificates, in `pki/`. */
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

/** Returns the private CAs that this machine's administrator added, as PEM. */
export function readLocalAuthorities(): string[] {
  if (!existsSync(localAuthorities)) return [];
  return readdirSync(localAuthorities, { encoding: "utf8", recursive: true })
    .filter((name) => name.endsWith(".crt"))
    .sort()
    .map((name) => readFileSync(join(localAuthorities, name), "utf8"));
}

function readIfAny(file: string): string {
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

import { readFileSync } from "node:fs";

import { Command } from "commander";

import { readSeed } from "./seed/seed";
import { startGitLab } from "./server";

interface Options {
  readonly listen: string;
  readonly control?: string;
  readonly url: string;
  readonly registry: string;
  readonly registryUrl?: string;
  readonly registryAuthority?: string;
  readonly tlsCertificate: string;
  readonly tlsKey: string;
  readonly signingKey: string;
  readonly issuer: string;
  readonly data: string;
  readonly seed: string;
}

async function run(options: Options): Promise<void> {
  const gitlab = await startGitLab({
    ...splitAddress(options.listen),
    control: options.control === undefined ? undefined : splitAddress(options.control),
    url: options.url,
    registry: options.registry,
    registryUrl: options.registryUrl,
    registryAuthority:
      options.registryAuthority === undefined
        ? undefined
        : readFileSync(options.registryAuthority, "utf8"),
    tls: {
      certificate: readFileSync(options.tlsCertificate, "utf8"),
      key: readFileSync(options.tlsKey, "utf8"),
    },
    signingKey: readFileSync(options.signingKey, "utf8"),
    issuer: options.issuer,
    data: options.data,
    seed: readSeed(options.seed),
    log: console.log,
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void gitlab.close());
  }
  const control = gitlab.control === undefined ? "" : `, control on ${gitlab.control}`;
  console.log(`GitLab simulator: ${gitlab.url}, listening on ${options.listen}${control}`);
}

function splitAddress(address: string): { host: string; port: number } {
  const colon = address.lastIndexOf(":");
  return { host: address.slice(0, colon), port: Number(address.slice(colon + 1)) };
}

void new Command("gitlab-simulator")
  .description("The part of GitLab that a deployment pipeline touches, without GitLab.")
  .requiredOption("--listen <host:port>", "address to listen on")
  .option("--control <host:port>", "address of the control endpoint; without it there is none")
  .requiredOption("--url <url>", "external URL")
  .requiredOption("--registry <host:port>", "container registry, as image references have it")
  .option(
    "--registry-url <url>",
    "where the simulator reaches it, if not at that address over HTTPS",
  )
  .option("--registry-authority <file>", "certificate of the authority that signed its own, PEM")
  .requiredOption("--tls-certificate <file>", "certificate, PEM")
  .requiredOption("--tls-key <file>", "its key, PEM")
  .requiredOption("--signing-key <file>", "RSA key that signs registry tokens, PEM")
  .requiredOption("--issuer <name>", "issuer of registry tokens")
  .requiredOption("--data <folder>", "where the state is kept")
  .requiredOption("--seed <file>", "JSON: users, groups, projects and members to begin with")
  .action(run)
  .parseAsync()
  .catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  });

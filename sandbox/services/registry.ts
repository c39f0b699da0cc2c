import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { stringify } from "yaml";

import { probe } from "../host/probe";
import { writeIfChanged } from "../host/configFile";
import { gitlabHost, type Instance } from "../host/instance";
import { inNode } from "../host/node";
import { startService } from "../host/processes";
import type { Trust } from "../host/trust";
import { tokenIssuer } from "./gitlab";

const registryPort = 5050;
const mirrorPort = 5051;

/** Address of the registry that has the images of docker.io that this sandbox needs. */
export function mirrorHost(instance: Instance): string {
  return `${instance.addresses.node}:${mirrorPort}`;
}

/** Returns how to connect to that registry. */
export function locateMirror(
  instance: Instance,
  trust: Trust,
): { readonly url: string; readonly authority: string } {
  return { url: `https://${mirrorHost(instance)}`, authority: trust.authority.certificate };
}

/** Starts GitLab's container registry: it accepts GitLab's tokens, and has TLS and its own port. */
export async function startRegistry(
  instance: Instance,
  trust: Trust,
  program: string,
): Promise<void> {
  await startDistribution(instance, trust, program, {
    name: "registry",
    port: registryPort,
    unauthorized: 401,
    settings: {
      auth: {
        token: {
          realm: `https://${gitlabHost}/jwt/auth`,
          service: "container_registry",
          issuer: tokenIssuer,
          rootcertbundle: trust.tokenSigner.certificate,
        },
      },
      // As GitLab sets it, because its API and its cleanup policy delete images.
      storage: { delete: { enabled: true } },
    },
  });
}

/**
 * Starts a second registry, which BuildKit uses for docker.io. A closed network can't pull images from docker.io, so
 * the base images are made on this machine and kept here.
 */
export async function startMirror(
  instance: Instance,
  trust: Trust,
  program: string,
): Promise<void> {
  await startDistribution(instance, trust, program, {
    name: "mirror",
    port: mirrorPort,
    unauthorized: 200,
    settings: {},
  });
}

interface Distribution {
  readonly name: string;
  readonly port: number;
  /** Status of the answer to a request without credentials. */
  readonly unauthorized: number;
  readonly settings: { readonly auth?: object; readonly storage?: object };
}

async function startDistribution(
  instance: Instance,
  trust: Trust,
  program: string,
  args: Distribution,
): Promise<void> {
  const folder = join(instance.root, args.name);
  mkdirSync(join(folder, "storage"), { recursive: true });
  const address = `${instance.addresses.node}:${args.port}`;
  const configuration = writeIfChanged(
    join(folder, "config.yml"),
    stringify({
      version: 0.1,
      log: { level: "warn", accesslog: { disabled: true } },
      ...(args.settings.auth && { auth: args.settings.auth }),
      storage: {
        filesystem: { rootdirectory: join(folder, "storage") },
        ...args.settings.storage,
      },
      http: {
        addr: address,
        tls: { certificate: trust.gitlab.certificate, key: trust.gitlab.key },
      },
    }),
  );

  await startService(instance, {
    name: args.name,
    command: inNode(instance, "node", [program, "serve", configuration]),
    reads: [configuration, trust.gitlab.certificate],
    ready: () =>
      probe({
        url: `https://${address}/v2/`,
        authority: trust.authority.certificate,
        statuses: [args.unauthorized],
      }),
  });
}

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** The checkout: the folder with package.json and Pulumi.yaml. */
export const repository = resolve(__dirname, "../..");

/** GitLab's host name; the sandbox's own hosts file gives its address. */
export const gitlabHost = "gitlab.thelinuxlabs.com";

/** The registry's host and port, as in image references. */
export const registryHost = `${gitlabHost}:5050`;

/** Path of the site's GitLab project, as `group/project`. */
export const projectPath = "web/gatsby-site";

/**
 * Addresses of one instance, all from its own 10.213.N.0/24. Two instances can run side by side, and no port of the
 * host is used.
 */
export interface Addresses {
  /** The host's end of the link, in CIDR form. */
  readonly host: string;
  /** The node's end of the link, which GitLab, the registry and the API server listen on. */
  readonly node: string;
  /** Prefix length of the link. */
  readonly prefix: number;
  /** Range of the Services' cluster IPs; the host has a route to it. */
  readonly services: string;
  /** Range of the pods' addresses. Only the node's network knows it, so every instance can use the same one. */
  readonly pods: string;
}

/** One sandbox: its folder, and the names derived from it. */
export interface Instance {
  /** `dev` for a person, `test` for `make test`. */
  readonly name: string;
  /** `.sandbox/<name>` in the checkout; the sandbox stores all its data there. */
  readonly root: string;
  /** Six characters computed from the folder's path, which distinguish the instances of several checkouts. */
  readonly id: string;
  /** `slipway-<id>`: name of the network interface and of the control group. */
  readonly label: string;
  /** Folder for sockets, `/run/slipway-<id>`: the path of a socket in the checkout could be too long. */
  readonly run: string;
  readonly addresses: Addresses;
}

/**
 * Opens the instance, and creates its folder if it is new.
 *
 * @param name name of the instance. Default: `SLIPWAY_SANDBOX` from the environment, else `dev`.
 * @param isFree whether nothing else on this machine uses 10.213.N.0/24. Called only for a new instance: an existing
 * one keeps its addresses, since the cluster's certificates contain them.
 */
export function openInstance(
  name = process.env["SLIPWAY_SANDBOX"] ?? "dev",
  isFree: (subnet: string) => boolean = () => true,
): Instance {
  const root = join(repository, ".sandbox", name);
  const id = computeId(root);
  mkdirSync(root, { recursive: true, mode: 0o700 });

  const label = `slipway-${id}`;
  return {
    name,
    root,
    id,
    label,
    run: join("/run", label),
    addresses: computeAddresses(readSubnet(root, id, isFree)),
  };
}

/** Whether the instance has anything to stop or to remove. */
export function instanceExists(name: string): boolean {
  return existsSync(join(repository, ".sandbox", name, "instance.json"));
}

/** Computes the id that distinguishes the instance in this folder from all others. */
export function computeId(root: string): string {
  return createHash("sha256").update(root).digest("hex").slice(0, 6);
}

/** Names of all instances of this checkout. */
export function instanceNames(): string[] {
  const folder = join(repository, ".sandbox");
  return existsSync(folder) ? readdirSync(folder).filter(instanceExists) : [];
}

function readSubnet(root: string, id: string, isFree: (subnet: string) => boolean): number {
  const file = join(root, "instance.json");
  if (existsSync(file)) {
    return (JSON.parse(readFileSync(file, "utf8")) as { subnet: number }).subnet;
  }

  const first = Number.parseInt(id.slice(0, 2), 16);
  for (let offset = 0; offset < 256; offset++) {
    const subnet = (first + offset) % 256;
    if (isFree(`10.213.${subnet}.0/24`)) {
      writeFileSync(file, JSON.stringify({ subnet }));
      return subnet;
    }
  }
  throw new Error(
    "No network of 10.213.0.0/16 is free on this machine: stop another sandbox first.",
  );
}

function computeAddresses(subnet: number): Addresses {
  return {
    host: `10.213.${subnet}.1`,
    node: `10.213.${subnet}.2`,
    prefix: 30,
    services: `10.213.${subnet}.128/25`,
    pods: "10.244.0.0/24",
  };
}

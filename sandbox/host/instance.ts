import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** The checkout: the folder with package.json and Pulumi.yaml. */
export const repository = resolve(__dirname, "../..");

/** The name under which everybody here knows GitLab; the sandbox's own hosts file gives its address. */
export const gitlabHost = "gitlab.thelinuxlabs.com";

/** The registry as image references have it. */
export const registryHost = `${gitlabHost}:5050`;

/** Where GitLab keeps the site, as `group/project`. */
export const projectPath = "web/gatsby-site";

/**
 * Addresses of one instance, all out of its own 10.213.N.0/24: two instances can run side by side, and
 * no port of the host is taken.
 */
export interface Addresses {
  /** The host's end of the link, in CIDR form. */
  readonly host: string;
  /** The node's end of the link: GitLab, the registry and the API server listen here. */
  readonly node: string;
  /** Length of the link's prefix. */
  readonly prefix: number;
  /** ClusterIPs; the host has a route to them. */
  readonly services: string;
  /** Pods; known inside the node's network alone, so every instance can use the same. */
  readonly pods: string;
}

/** One sandbox: its folder and everything that is named after it. */
export interface Instance {
  /** `dev` for a person, `test` for `make test`. */
  readonly name: string;
  /** `.sandbox/<name>` in the checkout; nothing of the sandbox that outlives a process is elsewhere. */
  readonly root: string;
  /** Six characters, of the folder's path: tells instances of several checkouts apart. */
  readonly id: string;
  /** `slipway-<id>`: network interface, control group. */
  readonly label: string;
  /** Folder for sockets, `/run/slipway-<id>`: a checkout's path may be too long for a socket's. */
  readonly run: string;
  readonly addresses: Addresses;
}

/**
 * Opens the instance, making its folder when it is new.
 *
 * @param name which one; default: `SLIPWAY_SANDBOX` from the environment, else `dev`.
 * @param isFree tells whether nothing else on this machine uses 10.213.N.0/24. Asked only for a new
 * instance: an existing one keeps its addresses, since the cluster's certificates name them.
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

/** Whether there is anything of that instance to stop or to remove. */
export function instanceExists(name: string): boolean {
  return existsSync(join(repository, ".sandbox", name, "instance.json"));
}

/** What tells the instance in a folder from those in others. */
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

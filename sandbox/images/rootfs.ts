import { mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";

import type { run as runProgram } from "../host/run";

/** Debian's release that the official images with these names are based on. */
export const suite = "bookworm";

/** Files that a container doesn't need; the official slim images leave them out too. */
const leftOut = [
  "./dev/*",
  "./usr/share/doc/*",
  "./usr/share/info/*",
  "./usr/share/locale/*",
  "./usr/share/man/*",
  "./var/cache/apt/*",
  "./var/lib/apt/lists/*",
  "./var/log/*",
];

/** Returns the address of the package archive that this machine's apt uses. */
export async function findArchive(run: typeof runProgram): Promise<string> {
  const filter = ["--format", "$(REPO_URI)|$(CODENAME)", "Identifier: Packages", "Component: main"];
  const targets = (await run("apt-get", ["indextargets", ...filter])).split("\n");
  // A release has several archives (itself, updates, security); only the release itself has the plain name.
  const [archive] = targets
    .map((target) => target.split("|"))
    .filter(([, codename]) => /^[a-z]+$/.test(codename ?? ""))
    .map(([address]) => address);
  if (archive === undefined) {
    throw new Error(
      "`apt` has no package archive of Debian. The sandbox makes its images from one: use a Debian " +
        "machine, and run `apt-get update`.",
    );
  }
  return archive;
}

/**
 * Creates `rootfs.tar` in the folder: a minimal Debian with the public certificate authorities.
 *
 * @param debootstrap path of the program in its package, since its scripts are in `../share/debootstrap`
 */
export async function makeRootfs(
  folder: string,
  archive: string,
  debootstrap: string,
  run: typeof runProgram,
): Promise<void> {
  const root = join(folder, "rootfs");
  mkdirSync(root);
  // debootstrap mounts file systems. In namespaces of its own, the mounts end with it, and it ends with this process.
  await run(
    "setpriv",
    [
      ...[
        "--pdeathsig",
        "KILL",
        "unshare",
        "--mount",
        "--pid",
        "--fork",
        "--kill-child",
        "--mount-proc",
      ],
      ...["sh", debootstrap, "--variant=minbase", "--include=ca-certificates"],
      ...[suite, root, archive],
    ],
    {
      env: { ...process.env, DEBOOTSTRAP_DIR: join(dirname(debootstrap), "../share/debootstrap") },
    },
  );
  await run("tar", [
    ...["--create", "--file", join(folder, "rootfs.tar"), "--directory", root, "--numeric-owner"],
    ...leftOut.map((pattern) => `--exclude=${pattern}`),
    ".",
  ]);
  rmSync(root, { recursive: true });
}

import { mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";

import type { run as runProgram } from "../host/run";

/** Debian's release that the official images of these names are made of. */
export const suite = "bookworm";

/** What a container doesn't read, as the official slim images leave out too. */
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

/** Address of the package archive that this machine's apt uses. */
export async function findArchive(run: typeof runProgram): Promise<string> {
  const filter = ["--format", "$(REPO_URI)|$(CODENAME)", "Identifier: Packages", "Component: main"];
  const targets = (await run("apt-get", ["indextargets", ...filter])).split("\n");
  // Of the archives of a release (itself, updates, security) the release's own bears its plain name.
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
 * Makes `rootfs.tar` in the folder: a minimal Debian with the certificate authorities that everybody trusts.
 *
 * @param debootstrap the program as its package has it: its scripts are in `../share/debootstrap`
 */
export async function makeRootfs(
  folder: string,
  archive: string,
  debootstrap: string,
  run: typeof runProgram,
): Promise<void> {
  const root = join(folder, "rootfs");
  mkdirSync(root);
  // It mounts file systems in there. In namespaces of its own they end with it, and it ends with us.
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

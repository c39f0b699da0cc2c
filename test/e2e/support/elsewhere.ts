import { execFileSync } from "node:child_process";
import { rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";

import { checkout, git, inSandbox, shell, type Ended } from "./checkout";
import { configureStack } from "./configuration";

/** Another checkout of the same commit, for the same stack. Its files look like those of another machine. */
export const elsewhere = join(checkout, "..", "elsewhere");

/** The properties of a checkout that depend on its user. */
export interface Habits {
  /** Permissions that are removed from new files. */
  readonly umask: string;
  /** Modification time of every file of the site, in a format that `date` reads. */
  readonly time: string;
}

/** Properties of a GitLab runner's checkout, with another time than the test's. */
const runnersHabits: Habits = { umask: "000", time: "2001-02-03 04:05" };

/** Clones the copy again. */
export function cloneElsewhere({ time, umask }: Habits = runnersHabits): void {
  rmSync(elsewhere, { recursive: true, force: true });
  execFileSync("sh", ["-c", `umask ${umask}; git clone --quiet '${checkout}' '${elsewhere}'`]);
  symlinkSync(join(checkout, "node_modules"), join(elsewhere, "node_modules"));
  execFileSync("find", ["site", "-exec", "touch", "-d", time, "{}", "+"], { cwd: elsewhere });
}

/** Runs a command there, in the sandbox's environment, until it ends. */
export function shellElsewhere(command: string): Promise<Ended> {
  return shell(`eval "$(make -s env)"; cd '${elsewhere}'; ${command}`);
}

/** Like {@link shellElsewhere}, for a command that must succeed. */
export function runElsewhere(command: string): Promise<string> {
  return inSandbox(`cd '${elsewhere}'; ${command}`);
}

/** Commits all files there. */
export function commitElsewhere(): void {
  git(elsewhere, "add", "--all");
  const identity = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
  git(elsewhere, ...identity, "commit", "--quiet", "--allow-empty", "--message", "change");
}

/** Sets keys of a stack there, and removes keys that are undefined. */
export function configureElsewhere(stack: string, values: Record<string, unknown>): void {
  configureStack(elsewhere, stack, values);
}

/** Returns the command that builds the stack's image again, although nothing has changed. */
export async function computeRebuild(stack: string): Promise<string> {
  const urns = await inSandbox(`pulumi stack --show-urns --stack ${stack}`);
  const image = /urn:\S+docker-build:index:Image::site-image/.exec(urns)?.[0] ?? "";
  return `pulumi up --stack ${stack} --yes --skip-preview --replace '${image}'`;
}

/** Lists the steps of a preview that change something, as `op type name`. */
export function listChanges(preview: string): string[] {
  const { steps } = JSON.parse(preview) as { steps: { op: string; urn: string }[] };
  return steps
    .filter(({ op }) => op !== "same" && op !== "read")
    .map(({ op, urn }) => {
      const [, , types = "", name = ""] = urn.split("::");
      return `${op} ${types.split("$").at(-1)} ${name}`;
    });
}

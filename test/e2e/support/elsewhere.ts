import { execFileSync } from "node:child_process";
import { rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";

import { checkout, git, inSandbox, shell, type Ended } from "./checkout";
import { configureStack } from "./configuration";

/** Another checkout of the same commit, for the same stack: another machine's, as far as files can tell. */
export const elsewhere = join(checkout, "..", "elsewhere");

/** What of a checkout depends on who made it. */
export interface Habits {
  /** Permissions that new files do not get. */
  readonly umask: string;
  /** Time of every file of the site, as `date` reads it. */
  readonly time: string;
}

/** A GitLab runner's habits, at another time than this test's. */
const runnersHabits: Habits = { umask: "000", time: "2001-02-03 04:05" };

/** Clones the copy anew. */
export function cloneElsewhere({ time, umask }: Habits = runnersHabits): void {
  rmSync(elsewhere, { recursive: true, force: true });
  execFileSync("sh", ["-c", `umask ${umask}; git clone --quiet '${checkout}' '${elsewhere}'`]);
  symlinkSync(join(checkout, "node_modules"), join(elsewhere, "node_modules"));
  execFileSync("find", ["site", "-exec", "touch", "-d", time, "{}", "+"], { cwd: elsewhere });
}

/** Runs a command there, in the sandbox's environment, to its end. */
export function shellElsewhere(command: string): Promise<Ended> {
  return shell(`eval "$(make -s env)"; cd '${elsewhere}'; ${command}`);
}

/** As {@link shellElsewhere}, for a command that has to succeed. */
export function runElsewhere(command: string): Promise<string> {
  return inSandbox(`cd '${elsewhere}'; ${command}`);
}

/** Commits all there is there. */
export function commitElsewhere(): void {
  git(elsewhere, "add", "--all");
  const identity = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
  git(elsewhere, ...identity, "commit", "--quiet", "--allow-empty", "--message", "change");
}

/** Sets keys of a stack there, and removes those that are undefined. */
export function configureElsewhere(stack: string, values: Record<string, unknown>): void {
  configureStack(elsewhere, stack, values);
}

/** The command that builds the stack's image anew, though nothing has changed. */
export async function computeRebuild(stack: string): Promise<string> {
  const urns = await inSandbox(`pulumi stack --show-urns --stack ${stack}`);
  const image = /urn:\S+docker-build:index:Image::site-image/.exec(urns)?.[0] ?? "";
  return `pulumi up --stack ${stack} --yes --skip-preview --replace '${image}'`;
}

/** Operations of a preview's steps that change something, as `op type name`. */
export function listChanges(preview: string): string[] {
  const { steps } = JSON.parse(preview) as { steps: { op: string; urn: string }[] };
  return steps
    .filter(({ op }) => op !== "same" && op !== "read")
    .map(({ op, urn }) => {
      const [, , types = "", name = ""] = urn.split("::");
      return `${op} ${types.split("$").at(-1)} ${name}`;
    });
}

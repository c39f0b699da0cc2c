import type { CommandContext } from "../io";

/** Asks to commit a stack's file if it has changes that are not committed; says nothing without git. */
export async function printCommitNote(
  io: CommandContext,
  cwd: string,
  file: string,
): Promise<void> {
  const args = ["status", "--porcelain", "--", file];
  const status = await io.capture("git", args, cwd).catch(() => undefined);
  if (status?.code !== 0 || status.stdout === "") return;
  io.print(`Commit \`${file}\`, since other machines and pipelines read it.`);
}

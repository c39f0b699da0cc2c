import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import pWaitFor from "p-wait-for";

import { type Ended, shell, start } from "../../e2e/support/checkout";

/** What is killed: the command itself, the engine below it, or everything at once, as a container ends. */
export const victims = ["slipway", "engine", "everything"] as const;
export type Victim = (typeof victims)[number];

/** A stream of numbers that a seed repeats. */
export class Random {
  constructor(private seed: number) {}

  /** A number from 0 up to 1 (mulberry32). */
  public next(): number {
    this.seed = (this.seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.seed ^ (this.seed >>> 15), this.seed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  public pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.next() * list.length)];
  }
}

/** The seed of this run: that of the environment, or a new one, which is printed. */
export function readSeed(): number {
  const seed = Number(process.env.SLIPWAY_SEED ?? Date.now() % 1_000_000);
  process.stdout.write(`SLIPWAY_SEED=${seed} repeats this run.\n`);
  return seed;
}

const marker = "SLIPWAY_TEST_RUN";
let runs = 0;

/** A command in the sandbox's environment, each of whose processes can be found. */
function mark(command: string): { readonly command: string; readonly run: string } {
  const run = `${process.pid}-${(runs += 1)}`;
  return { run, command: `eval "$(make -s env)"; export ${marker}=${run}; ${command}` };
}

interface Process {
  readonly pid: number;
  readonly program: string;
  readonly commandLine: string;
}

/** Processes of a marked command, and of everything that it started, in whatever session. */
function listProcesses(run: string): Process[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const read = (file: string) => readFileSync(`/proc/${name}/${file}`, "utf8");
        const isMarked = read("environ").split("\0").includes(`${marker}=${run}`);
        if (!isMarked || /^State:\s*Z/m.test(read("status"))) return [];
        const commandLine = read("cmdline").replaceAll("\0", " ");
        return [{ pid: Number(name), program: read("comm").trim(), commandLine }];
      } catch {
        return []; // It has ended.
      }
    });
}

const startMs = 60_000;
const leftoverMs = 30_000;

/** A command that was killed. */
export interface Killed extends Ended {
  /** Command lines of its processes that still ran half a minute later. */
  readonly leftovers: readonly string[];
}

/** Starts a command, and kills it after a time, which counts from its first process below the shell. */
export async function killAfter(command: string, victim: Victim, afterMs: number): Promise<Killed> {
  const marked = mark(command);
  const { ended, pid } = start(marked.command);
  let hasEnded = false;
  void ended.then(() => (hasEnded = true));
  await pWaitFor(() => hasEnded || listProcesses(marked.run).length > 0, { timeout: startMs });
  await sleep(afterMs);
  kill(marked.run, victim, pid);
  const result = await ended;
  const left = () => listProcesses(marked.run).map(({ commandLine }) => commandLine);
  await pWaitFor(() => left().length === 0, { timeout: leftoverMs }).catch(() => undefined);
  return { ...result, leftovers: left() };
}

function kill(run: string, victim: Victim, shellPid: number): void {
  const isVictim = {
    slipway: ({ commandLine }: Process) =>
      /\bslipway\b/.test(commandLine) && !/guard/.test(commandLine),
    engine: ({ program }: Process) => program === "pulumi",
    everything: () => true,
  }[victim];
  // What is started while the others are killed, too.
  for (let round = 0; round < (victim === "everything" ? 3 : 1); round += 1) {
    for (const { pid } of listProcesses(run).filter(isVictim)) tryKill(pid);
  }
  if (victim !== "engine") tryKill(-shellPid);
}

function tryKill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}

/** Runs a command as a person does who reads what it says: a lock that it can't remove is removed by its own line. */
export async function finish(command: string): Promise<Ended> {
  const inSandbox = (line: string) => shell(`eval "$(make -s env)"; ${line}`);
  const first = await inSandbox(command);
  const [, line] = /^ {4}(pulumi cancel --yes --stack \S+)$/m.exec(first.output) ?? [];
  if (first.code === 0 || line === undefined) return first;
  await inSandbox(line);
  return inSandbox(command);
}

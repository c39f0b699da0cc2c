import { type DeployedRelease, readRelease } from "../../components/release/release";
import { shortenStackName } from "../../components/release/stackName";
import { UserError } from "../errors";
import type { CommandContext } from "../io";
import type { ProcessResult } from "../process/run";
import { findGivenBackend, locateState } from "./fileBackend";
import { readLocks, StackLockedError } from "./locks";
import { createMissingStackError, createNoSelectionError } from "./missingStack";
import { hasOwnStaleLock, LockNote, removeOwnStaleLocks } from "./ownLocks";
import { parseState, type StackState } from "./stackState";
import {
  agreedOptions,
  buildLogOptions,
  buildVariables,
  debugCommands,
  type OperationOptions,
  type UpdateArgs,
} from "./updateArgs";
import { parseHistory, type UpdateRecord } from "./updateRecord";

/** An entry of a stack's history. */
interface Operation {
  /** `update`, `refresh`, `destroy` and others. */
  readonly kind?: string;
  readonly result?: string;
  readonly endTime?: string;
}

interface StackSummary {
  readonly name: string;
  readonly updateInProgress?: boolean;
}

/** What a stack runs, and how its last update ended. */
export interface StackStatus {
  readonly exists: boolean;
  /** Its last successful release; undefined if there is none. */
  readonly release: DeployedRelease | undefined;
  /** Whether its last update failed, or was killed on this machine. */
  readonly hasFailed: boolean;
}

/** The Pulumi CLI in a project's folder. */
export class Pulumi {
  constructor(
    private readonly io: Pick<CommandContext, "capture" | "env" | "print" | "stream">,
    private readonly cwd: string,
  ) {}

  /** Finds what a stack runs and how its last update ended. */
  public async findStatus(stack: string): Promise<StackStatus> {
    const outputs = await this.findOutputs(stack);
    if (outputs === undefined) return { exists: false, release: undefined, hasFailed: false };
    return {
      exists: true,
      release: readRelease(outputs),
      hasFailed: await this.hasFailed(stack),
    };
  }

  /** Outputs of the stack's last update; undefined if there is no such stack. */
  public async findOutputs(stack: string): Promise<Record<string, unknown> | undefined> {
    const args = ["stack", "output", "--json", "--stack", stack];
    const { code, stderr, stdout } = await this.io.capture("pulumi", args, this.cwd);
    if (code === 0) return JSON.parse(stdout) as Record<string, unknown>;
    if (/no stack named/.test(stderr)) return undefined;
    throw describeFailure(args, stderr);
  }

  /** The stack's configuration by key with its namespace, with the project's defaults and without secrets. */
  public async readConfig(stack: string): Promise<Record<string, string>> {
    const text = await this.ask(["config", "--json", "--stack", stack]);
    const values = JSON.parse(text) as Record<string, { value?: string }>;
    return Object.fromEntries(Object.entries(values).map(([key, { value }]) => [key, value ?? ""]));
  }

  /** A value of the stack's configuration that is stored as a secret, in plain text. */
  public async readSecret(stack: string, key: string): Promise<string> {
    return (await this.ask(["config", "get", key, "--stack", stack])).trim();
  }

  /** Where the state is kept, as a URL. */
  public async findBackend(): Promise<string> {
    const ask = () => this.ask(["whoami", "--verbose", "--json"]);
    return findGivenBackend(this.io.env) ?? (JSON.parse(await ask()) as { url: string }).url;
  }

  /** Name of the stack that is selected in the project's folder; undefined if none is. */
  public async tryFindSelectedStack(): Promise<string | undefined> {
    const args = ["stack", "--show-name"];
    const { code, stderr, stdout } = await this.io.capture("pulumi", args, this.cwd);
    if (code === 0) return stdout.trim();
    if (/no stack selected/.test(stderr)) return undefined;
    throw describeFailure(args, stderr);
  }

  /**
   * Name of the stack that is selected in the project's folder.
   *
   * @throws UserError if none is
   */
  public async findSelectedStack(): Promise<string> {
    const stack = await this.tryFindSelectedStack();
    if (stack === undefined) throw createNoSelectionError();
    return stack;
  }

  /** Creates the error for a stack of this project that does not exist. */
  public async createMissingStackError(stack: string): Promise<UserError> {
    return createMissingStackError(stack, await this.listStacks());
  }

  /** Names of the project's stacks. */
  public async listStacks(): Promise<string[]> {
    return (await this.readStacks()).map(({ name }) => name);
  }

  /** Names of the project's stacks that an update runs on, as Pulumi Cloud knows; other backends don't say. */
  public async listBusyStacks(): Promise<string[]> {
    const stacks = await this.readStacks();
    return stacks.flatMap(({ name, updateInProgress }) => (updateInProgress === true ? name : []));
  }

  /** Reads the stack's state. */
  public async readState(stack: string): Promise<StackState> {
    return parseState(await this.ask(["stack", "export", "--stack", stack]));
  }

  /** Reads the stack's state with its secrets in plain text. Nothing may print or store it. */
  public async readSecretState(stack: string): Promise<StackState> {
    return parseState(await this.ask(["stack", "export", "--show-secrets", "--stack", stack]));
  }

  /** Reads a stack's last operations, the newest first. */
  public async readHistory(stack: string, count: number): Promise<UpdateRecord[]> {
    const options = ["--json", "--page-size", String(count), "--stack", stack];
    return parseHistory(await this.ask(["stack", "history", ...options]));
  }

  /** Reads a tag of a stack; undefined if there is no such tag. */
  public async readTag(stack: string, name: string): Promise<string | undefined> {
    const text = await this.ask(["stack", "tag", "ls", "--json", "--stack", stack]);
    return (JSON.parse(text) as Record<string, string>)[name];
  }

  /**
   * Sets a tag of a stack. Tags are not part of the state: they need no lock, and a copy of the state has none.
   */
  public async writeTag(stack: string, name: string, value: string): Promise<void> {
    await this.ask(["stack", "tag", "set", name, value, "--stack", stack]);
  }

  /**
   * When the last operation of a stack ended. A killed operation leaves no entry in the history.
   *
   * @returns undefined if there was none
   */
  public async findLastEnd(stack: string): Promise<Date | undefined> {
    const last = await this.findLastOperation(stack);
    return last?.endTime === undefined ? undefined : new Date(last.endTime);
  }

  /**
   * Runs the program on a stack; the user sees its progress.
   *
   * @returns whether it succeeded
   * @throws StackLockedError if another operation holds the lock of the stack
   */
  public update(stack: string, args: UpdateArgs = {}): Promise<boolean> {
    const { onOutput, onStart, options = agreedOptions } = args;
    const all = ["up", "--stack", stack, ...options, ...buildLogOptions(args)];
    return this.operate(stack, all, { onOutput, onStart, variables: buildVariables(args) });
  }

  /**
   * Shows what an update would change.
   *
   * @returns whether the program and its policies succeeded
   */
  public async preview(stack: string, args: UpdateArgs): Promise<boolean> {
    const all = ["preview", "--stack", stack, ...(args.options ?? []), ...buildLogOptions(args)];
    const environment = { ...buildVariables(args), ...debugCommands };
    const { code } = await this.io.stream("pulumi", all, this.cwd, { environment });
    return code === 0;
  }

  /**
   * Makes Pulumi forget what a killed update was about to create, and refreshes the state.
   *
   * @returns whether it succeeded
   * @throws StackLockedError if another operation holds the lock of the stack
   */
  public clearPendingCreates(stack: string): Promise<boolean> {
    const options = ["--clear-pending-creates", ...agreedOptions];
    return this.operate(stack, ["refresh", "--stack", stack, ...options]);
  }

  /**
   * Adds existing resources to the state.
   *
   * @param file see importFile.ts
   * @returns whether it succeeded
   * @throws StackLockedError if another operation holds the lock of the stack
   */
  public importResources(stack: string, file: string): Promise<boolean> {
    const options = ["--protect=false", "--generate-code=false", ...agreedOptions];
    return this.operate(stack, ["import", "--stack", stack, "--file", file, ...options]);
  }

  /**
   * Runs an operation that locks the stack. It first removes the lock of an operation that was killed on this
   * machine.
   */
  private async operate(
    stack: string,
    args: readonly string[],
    options: OperationOptions = {},
  ): Promise<boolean> {
    let result = await this.runNoted(stack, args, options);
    const locks = result.code === 0 ? [] : readLocks(result.stderr);
    if (locks.length > 0) {
      if (!removeOwnStaleLocks(this.cwd, locks)) throw new StackLockedError(stack, locks);
      this.io.print(`An update of \`${stack}\` was killed on this machine. Removed its lock.`);
      result = await this.runNoted(stack, args, options);
      const others = result.code === 0 ? [] : readLocks(result.stderr);
      if (others.length > 0) throw new StackLockedError(stack, others);
    }
    options.onOutput?.(result);
    return result.code === 0;
  }

  /** Runs an operation and notes its lock, as long as it holds one. */
  private async runNoted(
    stack: string,
    args: readonly string[],
    { onOutput, onStart: onEngineStart, variables }: OperationOptions,
  ): Promise<ProcessResult> {
    let note: LockNote | undefined;
    const onStart = (pid: number): void => {
      onEngineStart?.(pid);
      note = new LockNote({ cwd: this.cwd, stack: shortenStackName(stack), pid });
      void this.watchLock(note);
    };
    try {
      const environment = { ...variables, ...debugCommands };
      const isShown = onOutput === undefined;
      return await this.io.stream("pulumi", args, this.cwd, { environment, isShown, onStart });
    } finally {
      note?.end();
    }
  }

  private async watchLock(note: LockNote): Promise<void> {
    // A backend that can't be found is reported by the operation itself.
    const backend = await this.findBackend().catch(() => "");
    const state = locateState(backend, this.cwd);
    if (state !== undefined) note.watch(state);
  }

  private async readStacks(): Promise<StackSummary[]> {
    return JSON.parse(await this.ask(["stack", "ls", "--json"])) as StackSummary[];
  }

  private async hasFailed(stack: string): Promise<boolean> {
    // A killed engine writes nothing to the history.
    if (hasOwnStaleLock(this.cwd, shortenStackName(stack))) return true;
    const last = await this.findLastOperation(stack);
    return last !== undefined && last.kind === "update" && last.result !== "succeeded";
  }

  private async findLastOperation(stack: string): Promise<Operation | undefined> {
    const args = ["stack", "history", "--json", "--page-size", "1", "--stack", stack];
    return (JSON.parse(await this.ask(args)) as Operation[]).at(0);
  }

  private async ask(args: readonly string[]): Promise<string> {
    const { code, stderr, stdout } = await this.io.capture("pulumi", args, this.cwd);
    if (code === 0) return stdout;
    const [, missing] = /no stack named '([^']+)' found/.exec(stderr) ?? [];
    throw missing === undefined
      ? describeFailure(args, stderr)
      : await this.createMissingStackError(args.at(-1) ?? missing);
  }
}

/** The user can fix what Pulumi reports, such as a wrong passphrase or a backend that does not answer. */
function describeFailure(args: readonly string[], stderr: string): UserError {
  const said = stderr.trim().replace(/^error: /, "");
  return new UserError(`\`pulumi ${args.join(" ")}\` failed:\n  ${said.replaceAll("\n", "\n  ")}`);
}

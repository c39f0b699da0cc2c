import { type DeployedRelease, readRelease } from "../../components/release/release";
import { UserError } from "../errors";
import type { ProcessResult, CommandContext } from "../io";
import { isStaleLock } from "./locks";
import { parseState, type StackState } from "./stackState";

/** What a stack is found to be. */
export interface StackStatus {
  readonly exists: boolean;
  /** What it runs; undefined where nothing was proven to run. */
  readonly release: DeployedRelease | undefined;
  /** Whether its last update ended without success. */
  readonly hasFailed: boolean;
}

/** The Pulumi CLI in a project's folder. */
export class Pulumi {
  constructor(
    private readonly io: Pick<CommandContext, "capture" | "print" | "stream">,
    private readonly cwd: string,
  ) {}

  /** What a stack runs, and how its last update ended. */
  public async findStatus(stack: string): Promise<StackStatus> {
    const outputs = await this.findOutputs(stack);
    if (outputs === undefined) return { exists: false, release: undefined, hasFailed: false };
    return {
      exists: true,
      release: readRelease(outputs),
      hasFailed: await this.hasFailed(stack),
    };
  }

  /** The stack's configuration by key with its namespace, with the project's defaults and without secrets. */
  public async readConfig(stack: string): Promise<Record<string, string>> {
    const text = await this.ask(["config", "--json", "--stack", stack]);
    const values = JSON.parse(text) as Record<string, { value?: string }>;
    return Object.fromEntries(Object.entries(values).map(([key, { value }]) => [key, value ?? ""]));
  }

  /** A value of the stack's configuration that is stored as a secret, in clear. */
  public async readSecret(stack: string, key: string): Promise<string> {
    return (await this.ask(["config", "get", key, "--stack", stack])).trim();
  }

  /** Where the state is kept, as a URL. */
  public async findBackend(): Promise<string> {
    return (JSON.parse(await this.ask(["whoami", "--verbose", "--json"])) as { url: string }).url;
  }

  /** Name of the stack that is selected in the project's folder. */
  public async findSelectedStack(): Promise<string> {
    return (await this.ask(["stack", "--show-name"])).trim();
  }

  /** Names of the project's stacks. */
  public async listStacks(): Promise<string[]> {
    const stacks = JSON.parse(await this.ask(["stack", "ls", "--json"])) as { name: string }[];
    return stacks.map(({ name }) => name);
  }

  /** What the stack's state says. */
  public async readState(stack: string): Promise<StackState> {
    return parseState(await this.ask(["stack", "export", "--stack", stack]));
  }

  /**
   * Runs the program on a stack; the user sees how it goes.
   *
   * @param options of `pulumi up`
   * @param eventLog file to which the engine shall write what happens, each time a line of JSON
   * @returns whether it succeeded
   */
  public update(
    stack: string,
    options: readonly string[] = ["--yes", "--skip-preview"],
    eventLog?: string,
  ): Promise<boolean> {
    const log = eventLog === undefined ? [] : ["--event-log", eventLog];
    return this.runUnlocked(stack, ["up", "--stack", stack, ...options, ...log]);
  }

  /**
   * Forgets what a killed update was about to create, and brings the state up to date.
   *
   * @returns whether it succeeded
   */
  public clearPendingCreates(stack: string): Promise<boolean> {
    const options = ["--clear-pending-creates", "--yes", "--skip-preview"];
    return this.runUnlocked(stack, ["refresh", "--stack", stack, ...options]);
  }

  /** Where an update was killed on this machine, its lock is removed first. */
  private async runUnlocked(stack: string, args: readonly string[]): Promise<boolean> {
    const run = (): Promise<ProcessResult> =>
      // With this Pulumi takes `--event-log`, which it keeps from who just runs it.
      this.io.stream("pulumi", args, this.cwd, { PULUMI_DEBUG_COMMANDS: "true" });
    const first = await run();
    if (first.code === 0 || !isStaleLock(first.stderr)) return first.code === 0;
    this.io.print(`The update that locks \`${stack}\` was killed: its lock is removed.`);
    await this.ask(["cancel", "--yes", "--stack", stack]);
    return (await run()).code === 0;
  }

  private async findOutputs(stack: string): Promise<Record<string, unknown> | undefined> {
    const args = ["stack", "output", "--json", "--stack", stack];
    const { code, stderr, stdout } = await this.io.capture("pulumi", args, this.cwd);
    if (code === 0) return JSON.parse(stdout) as Record<string, unknown>;
    if (/no stack named/.test(stderr)) return undefined;
    throw describeFailure(args, stderr);
  }

  private async hasFailed(stack: string): Promise<boolean> {
    const args = ["stack", "history", "--json", "--page-size", "1", "--stack", stack];
    const [last] = JSON.parse(await this.ask(args)) as { kind?: string; result?: string }[];
    return last !== undefined && last.kind === "update" && last.result !== "succeeded";
  }

  private async ask(args: readonly string[]): Promise<string> {
    const { code, stderr, stdout } = await this.io.capture("pulumi", args, this.cwd);
    if (code !== 0) throw describeFailure(args, stderr);
    return stdout;
  }
}

/** What Pulumi says is for the user: a backend that is away, a passphrase that is wrong. */
function describeFailure(args: readonly string[], stderr: string): UserError {
  const said = stderr.trim().replace(/^error: /, "");
  return new UserError(`\`pulumi ${args.join(" ")}\` failed:\n  ${said.replaceAll("\n", "\n  ")}`);
}

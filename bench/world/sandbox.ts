import { spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

import { checkout, createCheckout, inSandbox, shell, start } from "../../test/e2e/support/checkout";

/** When a part of `make up` was ready. */
export interface Phase {
  readonly name: string;
  readonly seconds: number;
}

/** Options of a program's run. */
export interface RunOptions {
  /** @default the checkout */
  readonly cwd?: string;
  /** What it reads on its standard input. */
  readonly input?: string;
  /** Whether to return also what it prints on its standard error. */
  readonly withErrors?: boolean;
  /** Environment, or what is added to the sandbox's. */
  readonly env?: NodeJS.ProcessEnv;
}

const endLength = 2000;

/** Runs a program until it ends, and returns what it printed. */
export async function run(
  [program, ...args]: readonly [string, ...string[]],
  { cwd = checkout, env = process.env, input, withErrors = false }: RunOptions = {},
): Promise<string> {
  const child = spawn(program, args, { cwd, env, stdio: ["pipe", "pipe", "pipe"] });
  let output = "";
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8");
    stream.on("data", (chunk: string) => {
      output += chunk;
      if (stream === child.stdout) printed += chunk;
    });
  }
  // A program that ends early does not read it.
  child.stdin.on("error", () => undefined).end(input);
  const code = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (ended, signal) => resolve(ended ?? signal));
  });
  if (code === 0) return withErrors ? output : printed;
  throw new Error(
    `\`${[program, ...args].join(" ").slice(0, 200)}\` ended with ${String(code)}:\n${output.slice(-endLength)}`,
  );
}

/** The sandbox of the measurements, in a copy of the working tree: the copy that the end-to-end tests use, too. */
export class BenchSandbox {
  private constructor(
    /** Environment of a shell after `eval "$(make -s env)"`, read once: reading it takes a second. */
    private readonly env: NodeJS.ProcessEnv,
    private readonly hosts: string,
  ) {}

  /** Makes the copy; stops a sandbox that an earlier run has left, and deletes what it stored. */
  public static async prepare(isFresh: boolean): Promise<void> {
    createCheckout();
    if (!isFresh) return;
    await shell("make down");
    rmSync(join(checkout, ".sandbox"), { recursive: true, force: true });
  }

  /** Runs `make up`, and returns when each of its parts was ready. */
  public static async up(): Promise<Phase[]> {
    const started = performance.now();
    const phases: Phase[] = [];
    // Each line with the time at which it came.
    const stamped = start(
      'make up 2>&1 | while IFS= read -r line; do echo "$EPOCHREALTIME $line"; done; exit ${PIPESTATUS[0]}',
    );
    const begun = performance.timeOrigin + started;
    const { code, output } = await stamped.ended;
    if (code !== 0) throw new Error(`\`make up\` ended with ${code}:\n${output.slice(-endLength)}`);
    for (const line of output.split("\n")) {
      const [, seconds, name] = /^(\S+) (?:✔ ([^:]+).*|(?:site): .*)$/.exec(line) ?? [];
      if (seconds === undefined) continue;
      phases.push({ name: name ?? "the site is served", seconds: Number(seconds) - begun / 1000 });
    }
    return phases;
  }

  /** Stops the sandbox. */
  public static async down(): Promise<void> {
    await shell("make down");
  }

  /** Reads the environment of the running sandbox. */
  public static async open(): Promise<BenchSandbox> {
    const printed = await inSandbox("node --print 'JSON.stringify(process.env)'");
    const env = JSON.parse(printed.slice(printed.lastIndexOf("\n{") + 1)) as NodeJS.ProcessEnv;
    return new BenchSandbox(env, join(checkout, ".sandbox", "test", "hosts"));
  }

  /** A variable of the environment. */
  public variable(name: string): string {
    const value = this.env[name];
    if (value === undefined) throw new Error(`\`make env\` does not set \`${name}\`.`);
    return value;
  }

  /** Runs a program with the sandbox's environment. */
  public run(command: readonly [string, ...string[]], options: RunOptions = {}): Promise<string> {
    return run(command, { ...options, env: { ...this.env, ...options.env } });
  }

  /** Runs a program that the sandbox does not know with its host names, as it runs its own. */
  public runWithNames(
    command: readonly [string, ...string[]],
    options: RunOptions = {},
  ): Promise<string> {
    const script = 'mount --bind "$0" /etc/hosts; exec "$@"';
    const named = ["unshare", "--mount", "--", "sh", "-ec", script, this.hosts] as const;
    return this.run([...named, ...command], options);
  }

  /** Runs `slipway`, without the second that npx takes to find it. */
  public slipway(...args: string[]): Promise<string> {
    return this.run(["node", join(checkout, "cli", "slipway.js"), ...args]);
  }

  /** Reads an output of a stack. */
  public async readOutput(name: string, stack = "dev"): Promise<string> {
    return (await this.run(["pulumi", "stack", "output", name, "--stack", stack])).trim();
  }

  /** Address of BuildKit. */
  public get buildkit(): string {
    const file = join(this.variable("BUILDX_CONFIG"), "instances", "slipway");
    const builder = JSON.parse(readFileSync(file, "utf8")) as { Nodes: { Endpoint: string }[] };
    return builder.Nodes[0].Endpoint;
  }

  /** Address of the registry with the base images. */
  public get mirror(): string {
    const [address] = readFileSync(this.hosts, "utf8").split(" ");
    return `${address}:5051`;
  }
}

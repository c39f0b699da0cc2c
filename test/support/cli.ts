import { readFileSync } from "node:fs";

import type { CommandContext } from "../../cli/io";
import type { ProcessResult } from "../../cli/process/run";
import type { Terminal } from "../../cli/terminal";

/** Answers of the fake programs about a stack. */
export interface FakeStack {
  readonly outputs?: Record<string, unknown>;
  /** Configuration, without the program's own namespace. */
  readonly config?: Record<string, string>;
  /** Result of the last update. */
  readonly last?: string;
  /** End of the last update. Default: long ago. */
  readonly lastEnd?: string;
  /** Its operations, the newest first. Default: the last update. */
  readonly history?: readonly object[];
  /** Value of `deployment` in `pulumi stack export`. */
  readonly deployment?: object;
  /** Pulumi's error when it can't read the stack's outputs. */
  readonly unreadable?: string;
  /** Whether an update runs, as Pulumi Cloud lists it. Default: the backend does not say. */
  readonly updateInProgress?: boolean;
}

/** A terminal with a user who answers, and with a fake Pulumi and git. */
export class FakeIo implements CommandContext {
  public env: NodeJS.ProcessEnv = {};
  /** The terminal that is printed to, too; by default the output is no terminal. */
  public terminal: Terminal | undefined;
  /** What was printed. */
  public readonly printed: string[] = [];
  /** Questions that were asked. */
  public readonly questions: string[] = [];
  /** Versions of the content that updates were to build with. */
  public readonly contentVersions: string[] = [];
  /** Programs that ran with visible output. */
  public readonly streamed: string[] = [];
  /** Answer to every question; an error if there is no terminal. */
  public answer: boolean | Error = true;
  /** Results of the `pulumi up` calls, in order; further calls succeed. */
  public updates: ProcessResult[] = [];
  /** Lines of `git log`, by range; other ranges are unknown to git. */
  public commits: Record<string, string[]> = {};
  /** Output of `git status`. */
  public status = "";
  /** Programs whose output was captured. */
  public readonly captured: string[] = [];
  /** Objects of `kubectl get`, by its first arguments `kind name`. */
  public objects: Record<string, object> = {};

  /** URL of the state backend. */
  public backend = "file:///state";
  /** Whether the state can be read. */
  public isReadable: () => boolean = () => true;
  /** Values of secrets, by key with its namespace. */
  public secrets: Record<string, string> = {};
  /** Tags by stack; undefined if the backend does not support tags. */
  public tags: Record<string, Record<string, string>> | undefined = {};
  /** A stack that `pulumi stack init` creates. */
  public initial: FakeStack = {};
  /** The selected stack. */
  public selected = "dev";

  public readonly stacks: Record<string, FakeStack>;

  constructor(stacks: Record<string, FakeStack>) {
    this.stacks = { ...stacks };
  }

  public print(text: string): void {
    this.printed.push(text);
    this.terminal?.print(text);
  }

  public confirm(question: string): Promise<boolean> {
    this.questions.push(question);
    return this.answer instanceof Error
      ? Promise.reject(this.answer)
      : Promise.resolve(this.answer);
  }

  public capture(program: string, args: readonly string[]): Promise<ProcessResult> {
    this.captured.push([program, ...args].join(" "));
    if (program === "git") return Promise.resolve(this.answerGit(args));
    if (program === "kubectl") return Promise.resolve(this.answerKubectl(args));
    if (args.includes("--show-name")) return Promise.resolve(ended(0, `${this.selected}\n`));
    if (args[0] === "whoami") return Promise.resolve(ended(0, `{"url":"${this.backend}"}`));
    if (!this.isReadable()) {
      return Promise.resolve(ended(255, "", "error: failed to load checkpoint: EOF\n"));
    }
    if (args[1] === "tag") return Promise.resolve(this.answerTag(args));
    if (args[1] === "get") return Promise.resolve(ended(0, `${this.secrets[args[2]] ?? ""}\n`));
    if (args[1] === "ls") {
      const listed = Object.entries(this.stacks).map(([name, { updateInProgress }]) => ({
        name,
        current: false,
        updateInProgress,
      }));
      return Promise.resolve(ended(0, JSON.stringify(listed)));
    }
    const stack = this.stacks[args.at(-1) ?? ""];
    if (stack === undefined) {
      return Promise.resolve(ended(6, "", `error: no stack named '${args.at(-1)}' found\n`));
    }
    if (stack.unreadable !== undefined && ["export", "output"].includes(args[1])) {
      return Promise.resolve(ended(255, "", `error: ${stack.unreadable}\n`));
    }
    return Promise.resolve(ended(0, JSON.stringify(answerPulumi(stack, args))));
  }

  /** Contents of the files that `pulumi import` was given. */
  public readonly imported: unknown[] = [];
  /** Process id that each visible program reports when it starts. */
  public startedAs: number | undefined;

  public stream(
    ...[program, args, , { environment = {}, onStart } = {}]: Parameters<CommandContext["stream"]>
  ): Promise<ProcessResult> {
    const file = args.indexOf("--file") + 1;
    if (file > 0) this.imported.push(JSON.parse(readFileSync(args[file], "utf8")));
    const agent = args.indexOf("--exec-agent");
    // Who runs the tests is of no interest.
    const shown = args
      .map((arg, index) =>
        ["--file", "--event-log"].includes(args[index - 1] ?? "") ? "<file>" : arg,
      )
      .filter((_, index) => agent === -1 || (index !== agent && index !== agent + 1));
    this.streamed.push([program, ...shown].join(" "));
    if (this.startedAs !== undefined) onStart?.(this.startedAs);
    const result = this.updates.shift() ?? ended(0);
    if (args[1] === "init" && result.code === 0) this.stacks[args[2]] = this.initial;
    if (environment.SLIPWAY_CONTENT_VERSION !== undefined) {
      this.contentVersions.push(environment.SLIPWAY_CONTENT_VERSION);
    }
    const digest = environment.SLIPWAY_AGREED_DIGEST;
    if (result.code === 0 && digest !== undefined) this.deploy(args[2], digest);
    return Promise.resolve(result);
  }

  private answerTag(args: readonly string[]): ProcessResult {
    const [, , verb, name, value] = args;
    const stack = args.at(-1) ?? "";
    if (this.tags === undefined) return ended(255, "", "error: stack tags are not supported\n");
    const tags = (this.tags[stack] ??= {});
    if (verb === "set") tags[name] = value;
    return ended(0, verb === "set" ? "" : JSON.stringify(tags));
  }

  /** Digest that the stack runs after an update. Default: the digest that the user agreed to. */
  public deployed: string | undefined;

  private deploy(stack: string, agreed: string): void {
    const { outputs, ...rest } = this.stacks[stack];
    this.agreed.push(agreed);
    this.stacks[stack] = { ...rest, outputs: { ...outputs, digest: this.deployed ?? agreed } };
  }

  /** Digests that the program was required to deploy. */
  public readonly agreed: string[] = [];

  private answerKubectl(args: readonly string[]): ProcessResult {
    const object = this.objects[args.slice(1, 3).join(" ")];
    return ended(0, args[0] === "get" && object !== undefined ? JSON.stringify(object) : "");
  }

  private answerGit(args: readonly string[]): ProcessResult {
    if (args[0] === "status") return ended(0, this.status);
    const commits = this.commits[args.at(-1) ?? ""];
    return commits === undefined ? ended(128) : ended(0, commits.join("\n"));
  }
}

/** Creates the result of a program. */
export function ended(code: number, stdout = "", stderr = ""): ProcessResult {
  return { code, stdout, stderr };
}

function answerPulumi(stack: FakeStack, args: readonly string[]) {
  const { config = {}, deployment = {}, last, outputs = {} } = stack;
  switch (args.slice(0, 2).join(" ")) {
    case "stack export":
      return { deployment };
    case "stack output":
      return outputs;
    case "stack history":
      if (stack.history !== undefined) return stack.history;
      return last === undefined
        ? []
        : [{ kind: "update", result: last, endTime: stack.lastEnd ?? "2020-01-01T00:00:00.000Z" }];
    case "config --json": {
      const entries = Object.entries(config).map(([key, value]) => [
        key.includes(":") ? key : `gatsby-site:${key}`,
        { value, secret: false },
      ]);
      return Object.fromEntries(entries) as object;
    }
    default:
      return {};
  }
}

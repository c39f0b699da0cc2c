import { cutToColumns } from "./width";

/** A line of BuildKit's log: the number of a step, then its time if the step itself has written the rest. */
const linePattern = /^#(\d+) (?:(\d+\.\d+) )?(.*)$/s;

/** The title of a step of a Dockerfile: its platform if it is said, its stage, its number there, and its instruction. */
const titlePattern = /^\[(?:\w+\/\w+(?:\/\w+)? )?(\S+) +(\d+\/\d+)\] (.*)$/;

/** The command of an instruction that says the most to a person who builds a site. */
const commandPattern =
  /\b(?:npm|pnpm|yarn|npx|bun|gatsby)(?: (?:run|exec|install|ci|build))?(?: (?!-)[\w:-]+)?/;

/** Enough lines for a private key, which is only recognized as a whole. */
const keptLines = 200;

/** Steps that took less are not worth a word. */
const slowSeconds = 3;

/** A longer command says little to a person who knows the Dockerfile, and hides the next one. */
const commandLength = 24;

interface BuildStep {
  readonly stage: string;
  readonly command: string;
}

/** What is known of a running build, from BuildKit's log. */
export class BuildLog {
  private readonly steps = new Map<string, BuildStep>();
  private readonly slow: { readonly text: string; readonly seconds: number }[] = [];
  private readonly lines: string[] = [];
  private current: BuildStep | undefined;
  /** The lines without what must not be shown; undefined if there are newer ones. */
  private scrubbed: readonly string[] | undefined;

  /** Whether the image is being pushed, or has been. */
  public isPushing = false;
  /** Where the image was pushed to, `registry/repository`. */
  public pushedTo: string | undefined;

  /** @param scrub removes what must not be shown from lines */
  constructor(private readonly scrub: (text: string) => string) {}

  /** Adds a line. */
  public add(line: string): void {
    const [, id, time, text] = linePattern.exec(line) ?? [];
    if (id === undefined) {
      this.keep(line);
      return;
    }
    const known = this.steps.get(id);
    if (known === undefined) {
      this.steps.set(id, (this.current = parseTitle(text)));
      return;
    }
    this.current = known;
    // A progress bar overwrites its line.
    if (time !== undefined) this.keep(text.trimEnd().split("\r").at(-1) ?? "");
    else this.addState(known, text);
  }

  /** The step that runs now, such as `builder 9/11: npm run build`. */
  public get step(): string {
    if (this.current === undefined) return "";
    const { command, stage } = this.current;
    return this.scrub(stage === "" ? command : `${stage}: ${command}`);
  }

  /** What took long, such as `npm ci 39 s`, the longest first. */
  public get slowSteps(): readonly string[] {
    const longestFirst = this.slow.toSorted((one, other) => other.seconds - one.seconds);
    return longestFirst.map(({ text }) => this.scrub(text));
  }

  /** The last lines that the steps have written. */
  public tail(count: number): readonly string[] {
    this.scrubbed ??= this.scrub(this.lines.join("\n"))
      .split("\n")
      .filter((line) => line.trim() !== "");
    return this.scrubbed.slice(-count);
  }

  /** What BuildKit says of a step, or what a step without a shell does. */
  private addState({ command, stage }: BuildStep, text: string): void {
    // Of a fast one BuildKit says only that it is done.
    if (text.startsWith("pushing layers")) this.isPushing = true;
    const [, target] = /^pushing manifest for (\S+?)(?::[\w.-]+)?@/.exec(text) ?? [];
    if (target !== undefined) this.pushedTo = target;
    const seconds = Number(/^DONE (\d+\.\d)s$/.exec(text)?.[1] ?? 0);
    // A base image is unpacked once, and a person can't change how long that takes.
    const isOwn = stage !== "" && !command.startsWith("FROM ");
    if (seconds >= slowSeconds && isOwn) {
      const { text: short } = cutToColumns(command.replace(/^RUN /, ""), commandLength);
      this.slow.push({ text: `${short} ${Math.round(seconds)} s`, seconds });
    }
  }

  private keep(text: string): void {
    this.scrubbed = undefined;
    this.lines.push(text);
    if (this.lines.length > keptLines) this.lines.shift();
  }
}

function parseTitle(title: string): BuildStep {
  const [, stage, number, instruction] = titlePattern.exec(title) ?? [];
  if (stage === undefined) return { stage: "", command: title };
  const text = instruction.replace(/ --[a-z]+=\S+/g, "").replace(/\s+/g, " ");
  const command = text.startsWith("RUN ") ? (commandPattern.exec(text)?.[0] ?? text) : text;
  return { stage: `${stage} ${number}`, command };
}

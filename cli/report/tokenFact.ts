import type { ResourceChange } from "./changes";
import { stackType, type PreviewResult } from "./previewJson";
import { isDeployToken } from "../pulumi/resourceTypes";
import { countOf, enumerate, sentence, words, type Sentence } from "./sentence";

/** What a report says of a stack's deploy tokens. */
export interface TokenFact {
  readonly text: Sentence;
  /** Whether someone has to do something: a token has ended, or is about to. */
  readonly attention: boolean;
}

/** The stack's outputs with the end of a token's life, and what the token is for. */
const roleByOutput = { pullTokenExpiresAt: "pull", pushTokenExpiresAt: "push" } as const;

const millisecondsPerDay = 24 * 60 * 60 * 1000;

/**
 * How long the stack's deploy tokens live, and whether this update replaces any.
 *
 * Their end is read from the stack's outputs, as the last update left them: a preview lists what stays the
 * same only where it is told to, but always the stack itself.
 *
 * @param warnDays days before a token's end from which on it is worth a warning
 * @returns undefined for a stack without tokens
 */
export function describeTokens(
  digest: PreviewResult,
  changes: readonly ResourceChange[],
  options: { readonly now: Date; readonly warnDays: number },
): TokenFact | undefined {
  const tokens = changes.filter(({ type }) => isDeployToken(type));
  const lives = listLives(digest, options.now);
  const ending = lives.filter(({ days }) => days <= options.warnDays);
  const attention = ending.length > 0;

  const replaced = tokens.filter(({ kind }) => kind === "replace");
  if (replaced.length > 0) {
    const names = enumerate(replaced.map(({ name }) => sentence`${name}`));
    return {
      text: sentence`Rotation due: this update replaces ${names}. ${describeLives(lives)}`,
      attention,
    };
  }
  const created = tokens.filter(({ kind }) => kind === "create").length;
  if (created > 0) {
    return {
      text: sentence`This update makes ${words(countOf(created, "token"))}. ${describeLives(lives)}`,
      attention,
    };
  }
  return lives.length === 0 ? undefined : { text: describeLives(lives), attention };
}

interface Life {
  readonly role: string;
  /** `YYYY-MM-DD` */
  readonly end: string;
  /** Whole days left; negative when it is over. */
  readonly days: number;
}

function listLives({ steps }: PreviewResult, now: Date): Life[] {
  const outputs =
    steps.find(({ oldState }) => oldState?.type === stackType)?.oldState?.outputs ?? {};
  return Object.entries(roleByOutput).flatMap(([output, role]) => {
    const value = outputs[output];
    const end = typeof value === "string" ? new Date(value) : undefined;
    if (end === undefined || Number.isNaN(end.getTime())) return [];
    const days = Math.floor((end.getTime() - now.getTime()) / millisecondsPerDay);
    return [{ role, end: end.toISOString().slice(0, 10), days }];
  });
}

/** Tokens that end on the same day share a sentence. */
function describeLives(lives: readonly Life[]): Sentence {
  const ends = [...new Set(lives.map(({ end }) => end))];
  return ends.flatMap((day, index) => {
    const same = lives.filter(({ end }) => end === day);
    const [{ end, days }] = same;
    const roles = enumerate(same.map(({ role }) => words(role)));
    const [tokens, live] = same.length === 1 ? ["token", "lives"] : ["tokens", "live"];
    const text =
      days < 0
        ? sentence`The ${roles} ${words(tokens)} ended on ${words(end)}.`
        : sentence`The ${roles} ${words(tokens)} ${words(live)} ${words(countOf(days, "more day"))} (until ${words(end)}).`;
    return [...(index === 0 ? [] : [" "]), ...text];
  });
}

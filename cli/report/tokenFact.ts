import type { ResourceChange } from "./changes";
import { stackType, type PreviewResult } from "./previewJson";
import { isDeployToken } from "../pulumi/resourceTypes";
import { countOf, enumerate, sentence, words, type Sentence } from "./sentence";

/** The facts about a stack's deploy tokens. */
export interface TokenFact {
  readonly text: Sentence;
  /** Whether a user must act, because a token has expired or expires soon. */
  readonly attention: boolean;
}

/** The stack's outputs with the expiry of each token, and the token's role. */
const roleByOutput = { pullTokenExpiresAt: "pull", pushTokenExpiresAt: "push" } as const;

const millisecondsPerDay = 24 * 60 * 60 * 1000;

/**
 * Says when the stack's deploy tokens expire, and if this update replaces any of them.
 *
 * The expiry comes from the stack's outputs of the last update: a preview lists unchanged resources only on request,
 * but always the stack itself.
 *
 * @param warnDays days before a token's expiry at which the warning begins
 * @returns `undefined` for a stack without tokens
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
  /** Whole days left; negative if it has expired. */
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

/** Describes the expiries; tokens that expire on the same day share a sentence. */
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

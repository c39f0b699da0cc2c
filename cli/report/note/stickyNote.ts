import { setTimeout as sleep } from "node:timers/promises";

import { GitLabError } from "../../gitlab/gitlabError";
import { UserError } from "../../errors";
import type { MergeRequestNotes, Note } from "./mergeRequestNotes";
import { isReportNote, mergeSections, parseNote, renderNote, type NoteSection } from "./noteBody";

/** Result of writing the note. */
export type NoteOutcome = "created" | "updated" | "unchanged" | "not needed";

/** How often other jobs may overwrite the note before this one gives up. */
const rounds = 5;

/** Waiting time for other jobs' writes, several times longer than the one request between their read and write. */
const settleMs = { least: 1000, most: 2500 };

/**
 * Writes a merge request's one report note: replaces the sections of the given stacks and keeps those of
 * other stacks.
 *
 * GitLab has no conditional update of a note. So the note is read again after a moment: if another job has
 * overwritten these sections with an older version, they are written again. If two jobs both create the first note,
 * the older note stays and gets the other note's sections.
 *
 * @param isNeeded whether to create a note if there is none
 * @param wait waits until other jobs have written; by default a random moment
 * @throws GitLabError if GitLab refuses or does not answer
 * @throws UserError if other jobs keep changing the note
 */
export async function writeStickyNote(
  notes: MergeRequestNotes,
  sections: readonly NoteSection[],
  isNeeded: boolean,
  wait: () => Promise<unknown> = waitAMoment,
): Promise<NoteOutcome> {
  const self = await notes.findOwnId();
  let outcome: NoteOutcome = "unchanged";
  for (let round = 0; round < rounds; round++) {
    const own = await listOwn(notes, self);
    const [keeper, ...duplicates] = own;
    if (keeper === undefined && !isNeeded) return "not needed";
    const merged = mergeSections(...own.map(({ body }) => parseNote(body)), sections);
    const body = renderNote(merged);
    if (keeper !== undefined && duplicates.length === 0 && sameText(keeper.body, body))
      return outcome;

    if (keeper === undefined) {
      await createOnce(notes, body);
      outcome = "created";
    } else {
      if (!(await tryUpdate(notes, keeper.id, body))) continue;
      if (outcome !== "created") outcome = "updated";
      // Only now, because until here the duplicates had sections that no other note has.
      for (const { id } of duplicates) await ignoreMissing(notes.remove(id));
    }
    await wait();
  }
  throw new UserError(
    `Other jobs changed the note ${rounds} times while this one wrote it. Give the jobs that write it one \`resource_group\`.`,
  );
}

/**
 * Lists the report's notes that the token's user wrote, the oldest first. Notes of other users with the same
 * marker are ignored: their writers could change them later.
 */
async function listOwn(notes: MergeRequestNotes, self: number): Promise<Note[]> {
  const all = await notes.list();
  return all
    .filter(({ authorId, body, system }) => authorId === self && !system && isReportNote(body))
    .sort((a, b) => a.id - b.id);
}

/** Creates the note. If an error leaves it open whether that succeeded, the next listing shows it. */
async function createOnce(notes: MergeRequestNotes, body: string): Promise<void> {
  try {
    await notes.create(body);
  } catch (error) {
    if (!(error instanceof GitLabError && (error.status ?? 0) > 500)) throw error;
  }
}

/** Returns whether the note still existed. */
async function tryUpdate(notes: MergeRequestNotes, id: number, body: string): Promise<boolean> {
  return ignoreMissing(notes.update(id, body));
}

async function ignoreMissing(call: Promise<void>): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    if (error instanceof GitLabError && error.status === 404) return false;
    throw error;
  }
}

function sameText(a: string, b: string): boolean {
  const normalize = (text: string): string => text.replaceAll("\r\n", "\n").trim();
  return normalize(a) === normalize(b);
}

async function waitAMoment(): Promise<void> {
  await sleep(settleMs.least + Math.random() * (settleMs.most - settleMs.least));
}

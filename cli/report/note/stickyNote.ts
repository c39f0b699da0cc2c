import { setTimeout as sleep } from "node:timers/promises";

import { GitLabRequestError } from "../../gitlab/gitlabRequest";
import type { MergeRequestNotes, Note } from "./mergeRequestNotes";
import { isReportNote, mergeSections, parseNote, renderNote, type NoteSection } from "./noteBody";

/** What became of the note. */
export type NoteOutcome = "created" | "updated" | "unchanged" | "not needed";

/** How often another job may undo what was written before this one gives up. */
const rounds = 5;

/** Between what another job has read and what it writes there is a request: this is several of them. */
const settleMs = { least: 1000, most: 2500 };

/**
 * Writes a merge request's one report note: the parts given here in place of those of the same stacks, with
 * the other stacks' parts as they are.
 *
 * GitLab has no way to change a note only if nobody else has. So what was written is read again after a
 * moment: a job that wrote at the same time, having read the note before, would have dropped these parts.
 * Then both are there again with the next write. Two jobs that both made the first note end with the older
 * one, which takes over what the other has.
 *
 * @param isNeeded whether there is something to tell even where no note is there yet
 * @param wait waits until other jobs have written; default: a random moment
 * @throws GitLabRequestError where GitLab refuses
 * @throws Error where other jobs never stop writing
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
      // Only now: until here they had what nobody else has.
      for (const { id } of duplicates) await ignoreMissing(notes.remove(id));
    }
    await wait();
  }
  throw new Error(
    `Other jobs changed the note ${rounds} times while this one wrote it. Give the jobs that write it one \`resource_group\`.`,
  );
}

/**
 * The report's notes that the token's user wrote, the oldest first. Somebody else's with the same marker is
 * left alone: its writer could change it after it was filled.
 */
async function listOwn(notes: MergeRequestNotes, self: number): Promise<Note[]> {
  const all = await notes.list();
  return all
    .filter(({ authorId, body, system }) => authorId === self && !system && isReportNote(body))
    .sort((a, b) => a.id - b.id);
}

/** After an answer that leaves open whether the note was made, the next look at the list tells. */
async function createOnce(notes: MergeRequestNotes, body: string): Promise<void> {
  try {
    await notes.create(body);
  } catch (error) {
    if (!(error instanceof GitLabRequestError && error.status > 500)) throw error;
  }
}

/** Whether the note was still there. */
async function tryUpdate(notes: MergeRequestNotes, id: number, body: string): Promise<boolean> {
  return ignoreMissing(notes.update(id, body));
}

async function ignoreMissing(call: Promise<void>): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    if (error instanceof GitLabRequestError && error.status === 404) return false;
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

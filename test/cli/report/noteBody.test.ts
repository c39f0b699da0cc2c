import { noteLimit } from "../../../cli/report/limits";
import {
  isReportNote,
  mergeSections,
  parseNote,
  renderNote,
  type NoteSection,
} from "../../../cli/report/note/noteBody";

const dev: NoteSection = { stack: "dev", pipeline: 10, text: "#### `dev`: no changes" };
const prod: NoteSection = { stack: "prod/eu west", pipeline: 11, text: "#### `prod`\n\n- a\n- b" };

describe("renderNote", () => {
  it("writes what parseNote reads", () => {
    const body = renderNote([dev, prod]);
    expect(isReportNote(body)).toBe(true);
    expect(parseNote(body)).toEqual([dev, prod]);
    expect(parseNote(body.replaceAll("\n", "\r\n"))).toEqual([dev, prod]);
  });

  it("shows a reader no marker", () => {
    expect(renderNote([dev]).replace(/<!--.*?-->/g, "")).not.toContain("slipway");
  });

  it("folds lists away where the note would be too long", () => {
    const text = `#### head\n\n<details><summary>x</summary>\n\n${"y".repeat(60_000)}\n\n</details>`;
    const sections = Array.from({ length: 20 }, (_, at) => ({ ...dev, stack: `s${at}`, text }));
    const body = renderNote(sections);
    expect(body.length).toBeLessThanOrEqual(noteLimit);
    expect(body).toContain("The list of changes is left out: the note would be too long.");
    expect(parseNote(body)).toHaveLength(20);
  });

  it("is never longer than GitLab takes", () => {
    const text = `#### head\n\n${"y".repeat(60_000)}`;
    const sections = Array.from({ length: 20 }, (_, at) => ({ ...dev, stack: `s${at}`, text }));
    const body = renderNote(sections);
    expect(body.length).toBeLessThanOrEqual(noteLimit);
    expect(parseNote(body)).toHaveLength(20);
  });
});

describe("isReportNote", () => {
  it("takes no note for a report that only quotes one", () => {
    expect(isReportNote(`Look:\n\n${renderNote([dev])}`)).toBe(false);
    expect(isReportNote("> <!-- slipway:preview-report -->")).toBe(false);
  });
});

describe("mergeSections", () => {
  it("keeps other stacks, sorted by name", () => {
    expect(mergeSections([prod], [dev])).toEqual([dev, prod]);
  });

  it("lets a newer pipeline win, whoever comes later", () => {
    const newer = { ...dev, pipeline: 12, text: "new" };
    expect(mergeSections([dev], [newer])).toEqual([newer]);
    expect(mergeSections([newer], [dev])).toEqual([newer]);
  });

  it("lets the later one of the same pipeline win: the job was run again", () => {
    const again = { ...dev, text: "again" };
    expect(mergeSections([dev], [again])).toEqual([again]);
  });
});

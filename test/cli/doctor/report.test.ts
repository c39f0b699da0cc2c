import { renderResult, renderVerdict } from "../../../cli/doctor/report";
import { runSteps } from "../../../cli/doctor/run";
import { Inspection } from "../../../cli/doctor/inspection";
import type { Outcome, Step } from "../../../cli/doctor/step";
import { UserError } from "../../../cli/errors";
import { FakeIo } from "../../support/cli";

const step = (id: string, dependsOn: string[], run: () => Promise<Outcome>): Step => ({
  id,
  title: id.toUpperCase(),
  failure: "network",
  dependsOn,
  limitSeconds: 1,
  run,
});
const ok = () => Promise.resolve({ detail: "fine" });
const fail = () => Promise.resolve({ findings: [{ cause: "It is broken.", remedy: "mend it" }] });
const run = (steps: Step[]) => runSteps(steps, new Inspection({ cwd: "." }, new FakeIo({})));

describe("the steps", () => {
  it("that depend on a failed one are skipped, and others run", async () => {
    const results = await run([
      step("a", [], fail),
      step("b", ["a"], ok),
      step("c", ["b"], ok),
      step("d", [], ok),
    ]);
    expect(results.map(({ status }) => status)).toEqual(["failed", "skipped", "skipped", "ok"]);
  });

  it("have a time limit each", async () => {
    const [result] = await run([step("a", [], () => new Promise(() => undefined))]);
    expect(result?.findings?.map(({ cause }) => cause)).toEqual([
      '"A" had no result after 1 seconds.',
    ]);
  });

  it("report an error that the user can fix", async () => {
    const error = new UserError("It is locked.\nby me\nUnlock it.");
    const [result] = await run([step("a", [], () => Promise.reject(error))]);
    expect(result?.findings).toEqual([
      { cause: "It is locked.", lines: ["by me"], remedy: "Unlock it." },
    ]);
  });

  it("do not hide a defect", async () => {
    await expect(run([step("a", [], () => Promise.reject(new Error("bug")))])).rejects.toThrow(
      "bug",
    );
  });
});

describe("the checklist", () => {
  it("fits 80 columns, except for lines to paste", async () => {
    const finding = {
      cause:
        "A very long sentence that says what is wrong with the registry and goes on for more than one line of a terminal.",
      remedy: `echo ${"x".repeat(90)}`,
      lines: ["the end of a log"],
    };
    const [result] = await run([
      step("a", [], () => Promise.resolve({ findings: [finding], warnings: [finding] })),
    ]);
    const lines = renderResult(result).split("\n");
    expect(lines.filter((line) => line.length > 80)).toEqual([
      `       > ${finding.remedy}`,
      `       > ${finding.remedy}`,
    ]);
    expect(lines.slice(0, 5)).toEqual([
      "FAIL A",
      "     A very long sentence that says what is wrong with the registry and goes on",
      "     for more than one line of a terminal.",
      "       | the end of a log",
      `       > ${finding.remedy}`,
    ]);
  });

  it("ends with a verdict in one line", async () => {
    expect(renderVerdict(await run([step("a", [], ok)]))).toBe("Nothing is wrong.");
    expect(renderVerdict(await run([step("a", [], ok), step("b", [], fail)]))).toBe(
      "B: It is broken.",
    );
    const warned = () => Promise.resolve({ warnings: [{ cause: "x", remedy: "y" }] });
    expect(renderVerdict(await run([step("a", [], warned)]))).toBe(
      "Nothing is wrong, with a warning.",
    );
  });
});

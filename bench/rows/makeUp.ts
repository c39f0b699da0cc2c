import type { Report } from "../measure/report";
import { measureSeconds } from "../measure/pairs";
import { renderTable, formatValue } from "../measure/table";
import { BenchSandbox, type Phase } from "../world/sandbox";

/** Makes the sandbox from its stored data's beginning, and notes what it takes: the first thing of a whole run. */
export async function measureFirstUp(report: Report): Promise<void> {
  let phases: Phase[] = [];
  await report.measure(
    {
      id: "make-up",
      work: "`make up`, tools built, nothing stored",
      unit: "s",
      target: { of: "value", is: "at most", limit: 60 },
    },
    () => measureSeconds(async () => (phases = await BenchSandbox.up())),
    1,
  );
  if (phases.length > 0) report.sections.set("The phases of `make up`", renderPhases(phases));
}

/** `make up` again, and after `make down`: what a person waits for on each day. */
export async function measureFurtherUps(report: Report): Promise<void> {
  const row = { unit: "s" } as const;
  const up = (): Promise<number> => measureSeconds(() => BenchSandbox.up());
  await report.measure({ ...row, id: "make-up-again", work: "`make up` without changes" }, up, 3);
  await report.attempt("`make down`", () => BenchSandbox.down());
  await report.measure(
    { ...row, id: "make-up-after-down", work: "`make up` after `make down`" },
    up,
    1,
  );
}

function renderPhases(phases: readonly Phase[]): string {
  const rows = phases.map(({ name, seconds }) => [name, formatValue(seconds, "s")]);
  return `Several run side by side, so each has the time at which it was ready.\n\n${renderTable(["ready", "after"], rows)}`;
}

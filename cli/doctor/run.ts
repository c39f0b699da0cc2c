import { UserError } from "../errors";
import type { Inspection } from "./inspection";
import type { Outcome, Step, StepResult } from "./step";

const defaultLimitSeconds = 15;

/**
 * Runs the steps, each as soon as the steps that it depends on have succeeded. A step depends on earlier ones only.
 *
 * @param onEnd called with each result as soon as its step has ended, in any order
 */
export async function runSteps(
  steps: readonly Step[],
  inspection: Inspection,
  onEnd: (result: StepResult) => void = () => undefined,
): Promise<StepResult[]> {
  const running = new Map<string, Promise<StepResult>>();
  for (const step of steps) {
    const before = step.dependsOn.flatMap((id) => running.get(id) ?? []);
    const result = runAfter(step, before, inspection).then((ended) => {
      onEnd(ended);
      return ended;
    });
    running.set(step.id, result);
  }
  return Promise.all(running.values());
}

async function runAfter(
  step: Step,
  before: readonly Promise<StepResult>[],
  inspection: Inspection,
): Promise<StepResult> {
  const needed = await Promise.all(before);
  const isBlocked = needed.some(({ status }) => status === "failed" || status === "skipped");
  if (isBlocked) return { step, status: "skipped", milliseconds: 0 };
  const missing = needed.find(({ status }) => status === "leftOut");
  if (missing) return { step, status: "leftOut", leftOut: missing.leftOut, milliseconds: 0 };
  const start = performance.now();
  const outcome = await runWithLimit(step, inspection);
  const milliseconds = Math.round(performance.now() - start);
  const { findings = [], leftOut } = outcome;
  const status = findings.length > 0 ? "failed" : leftOut === undefined ? "ok" : "leftOut";
  return { ...outcome, step, status, milliseconds };
}

async function runWithLimit(step: Step, inspection: Inspection): Promise<Outcome> {
  const { limitSeconds = defaultLimitSeconds, run, title } = step;
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<Outcome>((resolve) => {
    const finding = {
      cause: `"${title}" had no result after ${limitSeconds} seconds.`,
      remedy: "Something on the way is very slow. Run `slipway doctor` again.",
    };
    timer = setTimeout(() => resolve({ findings: [finding] }), limitSeconds * 1000);
  });
  try {
    return await Promise.race([run(inspection), limit]);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const [cause = "", ...rest] = error.message.split("\n");
    const remedy = rest.pop()?.trim();
    return {
      findings: [{ cause, lines: rest, remedy: remedy ?? "Fix that, and run this again." }],
    };
  } finally {
    clearTimeout(timer);
  }
}

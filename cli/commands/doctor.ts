import { Checklist } from "../doctor/checklist";
import { explain, renderExplanation } from "../doctor/explain";
import { type DoctorRequest, Inspection } from "../doctor/inspection";
import { computeExitCode, renderJson, renderVerdict } from "../doctor/report";
import { runSteps } from "../doctor/run";
import { steps } from "../doctor/steps/index";
import { UserError } from "../errors";
import type { CommandContext } from "../io";
import { createMask, redact } from "../redact";

/** Options of `slipway doctor`. */
export interface DoctorOptions extends DoctorRequest {
  /** Whether to print JSON instead of the checklist. */
  readonly json: boolean;
}

/**
 * `slipway doctor`: finds out why an image is not pulled or a site does not start. It changes nothing
 * but a short-lived pod, which it removes.
 *
 * @throws UserError with the verdict, and the exit code of the first failure's class
 */
export async function doctor(options: DoctorOptions, io: CommandContext): Promise<void> {
  checkRequest(options);
  const inspection = new Inspection(options, io);
  const hide = (text: string): string => hideSecrets(text, inspection, io);
  try {
    const chosen = steps.filter(
      ({ needsStack = false }) => options.registry === undefined || !needsStack,
    );
    const print = (text: string): void => io.print(hide(text));
    const checklist = options.json ? undefined : new Checklist(chosen, print, io.rows);
    const results = await runSteps(chosen, inspection, (result) => checklist?.add(result));
    if (options.json) io.print(hide(renderJson(results)));
    const [exitCode, verdict] = [computeExitCode(results), hide(renderVerdict(results))];
    if (exitCode !== 0) throw new UserError(verdict, { exitCode });
    if (!options.json) io.print(`\n${verdict}`);
  } finally {
    inspection.find("kubectl")?.close();
  }
}

/** Removes every credential that a step has seen, and whatever looks like one. */
function hideSecrets(text: string, { secrets }: Inspection, io: CommandContext): string {
  const known = Object.fromEntries(secrets.map((secret, index) => [`SECRET_${index}`, secret]));
  return redact(createMask({ ...io.env, ...known })(text));
}

/** @throws UserError if a registry is given without a project, or the other way round, or both with a stack */
function checkRequest({ project, registry, stack }: DoctorRequest): void {
  if ((registry === undefined) !== (project === undefined)) {
    throw new UserError(
      "`--registry` and `--project` belong together: slipway doctor --registry gitlab.example.com:5050 --project group/project",
    );
  }
  if (registry !== undefined && stack !== undefined) {
    throw new UserError("Name either a stack, or a registry and a project.");
  }
}

/**
 * `slipway doctor --explain`: explains a message of another program.
 *
 * @throws UserError if the message is not known
 */
export function explainMessage(message: string, io: Pick<CommandContext, "print">): void {
  const explanation = explain(message);
  if (explanation === undefined) {
    throw new UserError(
      "The message is not one that Slipway knows; docs/messages.md has the list. Quote it without hosts and digests, or more of its line.",
    );
  }
  io.print(renderExplanation(explanation));
}

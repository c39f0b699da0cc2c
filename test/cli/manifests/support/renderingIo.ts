import { type ProcessResult, runProgram } from "../../../../cli/process/run";
import { FakeIo } from "../../../support/cli";

/** A terminal with a fake Pulumi, in which the process that renders a stack is a real one. */
export class RenderingIo extends FakeIo {
  public override capture(
    program: string,
    args: readonly string[],
    cwd = ".",
  ): Promise<ProcessResult> {
    if (program !== process.execPath) return super.capture(program, args);
    return runProgram(program, args, { cwd, env: { ...process.env, ...this.env }, isShown: false });
  }
}

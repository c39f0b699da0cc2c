import type { ProcessResult } from "../process/run";
import { LivePage, type LivePageArgs } from "./livePage";
import { renderSummary } from "./summary";

/** What a page and the summary below it need. */
export interface UpdatePageArgs extends LivePageArgs {
  /** Commands that take a new release further. */
  readonly promotions: readonly string[];
}

/** Shows an update in a terminal: a page while it runs, and a summary at its end. */
export class UpdatePage {
  constructor(private readonly args: UpdatePageArgs) {}

  /**
   * Runs the update.
   *
   * @param update runs it, and passes on what Pulumi printed
   * @returns whether it succeeded
   */
  public async run(
    update: (onOutput: (output: ProcessResult) => void) => Promise<boolean>,
  ): Promise<boolean> {
    const { promotions, terminal } = this.args;
    const page = new LivePage(this.args);
    let printed = { stdout: "", stderr: "" };
    let succeeded = false;
    page.start();
    try {
      succeeded = await update((output) => (printed = output));
    } finally {
      const result = page.end(succeeded, printed.stderr);
      const summary = renderSummary(result, {
        permalink: findPermalink(printed.stdout),
        promotions,
      });
      if (succeeded && summary !== "") terminal.print(summary);
    }
    return succeeded;
  }
}

/** Finds the address under which Pulumi Cloud shows the update, in Pulumi's output. */
function findPermalink(stdout: string): string | undefined {
  return /^View (?:Live|in Browser)[^:\n]*: (https?:\S+)$/m.exec(stdout)?.[1];
}

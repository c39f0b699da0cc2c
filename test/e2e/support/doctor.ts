import { expect } from "@jest/globals";

import { shell } from "./checkout";

/** What `slipway doctor --json` prints. */
export interface Diagnosis {
  readonly code: number | null;
  readonly output: string;
  readonly verdict: string;
  readonly steps: readonly {
    readonly id: string;
    readonly status: string;
    readonly findings?: readonly { readonly cause: string; readonly lines?: readonly string[] }[];
    readonly warnings?: readonly { readonly cause: string }[];
  }[];
}

/**
 * Runs `slipway doctor` in the sandbox's environment.
 *
 * @param args its arguments
 * @param setup shell commands before it, such as exports
 */
export async function diagnose(args = "dev", setup = ":"): Promise<Diagnosis> {
  const { code, output } = await shell(
    `eval "$(make -s env)"; ${setup}; npx slipway doctor ${args} --json 2>/dev/null`,
  );
  const begin = output.indexOf("{\n");
  if (begin === -1) throw new Error(`\`slipway doctor\` ended with code ${code}:\n${output}`);
  return {
    ...(JSON.parse(output.slice(begin)) as Omit<Diagnosis, "code" | "output">),
    code,
    output,
  };
}

/** Checks that exactly these steps fail, each with its cause, and that the exit code is the class's. */
export function expectFailure(
  { code, steps }: Diagnosis,
  expected: Readonly<Record<string, RegExp>>,
  exitCode: number,
): void {
  const failed = steps.filter(({ status }) => status === "failed");
  const causes = Object.fromEntries(
    failed.map(({ findings = [], id }) => [id, findings.map(({ cause }) => cause).join("\n")]),
  );
  const matching = Object.fromEntries(
    Object.entries(expected).map(([id, cause]) => [id, expect.stringMatching(cause) as unknown]),
  );
  expect({ causes, code }).toEqual({ causes: matching, code: exitCode });
}

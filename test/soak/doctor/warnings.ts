import type { Diagnosis } from "../../e2e/support/doctor";

/** Checks that a diagnosis has exactly this warning, or none. */
export function expectWarning({ steps }: Diagnosis, expected: RegExp | undefined): void {
  const warnings = steps.flatMap((step) => step.warnings ?? []).map(({ cause }) => cause);
  expect(warnings).toEqual(expected === undefined ? [] : [expect.stringMatching(expected)]);
}

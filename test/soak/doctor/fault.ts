import { diagnose, expectFailure } from "../../e2e/support/doctor";
import { expectWarning } from "./warnings";

/** Texts that a table has before the tests run, or that only a running sandbox knows. */
type Text = string | (() => string);

/** One fault: how it comes about, and what the doctor has to say. */
export interface Fault {
  readonly name: string;
  /** Arguments of `slipway doctor`. @default `dev --no-pod` */
  readonly args?: Text;
  /** Shell commands before it in the same shell, such as exports. */
  readonly setup?: Text;
  /** Brings the fault about. */
  readonly inject?: () => Promise<unknown>;
  /** Ends it, also if {@link inject} failed half-way. */
  readonly end?: () => Promise<unknown>;
  /** The steps that fail, each with its cause. @default none */
  readonly causes?: Readonly<Record<string, RegExp>>;
  /** A warning that comes instead of a failure. */
  readonly warning?: RegExp;
  /** The exit code. @default 0 */
  readonly code?: number;
}

const minuteMs = 60_000;
const read = (text: Text): string => (typeof text === "string" ? text : text());

/** Tests of a subject's faults, and that without them nothing is wrong. */
export function testFaults(faults: readonly Fault[]): void {
  it.each(faults.map((fault) => [fault.name, fault] as const))(
    "%s",
    async (
      _,
      { args = "dev --no-pod", causes = {}, code = 0, end, inject, setup = ":", warning },
    ) => {
      try {
        await inject?.();
        const diagnosis = await diagnose(read(args), read(setup));
        expectFailure(diagnosis, causes, code);
        expectWarning(diagnosis, warning);
      } finally {
        await end?.();
      }
    },
    4 * minuteMs,
  );

  it(
    "and nothing is wrong after them",
    async () => {
      const diagnosis = await diagnose();
      expectFailure(diagnosis, {}, 0);
      expect(diagnosis.verdict).toBe("Nothing is wrong.");
    },
    2 * minuteMs,
  );
}

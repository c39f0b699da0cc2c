import { measureSeconds } from "../measure/pairs";
import type { Report } from "../measure/report";
import type { BenchSandbox } from "../world/sandbox";
import type { Group } from "./group";

/** `slipway doctor` on a stack where all is well. */
export const inspection: Group = { name: "doctor", measure };

async function measure(report: Report, sandbox: BenchSandbox): Promise<void> {
  await report.measure(
    {
      id: "doctor",
      work: "`slipway doctor` on a healthy stack",
      unit: "s",
      target: { of: "value", is: "at most", limit: 10 },
    },
    () => measureSeconds(() => sandbox.slipway("doctor", "dev")),
    3,
  );
}

import { Checklist } from "../../../cli/doctor/checklist";
import type { Step, StepResult } from "../../../cli/doctor/step";

const steps = ["DNS", "TCP", "TLS"].map((title): Step => {
  return { id: title, title, failure: "network", dependsOn: [], run: () => Promise.resolve({}) };
});
const result = (index: number, status: StepResult["status"] = "ok"): StepResult => ({
  step: steps[index],
  status,
  milliseconds: 1,
});

/** What is printed when the steps end in this order. */
function print(order: readonly number[], rows?: number): string[] {
  const printed: string[] = [];
  const checklist = new Checklist(steps, (text) => printed.push(text), rows);
  for (const index of order) checklist.add(result(index));
  return printed;
}

describe("the checklist", () => {
  it("has plain lines in the steps' order in a pipe", () => {
    expect(print([1, 0, 2])).toEqual(["ok   DNS\nok   TCP", "ok   TLS"]);
  });

  it("fills in a terminal", () => {
    expect(print([1, 0, 2], 24)).toEqual([
      "...  DNS\n...  TCP\n...  TLS",
      "\r\x1b[3A\x1b[J...  DNS\nok   TCP\n...  TLS",
      "\r\x1b[3A\x1b[Jok   DNS\nok   TCP\n...  TLS",
      "\r\x1b[1A\x1b[Jok   TLS",
    ]);
  });

  it("clears no line that a low terminal has scrolled away", () => {
    expect(print([0, 1], 3)).toEqual([
      "...  DNS\n...  TCP",
      "\r\x1b[2A\x1b[Jok   DNS\n...  TCP\n...  TLS",
      "\r\x1b[2A\x1b[Jok   TCP\n...  TLS",
    ]);
  });
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describePhases } from "../../../cli/progress/took";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "phases-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

const token = "gitlab:index/projectDeployToken:ProjectDeployToken";
const image = "docker-build:index:Image";
const tag = "docker-build:index:Index";
const deployment = "kubernetes:apps/v1:Deployment";

/** Writes steps as the engine does: when each began and ended. */
function describeSteps(
  ...steps: [type: string, from: number, to: number, op?: string, planning?: true][]
): string | undefined {
  const lines = steps
    .flatMap(([type, from, to, op = "create", planning]) => {
      const step = { metadata: { op, type }, planning };
      return [
        { timestamp: from, resourcePreEvent: step },
        { timestamp: to, resOutputsEvent: step },
      ];
    })
    .sort((a, b) => a.timestamp - b.timestamp);
  const file = join(folder, "events");
  writeFileSync(file, [...lines.map((line) => JSON.stringify(line)), '{"cut'].join("\n"));
  return describePhases(file);
}

describe("describePhases", () => {
  it("says how long each part of an update took, from its first step to the end of its last", () => {
    const text = describeSteps(
      [deployment, 190, 197],
      [token, 100, 101],
      [token, 100, 103],
      ["kubernetes:core/v1:Secret", 103, 120],
      [image, 103, 190],
      [tag, 190, 191],
    );
    expect(text).toBe("Took: deploy tokens 3 s, image 1 min 27 s, tags 1 s, pods 7 s.");
  });

  it("leaves out what stays the same, what a preview did, and what took no second", () => {
    const text = describeSteps(
      [token, 100, 130, "same"],
      [image, 100, 160, "update", true],
      [image, 200, 200, "update"],
      [deployment, 201, 205, "update"],
    );
    expect(text).toBe("Took: pods 4 s.");
  });

  it("says nothing of an update without changes, nor without a log", () => {
    expect(describeSteps([token, 100, 130, "same"])).toBeUndefined();
    expect(describePhases(join(folder, "none"))).toBeUndefined();
  });
});

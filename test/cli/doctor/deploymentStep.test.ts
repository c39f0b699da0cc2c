import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { findDeploymentStep } from "../../../cli/doctor/deploymentStep";

const folder = mkdtempSync(join(tmpdir(), "slipway-events-"));
const file = join(folder, "events");

afterAll(() => rmSync(folder, { recursive: true }));

const event = (op: string, type = "kubernetes:apps/v1:Deployment") =>
  JSON.stringify({
    timestamp: 1_795_869_775,
    resourcePreEvent: {
      metadata: { op, type, new: { inputs: { metadata: { name: "site", namespace: "web" } } } },
    },
  });

describe("findDeploymentStep", () => {
  it("finds the step that changes the site's Deployment", () => {
    writeFileSync(
      file,
      [event("create", "kubernetes:core/v1:Service"), event("update"), '{"cut'].join("\n"),
    );
    expect(findDeploymentStep(file)).toEqual({
      deployment: "site",
      namespace: "web",
      since: new Date(1_795_869_775_000),
    });
  });

  it("finds none in an update that leaves it as it is, or has not begun", () => {
    writeFileSync(file, event("same"));
    expect(findDeploymentStep(file)).toBeUndefined();
    expect(findDeploymentStep(join(folder, "missing"))).toBeUndefined();
  });
});

import { spawnSync } from "node:child_process";

import { noteIfStopped, pathWithoutSandboxes } from "../../../sandbox/pulumi/environment";

describe("pathWithoutSandboxes", () => {
  it("leaves out the wrappers of any sandbox, which must not be taken for the programs", () => {
    const path = "/repo/.sandbox/dev/bin:/usr/bin:/other/.sandbox/test/bin:/opt/.sandbox/bin:/bin";
    expect(pathWithoutSandboxes(path)).toBe("/usr/bin:/opt/.sandbox/bin:/bin");
  });
});

describe("a program of the sandbox's PATH", () => {
  const run = (label: string) =>
    spawnSync(
      "sh",
      ["-ec", `${noteIfStopped({ label })}\n${noteIfStopped({ label })}\necho done`],
      {
        encoding: "utf8",
      },
    );

  it("says once that the sandbox is stopped, and goes on", () => {
    expect(run("slipway-000000")).toMatchObject({
      status: 0,
      stdout: "done\n",
      stderr:
        "note: the sandbox is stopped, so GitLab, the registry and the cluster do not answer. To start it: make up\n",
    });
  });

  it("says nothing while the sandbox runs", () => {
    // Every machine has this interface.
    expect(run("lo")).toMatchObject({ status: 0, stdout: "done\n", stderr: "" });
  });
});

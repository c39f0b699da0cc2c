import { Pulumi } from "../../../cli/pulumi/pulumiCli";
import { readAgent } from "../../../cli/pulumi/updateAgent";
import { ended, FakeIo } from "../../support/cli";

describe("who runs an update", () => {
  it("is given to Pulumi with each update", async () => {
    const io = new FakeIo({});
    const seen: string[][] = [];
    io.stream = (_, args) => {
      seen.push([...args]);
      return Promise.resolve(ended(0));
    };
    await new Pulumi(io, ".").update("dev", { options: ["--yes"] });
    expect(seen).toEqual([
      [
        ...["up", "--stack", "dev", "--yes"],
        "--exec-agent",
        expect.stringMatching(/^slipway\/[^@\s]+@\S+$/),
      ],
    ]);
  });

  it.each([
    ["a person", { "exec.agent": "slipway/ann@laptop" }, "ann@laptop"],
    ["another program", { "exec.agent": "pulumi/actions@v3" }, undefined],
    ["nobody that is recorded", {}, undefined],
    [
      "a pipeline, whose user says nothing",
      { "exec.agent": "slipway/root@runner-7", "ci.system": "GitLab CI/CD" },
      undefined,
    ],
  ])("is %s", (_, environment, by) => {
    expect(readAgent(environment as Record<string, string>)).toBe(by);
  });
});

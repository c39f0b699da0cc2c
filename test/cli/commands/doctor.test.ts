import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { doctor } from "../../../cli/commands/doctor";
import { createStackIo } from "../doctor/support/stackWorld";

let cwd: string;

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "slipway-doctor-"));
  writeFileSync(join(cwd, "Pulumi.yaml"), "name: gatsby-site\n");
});

afterAll(() => rmSync(cwd, { recursive: true }));

/** A stack whose configuration is wrong. */
const createIo = () => createStackIo({}, { replicas: "-1" });

describe("slipway doctor", () => {
  it("ends with the verdict, and the exit code of the first failure's class", async () => {
    const io = createIo();
    const run = doctor({ cwd, stack: "dev", json: false }, io);

    await expect(run).rejects.toMatchObject({
      name: "UserError",
      exitCode: 11,
      message: expect.stringMatching(/^Tools and configuration: `replicas` is /) as string,
    });
    expect(io.printed[0]).toMatch(/^FAIL Tools and configuration\n {5}`replicas` is /);
    expect(io.printed[1]).toBe("skip DNS of GitLab");
  });

  it("prints JSON", async () => {
    const io = createIo();
    await expect(doctor({ cwd, stack: "dev", json: true }, io)).rejects.toThrow("`replicas` is");

    const [{ status }, second] = (
      JSON.parse(io.printed.join("\n")) as { steps: { id: string; status: string }[] }
    ).steps as [{ status: string }, { id: string; status: string }];
    expect(io.printed).toHaveLength(1);
    expect(status).toBe("failed");
    expect(second).toMatchObject({ id: "gitlab-dns", status: "skipped" });
  });

  it.each([
    [{ registry: "gitlab.example.com:5050" }, "`--registry` and `--project` belong together"],
    [
      { registry: "gitlab.example.com:5050", project: "web/site", stack: "dev" },
      "Name either a stack, or a registry and a project.",
    ],
  ])("refuses %j", async (options, message) => {
    await expect(doctor({ cwd, json: false, ...options }, createIo())).rejects.toThrow(message);
  });
});

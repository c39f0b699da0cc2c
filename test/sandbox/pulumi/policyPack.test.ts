import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { credentials } from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import type { AnalyzerInfo } from "@pulumi/pulumi/proto/analyzer_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { parse } from "yaml";

import { version } from "../../../policy/package.json";
import { installPolicyPack } from "../../../sandbox/pulumi/policyPack";

const repository = resolve(__dirname, "../../..");
const root = mkdtempSync(join(tmpdir(), "policy-pack-"));
const folder = installPolicyPack({ root });
const { runtime } = parse(readFileSync(join(folder, "PulumiPolicy.yaml"), "utf8")) as {
  runtime: string;
};
const runner = join(
  ...[root, "pulumi", "home", "plugins", `analyzer-policy-${runtime}-v${version}`],
  `pulumi-analyzer-policy-${runtime}`,
);

let pack: ChildProcess | undefined;

afterAll(() => {
  pack?.kill();
  rmSync(root, { recursive: true });
});

describe("the sandbox's copy of the policy pack", () => {
  it("has a runtime of its own, with an executable that Pulumi finds", () => {
    expect(runtime).toBe("slipway-sandbox");
    expect(existsSync(runner)).toBe(true);
  });

  it("serves the checkout's policies, with the levels of the stack's configuration", async () => {
    // In a checkout the copy is below node_modules' folder.
    symlinkSync(join(repository, "node_modules"), join(root, "node_modules"));
    pack = spawn(runner, ["127.0.0.1:1", "."], {
      cwd: folder,
      // What the engine sets for a runtime other than `nodejs`.
      env: {
        ...process.env,
        PULUMI_PROJECT: "handbook",
        PULUMI_STACK: "prod",
        PULUMI_CONFIG: JSON.stringify({ "handbook:tier": "production" }),
      },
      stdio: ["pipe", "pipe", "inherit"],
    });
    const [port] = (await once(pack.stdout!, "data")) as [Buffer];
    const client = new AnalyzerClient(
      `127.0.0.1:${port.toString().trim()}`,
      credentials.createInsecure(),
    );
    const info = await new Promise<AnalyzerInfo>((settle, fail) => {
      client.getAnalyzerInfo(new Empty(), (error, answer) =>
        error ? fail(error) : settle(answer),
      );
    });
    client.close();

    expect([info.getName(), info.getVersion()]).toEqual(["slipway", version]);
    const replicas = info.getPoliciesList().find((policy) => policy.getName() === "replicas");
    const mandatory = 1;
    expect(replicas?.getEnforcementlevel()).toBe(mandatory);
  });
});

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { credentials, type ServiceError, status } from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import {
  type AnalyzerInfo,
  AnalyzerHandshakeRequest,
  AnalyzerStackConfigureRequest,
} from "@pulumi/pulumi/proto/analyzer_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

import { version } from "../../../policy/package.json";
import { installPolicyPack } from "../../../sandbox/pulumi/policyPack";

const repository = resolve(__dirname, "../../..");
const root = mkdtempSync(join(tmpdir(), "policy-pack-"));
const file = installPolicyPack({ root });

let pack: ChildProcess | undefined;
let client: AnalyzerClient;

beforeAll(async () => {
  // In a checkout it is below node_modules' folder.
  symlinkSync(join(repository, "node_modules"), join(root, "node_modules"));
  pack = spawn(file, ["127.0.0.1:1"], { stdio: ["pipe", "pipe", "inherit"] });
  const [port] = (await once(pack.stdout!, "data")) as [Buffer];
  client = new AnalyzerClient(`127.0.0.1:${port.toString().trim()}`, credentials.createInsecure());
});

afterAll(() => {
  client.close();
  pack?.kill();
  rmSync(root, { recursive: true });
});

/** Calls a method of the pack, in the engine's place. */
const call = <T>(method: (settle: (error: ServiceError | null, answer: T) => void) => unknown) =>
  new Promise<T>((settle, fail) => {
    method((error, answer) => (error ? fail(error) : settle(answer)));
  });

describe("the executable with which the sandbox's engine starts the policy pack", () => {
  it("has no handshake, as no pack in Node has one", async () => {
    const handshake = call((settle) => client.handshake(new AnalyzerHandshakeRequest(), settle));
    await expect(handshake).rejects.toMatchObject({ code: status.UNIMPLEMENTED });
  });

  it("serves the checkout's policies, with the levels of the stack's configuration", async () => {
    const stack = new AnalyzerStackConfigureRequest().setProject("handbook").setStack("prod");
    stack.getConfigMap().set("handbook:tier", "production");
    await call((settle) => client.configureStack(stack, settle));
    const info = await call<AnalyzerInfo>((settle) => client.getAnalyzerInfo(new Empty(), settle));

    expect([info.getName(), info.getVersion()]).toEqual(["slipway", version]);
    const replicas = info.getPoliciesList().find((policy) => policy.getName() === "replicas");
    const mandatory = 1;
    expect(replicas?.getEnforcementlevel()).toBe(mandatory);
  });

  it("ends with the engine", async () => {
    const ended = once(pack!, "exit");
    pack!.stdin!.destroy();
    expect(await ended).toEqual([0, null]);
  });
});

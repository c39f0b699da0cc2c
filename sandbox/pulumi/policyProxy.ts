/**
 * `policyProxy.ts <pack> <engine address>`: starts a policy pack as Pulumi's language host for Node does, which this
 * sandbox has only in a version that can't. The engine sends a stack's configuration to a pack that runs, and a pack reads
 * it from its environment when it starts. So this program answers the engine, starts the pack, and passes on the rest.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { dirname } from "node:path";

import {
  type Client,
  credentials,
  makeGenericClientConstructor,
  type MethodDefinition,
  type sendUnaryData,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  status,
} from "@grpc/grpc-js";
import { AnalyzerService } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import { AnalyzerStackConfigureRequest } from "@pulumi/pulumi/proto/analyzer_pb";

type Method = (request: Buffer, callback: sendUnaryData<Buffer>) => void;

/** The methods of a policy pack, whose messages are passed on as they are. */
const methods = Object.fromEntries(
  Object.entries(AnalyzerService as unknown as Record<string, MethodDefinition<unknown, unknown>>)
    // A pack in Node has no handshake.
    .filter(([name]) => name !== "handshake")
    .map(([name, method]) => [name, { ...method, ...passOn() }]),
);

/** Analyzed stacks can be large. */
const channelOptions = { "grpc.max_receive_message_length": -1 };

function passOn(): Omit<
  MethodDefinition<Buffer, Buffer>,
  "path" | "requestStream" | "responseStream"
> {
  const same = (message: Buffer): Buffer => message;
  return {
    requestSerialize: same,
    requestDeserialize: same,
    responseSerialize: same,
    responseDeserialize: same,
  };
}

/** Starts the pack, and connects to it. */
async function start(
  [pack, engine]: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Client & Record<string, Method>> {
  const child = spawn(pack, [engine, "."], {
    cwd: dirname(pack),
    env: { ...process.env, ...environment },
    stdio: ["pipe", "pipe", "inherit"],
  });
  child.once("exit", (code) => process.exit(code ?? 1));
  const [port] = (await once(child.stdout, "data")) as [Buffer];
  const PackClient = makeGenericClientConstructor(methods, "Analyzer");
  return new PackClient(
    `127.0.0.1:${port.toString().trim()}`,
    credentials.createInsecure(),
    channelOptions,
  ) as Client & Record<string, Method>;
}

/** The variables that a pack in Node reads. */
function readEnvironment(request: Buffer): Record<string, string> {
  const stack = AnalyzerStackConfigureRequest.deserializeBinary(request);
  return {
    PULUMI_NODEJS_ORGANIZATION: stack.getOrganization(),
    PULUMI_NODEJS_PROJECT: stack.getProject(),
    PULUMI_NODEJS_STACK: stack.getStack(),
    PULUMI_NODEJS_DRY_RUN: String(stack.getDryRun()),
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(stack.getConfigMap().entries())),
  };
}

function serve(args: readonly string[]): void {
  let pack: ReturnType<typeof start> | undefined;
  const server = new Server(channelOptions);
  const handle =
    (name: string) =>
    ({ request }: ServerUnaryCall<Buffer, Buffer>, callback: sendUnaryData<Buffer>): void => {
      pack ??= start(args, name === "configureStack" ? readEnvironment(request) : {});
      pack.then(
        (client) => client[name](request, callback),
        (error: unknown) => callback({ code: status.UNAVAILABLE, details: String(error) }),
      );
    };
  server.addService(
    methods,
    Object.fromEntries(Object.keys(methods).map((name) => [name, handle(name)])),
  );
  server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    console.log(port);
  });
  // The engine ends, even by `kill -9`.
  process.stdin
    .on("end", () => process.exit())
    .on("close", () => process.exit())
    .resume();
}

serve(process.argv.slice(2));

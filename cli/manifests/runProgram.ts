import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

import type * as pulumi from "@pulumi/pulumi";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import type { MockMonitor } from "@pulumi/pulumi/runtime/mocks";

import type { StackValues } from "../../config/parse";
import type { Answers } from "./placeholders";
import type { RegisteredObject } from "./renderManifests";

/** A program and the stack that it runs for. */
export interface ProgramRun {
  /** Folder of Pulumi.yaml, which is the current one. */
  readonly folder: string;
  /** The program, relative to the folder. */
  readonly main: string;
  readonly organization: string;
  readonly project: string;
  readonly stack: string;
  readonly config: StackValues;
  readonly answers: Answers;
}

/** The SDK's functions that its types leave out. */
interface Runtime {
  getMonitor(): MockMonitor;
  waitForRPCs(): Promise<void>;
}

/**
 * Runs a program as a preview does, with the SDK's mocks in place of the engine, and returns the resources that it
 * registers, in order. It changes this process's SDK, so it needs a process of its own.
 */
export async function runProgram(run: ProgramRun): Promise<RegisteredObject[]> {
  // The program's own copy of the SDK: mocks of another one would have no effect on it.
  const require = createRequire(join(run.folder, "package.json"));
  const sdk = require("@pulumi/pulumi") as typeof pulumi;
  const runtime = sdk.runtime as unknown as Runtime;
  const registered: RegisteredObject[] = [];
  const { answers, organization, project, stack } = run;
  await sdk.runtime.setMocks(
    {
      call: ({ inputs, token }) => answers.call(token, inputs as Record<string, unknown>),
      newResource: ({ inputs, type }) => {
        const given = inputs as Record<string, unknown>;
        // Without an id it is one that a preview would create.
        return { id: "", state: { ...given, ...answers.computed(type, given) } };
      },
    },
    project,
    stack,
    true,
    organization,
  );
  sdk.runtime.setAllConfig({ ...run.config.values }, [...run.config.secrets]);
  // The mocks get inputs whose secrets are marked as a whole; the request says which part is one.
  const monitor = runtime.getMonitor();
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request: RegisterResourceRequest, callback) => {
    const inputs = (request.getObject()?.toJavaScript() ?? {}) as RegisteredObject["inputs"];
    registered.push({ type: request.getType(), name: request.getName(), inputs });
    return register(request, callback);
  };
  // A checkout runs its sources, and has a loader for them already.
  if (!__filename.endsWith(".ts")) loadTypeScript(run.folder, require);
  const program: unknown = require(resolve(run.folder, run.main));
  await (typeof program === "function" ? (program as () => unknown)() : program);
  await runtime.waitForRPCs();
  return registered;
}

/** Options of ts-node that Pulumi sets, as far as no types are checked. */
const compilerOptions = { target: "ES2020", module: "nodenext", moduleResolution: "nodenext" };

/** Makes Node load TypeScript as Pulumi does: with ts-node, the program's own or the SDK's. */
function loadTypeScript(folder: string, require: NodeJS.Require): void {
  const tools = require("@pulumi/pulumi/tsutils") as {
    typeScriptRequireStrings(): { tsnodeRequire: string; typescriptRequire: string };
  };
  const { tsnodeRequire, typescriptRequire } = tools.typeScriptRequireStrings();
  const tsNode = createRequire(require.resolve("@pulumi/pulumi"))(tsnodeRequire) as {
    register(options: object): void;
  };
  tsNode.register({
    compiler: typescriptRequire,
    compilerOptions,
    skipProject: !existsSync(join(folder, "tsconfig.json")),
    transpileOnly: true,
  });
}

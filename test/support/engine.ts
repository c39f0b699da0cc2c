import * as pulumi from "@pulumi/pulumi";
import type {
  RegisterResourceOutputsRequest,
  RegisterResourceRequest,
} from "@pulumi/pulumi/proto/resource_pb";
import type { MockMonitor } from "@pulumi/pulumi/runtime/mocks";

/** A resource as the program handed it to the engine. Secrets read `{ secret: value }`. */
export interface Registration {
  readonly type: string;
  readonly name: string;
  /** Name of the parent; undefined at the top. */
  readonly parent: string | undefined;
  readonly inputs: Record<string, unknown>;
  /** Name of the explicit provider, if there is one. */
  readonly provider: string | undefined;
  readonly request: RegisterResourceRequest;
}

/** What stands in a value's place when a preview does not know it. */
export const unknown = "[unknown]";

const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Properties that a provider would add to a resource's inputs, by type; a promise takes its time. */
export type Computed = Record<
  string,
  (inputs: Record<string, unknown>, name: string) => object | Promise<object>
>;

/** What another stack's state holds. */
export interface StackState {
  readonly outputs: Record<string, unknown>;
  /** Resources by URN; without them they can't be read, as where the stack has another key. */
  readonly resources?: Record<string, { type: string; outputs: Record<string, unknown> }>;
}

/** Stacks by full name, `organization/project/stack`. */
export type Stacks = Readonly<Record<string, StackState>>;

/** What the real providers answer, as far as the program looks at it. */
export const answers: Computed = {
  "docker-build:index:Image": () => ({ digest: `sha256:${"d".repeat(64)}` }),
  "docker:index/image:Image": ({ imageName }) => ({
    repoDigest: `${String(imageName).replace(/:[^:/]*$/, "")}@sha256:${"e".repeat(64)}`,
  }),
  "gitlab:index/projectDeployToken:ProjectDeployToken": (_, name) => ({ token: tokenOf(name) }),
  "gitlab:index/groupDeployToken:GroupDeployToken": (_, name) => ({ token: tokenOf(name) }),
  "kubernetes:core/v1:Service": ({ spec }) => ({
    spec: { ...(spec as object), clusterIP: "10.96.7.8" },
  }),
};

/** The secret of a deploy token. It holds what base64 and URLs write in another way. */
export function tokenOf(name: string): string {
  return `gldt-${name}/+ü~`;
}

/** What the functions of providers answer, by token. */
export type Answers = Record<string, (args: Record<string, unknown>) => object>;

/** A private project, as most are. */
export const functionAnswers: Answers = {
  "gitlab:index/getProject:getProject": ({ pathWithNamespace }) => ({
    id: "1",
    pathWithNamespace,
    visibilityLevel: "private",
    containerRegistryAccessLevel: "enabled",
  }),
};

/** Stands in for the engine: takes what a program registers and answers as the providers would. */
export class FakeEngine {
  public registrations: Registration[] = [];
  private outputs = new Map<string, Record<string, unknown>>();

  /** Calls of functions, by token, with their arguments. */
  public calls: { readonly token: string; readonly args: Record<string, unknown> }[] = [];

  private constructor(private readonly computed: Computed) {}

  /** Replaces the engine. Await before the code under test is imported. */
  public static async install(
    options: {
      project?: string;
      stack?: string;
      preview?: boolean;
      /** Whether the resources exist already: in a preview those to be created have no id. */
      deployed?: boolean;
      computed?: Computed;
      functions?: Answers;
      stacks?: Stacks;
    } = {},
  ): Promise<FakeEngine> {
    const { project = "gatsby-site", stack = "dev" } = options;
    // The stack that is updated exists and its resources can be read; by default there are none.
    const own = `organization/${project}/${stack}`;
    const stacks: Stacks = {
      ...options.stacks,
      [own]: { outputs: {}, resources: {}, ...options.stacks?.[own] },
    };
    const engine = new FakeEngine({ ...answers, ...options.computed });
    const functions = { ...functionAnswers, ...options.functions };
    await pulumi.runtime.setMocks(
      {
        call: ({ inputs, token }) => {
          const args = inputs as Record<string, string>;
          engine.calls.push({ token, args });
          return functions[token]?.(args) ?? answerCall(stacks, token, args);
        },
        newResource: async ({ custom, id, inputs, name, type }) => {
          const given = inputs as Record<string, unknown>;
          if (!custom) return { id: "", state: {} };
          // Looked up, not made.
          if (id) return { id, state: given };
          const added = await engine.computed[type]?.(given, name);
          const isCreated = !options.preview || options.deployed;
          return { id: isCreated ? `${name}-id` : "", state: { ...given, ...added } };
        },
      },
      project,
      stack,
      options.preview ?? false,
      "organization",
    );
    engine.listen(pulumi.runtime.getMonitor() as unknown as MockMonitor);
    return engine;
  }

  /** Waits until all that the program started is registered. */
  public async settle(): Promise<void> {
    const runtime = pulumi.runtime as unknown as { waitForRPCs(): Promise<void> };
    await runtime.waitForRPCs();
  }

  /** The one resource of a name and, where the name is not enough, a type. */
  public find(name: string, type?: string): Registration {
    const found = this.registrations.filter(
      (one) => one.name === name && (type === undefined || one.type === type),
    );
    if (found.length !== 1) {
      throw new Error(`${found.length} resources are named ${name} (${type ?? "any type"}).`);
    }
    return found[0];
  }

  /** `type name < parent` of all resources, sorted: the shape of the program. */
  public tree(): string[] {
    return this.registrations
      .filter(({ type }) => type !== "pulumi:pulumi:Stack")
      .map(({ name, parent, type }) => `${type} ${name} < ${parent ?? "stack"}`)
      .sort();
  }

  /** What a component handed to `registerOutputs`. */
  public outputsOf(name: string): Record<string, unknown> | undefined {
    return this.outputs.get(name);
  }

  /** All that was registered, with nothing that is marked as a secret. */
  public clearText(): string {
    const visible = (_: string, value: unknown) => (isSecret(value) ? undefined : value);
    const resources = this.registrations.map(({ inputs, name, type }) => ({ inputs, name, type }));
    return JSON.stringify([resources, [...this.outputs]], visible);
  }

  private listen(monitor: MockMonitor): void {
    const register = monitor.registerResource.bind(monitor);
    monitor.registerResource = (request: RegisterResourceRequest, callback) => {
      this.registrations.push({
        type: request.getType(),
        name: request.getName(),
        parent: request.getParent().split("::")[3],
        inputs: readable(request.getObject()?.toJavaScript() ?? {}) as Record<string, unknown>,
        provider: request.getProvider().split("::")[3],
        request,
      });
      return register(request, callback);
    };
    const registerOutputs = monitor.registerResourceOutputs.bind(monitor);
    monitor.registerResourceOutputs = (request: RegisterResourceOutputsRequest, callback) => {
      const outputs = readable(request.getOutputs()?.toJavaScript() ?? {}) as Record<
        string,
        unknown
      >;
      this.outputs.set(request.getUrn().split("::")[3], outputs);
      registerOutputs(request, callback);
    };
  }
}

/** Answers the engine's own functions, and fails in its words. */
function answerCall(stacks: Stacks, token: string, inputs: Record<string, string>) {
  const name = inputs.name ?? inputs.stackName;
  const stack = stacks[name];
  const refuse = (reason: string): never => {
    const details = `invocation of ${token} returned an error: ${reason}`;
    // As gRPC's errors are: the SDK goes by what is in `details`.
    throw Object.assign(new Error(details), { details });
  };
  switch (token) {
    case "pulumi:pulumi:readStackOutputs":
      if (stack === undefined) return refuse(`unknown stack "${name}"`);
      return { name, outputs: stack.outputs, secretOutputNames: [] };
    case "pulumi:pulumi:readStackResourceOutputs":
      return { name, outputs: stack?.resources ?? refuse("incorrect passphrase") };
    default:
      throw new Error(`No answer to the call of ${token}.`);
  }
}

/** The value that an output ends with. A failed output fails the test at once. */
export function promiseOf<T>(output: pulumi.Output<T>): Promise<T> {
  return (output as unknown as { promise(): Promise<T> }).promise();
}

function isSecret(value: unknown): boolean {
  return typeof value === "object" && value !== null && "secret" in value;
}

function readable(value: unknown): unknown {
  if (value === unknownText) return unknown;
  if (Array.isArray(value)) return value.map(readable);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  const marked = Object.fromEntries(entries) as Record<string, unknown>;
  if (marked[signatureKey] === secretSignature) return { secret: readable(marked.value) };
  return Object.fromEntries(entries.map(([key, inner]) => [key, readable(inner)]));
}

import * as pulumi from "@pulumi/pulumi";
import type {
  RegisterResourceOutputsRequest,
  RegisterResourceRequest,
} from "@pulumi/pulumi/proto/resource_pb";
import type { MockMonitor } from "@pulumi/pulumi/runtime/mocks";

/** A resource as the program registered it. A secret is `{ secret: value }`. */
export interface Registration {
  readonly type: string;
  readonly name: string;
  /** Name of the parent; undefined for a top-level resource. */
  readonly parent: string | undefined;
  readonly inputs: Record<string, unknown>;
  /** Name of the explicit provider, if there is one. */
  readonly provider: string | undefined;
  readonly request: RegisterResourceRequest;
}

/** Placeholder for a value that a preview does not know. */
export const unknown = "[unknown]";

const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Properties that a provider adds to a resource's inputs, by type; a promise delays them. */
export type Computed = Record<
  string,
  (inputs: Record<string, unknown>, name: string) => object | Promise<object>
>;

/** The state of another stack. */
export interface StackState {
  readonly outputs: Record<string, unknown>;
  /** Resources by URN; undefined if they can't be read, as when the stack has another key. */
  readonly resources?: Record<string, { type: string; outputs: Record<string, unknown> }>;
}

/** Stacks by full name, `organization/project/stack`. */
export type Stacks = Readonly<Record<string, StackState>>;

/** Answers of the real providers, with the properties that the program uses. */
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

/** Returns the secret of a deploy token, with characters that base64 and URLs encode. */
export function tokenOf(name: string): string {
  return `gldt-${name}/+ü~`;
}

/** Answers of the providers' functions, by token. */
export type Answers = Record<string, (args: Record<string, unknown>) => object>;

/** Default answers: a private project, like most. */
export const functionAnswers: Answers = {
  "gitlab:index/getProject:getProject": ({ pathWithNamespace }) => ({
    id: "1",
    pathWithNamespace,
    visibilityLevel: "private",
    containerRegistryAccessLevel: "enabled",
  }),
};

/** A fake engine, which records what a program registers and answers like the providers. */
export class FakeEngine {
  public registrations: Registration[] = [];
  private outputs = new Map<string, Record<string, unknown>>();

  /** Calls of functions: token and arguments. */
  public calls: { readonly token: string; readonly args: Record<string, unknown> }[] = [];

  private constructor(private readonly computed: Computed) {}

  /** Replaces the engine. Await before the code under test is imported. */
  public static async install(
    options: {
      project?: string;
      stack?: string;
      preview?: boolean;
      /** Whether the resources exist already; in a preview, resources to be created have no id. */
      deployed?: boolean;
      computed?: Computed;
      functions?: Answers;
      stacks?: Stacks;
    } = {},
  ): Promise<FakeEngine> {
    const { project = "gatsby-site", stack = "dev" } = options;
    // The updated stack exists and its resources can be read; by default there are none.
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
          // The resource is read, not created.
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

  /** Waits until everything that the program started is registered. */
  public async settle(): Promise<void> {
    const runtime = pulumi.runtime as unknown as { waitForRPCs(): Promise<void> };
    await runtime.waitForRPCs();
  }

  /** Returns the only resource with that name and, if given, that type. */
  public find(name: string, type?: string): Registration {
    const found = this.registrations.filter(
      (one) => one.name === name && (type === undefined || one.type === type),
    );
    if (found.length !== 1) {
      throw new Error(`${found.length} resources are named ${name} (${type ?? "any type"}).`);
    }
    return found[0];
  }

  /** Returns `type name < parent` of all resources, sorted: the shape of the program. */
  public tree(): string[] {
    return this.registrations
      .filter(({ type }) => type !== "pulumi:pulumi:Stack")
      .map(({ name, parent, type }) => `${type} ${name} < ${parent ?? "stack"}`)
      .sort();
  }

  /** Returns the outputs that a component registered with `registerOutputs`. */
  public outputsOf(name: string): Record<string, unknown> | undefined {
    return this.outputs.get(name);
  }

  /** Returns everything that was registered, without the secrets. */
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

/** Answers calls of the engine's own functions, with the engine's error messages. */
function answerCall(stacks: Stacks, token: string, inputs: Record<string, string>) {
  const name = inputs.name ?? inputs.stackName;
  const stack = stacks[name];
  const refuse = (reason: string): never => {
    const details = `invocation of ${token} returned an error: ${reason}`;
    // Like an error of gRPC: the SDK reads `details`.
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

/** Resolves to the value of an output. A failed output fails the test at once. */
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

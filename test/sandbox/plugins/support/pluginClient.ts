import * as grpc from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import type { Message } from "google-protobuf";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

import { textAt } from "../../../../sandbox/plugins/json";
import type { JsonObject } from "../../../../sandbox/plugins/properties";
import type { Engine, Provider } from "../../../../sandbox/plugins/provider";
import { startServer } from "../../../../sandbox/plugins/server";

/** What a plugin said through the engine. */
export interface Said {
  readonly severity: string;
  readonly message: string;
  readonly kind: "log" | "status";
}

/** A failed call, with what gRPC's status details say of the resource. */
export class CallError extends Error {
  constructor(
    message: string,
    readonly detail?: {
      id: string;
      properties: JsonObject;
      reasons: string[];
      inputs?: JsonObject;
    },
  ) {
    super(message);
  }
}

/** A plugin as the engine sees it: over gRPC, with requests and answers in the recordings' form. */
export class PluginClient {
  private constructor(
    private readonly client: ResourceProviderClient,
    private readonly close: () => void,
    readonly said: Said[],
  ) {}

  static async start(createProvider: (engine: Engine) => Provider): Promise<PluginClient> {
    const said: Said[] = [];
    const engine: Engine = {
      log: (severity, _, message) => said.push({ severity, message, kind: "log" }),
      status: (severity, _, message) => said.push({ severity, message, kind: "status" }),
    };
    const server = await startServer(() => createProvider(engine));
    const client = new ResourceProviderClient(
      `127.0.0.1:${String(server.port)}`,
      grpc.credentials.createInsecure(),
    );
    return new PluginClient(
      client,
      () => {
        client.close();
        server.close();
      },
      said,
    );
  }

  /** Calls a method by its recorded name. */
  async call(method: string, request: JsonObject): Promise<JsonObject> {
    switch (method) {
      case "CheckConfig":
        return checked(await this.send("checkConfig", checkRequest(request)));
      case "DiffConfig":
        return compared(await this.send("diffConfig", diffRequest(request)));
      case "Configure": {
        const message = new rpc.ConfigureRequest().setArgs(struct(request.args));
        const response = await this.send<rpc.ConfigureResponse>("configure", message);
        return {
          acceptSecrets: response.getAcceptsecrets(),
          supportsPreview: response.getSupportspreview(),
          supportsAutonamingConfiguration: response.getSupportsAutonamingConfiguration(),
        };
      }
      case "Check":
        return checked(await this.send("check", checkRequest(request)));
      case "Diff":
        return compared(await this.send("diff", diffRequest(request)));
      case "Create": {
        const message = named(new rpc.CreateRequest(), request)
          .setProperties(struct(request.properties))
          .setPreview(request.preview === true)
          .setTimeout(Number(request.timeout ?? 0));
        const response = await this.send<rpc.CreateResponse>("create", message);
        return { ...id(response.getId()), properties: plain(response.getProperties()) };
      }
      case "Read": {
        const message = named(new rpc.ReadRequest(), request)
          .setId(textAt(request, "id"))
          .setProperties(struct(request.properties))
          .setInputs(struct(request.inputs));
        const response = await this.send<rpc.ReadResponse>("read", message);
        return response.getId() === ""
          ? {}
          : {
              id: response.getId(),
              properties: plain(response.getProperties()),
              inputs: plain(response.getInputs()),
            };
      }
      case "Update": {
        const message = named(new rpc.UpdateRequest(), request)
          .setId(textAt(request, "id"))
          .setOlds(struct(request.olds))
          .setOldInputs(struct(request.oldInputs))
          .setNews(struct(request.news))
          .setIgnorechangesList((request.ignoreChanges ?? []) as string[])
          .setPreview(request.preview === true)
          .setTimeout(Number(request.timeout ?? 0));
        const response = await this.send<rpc.UpdateResponse>("update", message);
        return { properties: plain(response.getProperties()) };
      }
      case "Invoke": {
        const message = new rpc.InvokeRequest()
          .setTok(textAt(request, "tok"))
          .setArgs(struct(request.args));
        const response = await this.send<rpc.InvokeResponse>("invoke", message);
        return { return: plain(response.getReturn()) };
      }
      case "Delete": {
        const message = named(new rpc.DeleteRequest(), request)
          .setId(textAt(request, "id"))
          .setProperties(struct(request.properties))
          .setTimeout(Number(request.timeout ?? 0));
        await this.send("delete", message);
        return {};
      }
      default:
        throw new Error(`No such method: ${method}`);
    }
  }

  /** Calls a method that takes and answers plain messages. */
  send<Response>(method: keyof ResourceProviderClient, message: Message): Promise<Response> {
    type Unary = (request: Message, done: (error: unknown, response: Response) => void) => void;
    const unary = (this.client[method] as unknown as Unary).bind(this.client);
    return new Promise((resolve, reject) =>
      unary(message, (error, response) =>
        error === null ? resolve(response) : reject(toCallError(error as grpc.ServiceError)),
      ),
    );
  }

  cancel(): Promise<unknown> {
    return this.send("cancel", new Empty());
  }

  stop(): void {
    this.close();
  }
}

interface Named<M> {
  setUrn(value: string): M;
  setType(value: string): M;
  setName(value: string): M;
}

function named<M extends Named<M>>(message: M, request: JsonObject): M {
  message.setUrn(textAt(request, "urn")).setType(textAt(request, "type"));
  return message.setName(textAt(request, "name"));
}

function checkRequest(request: JsonObject): rpc.CheckRequest {
  return named(new rpc.CheckRequest(), request)
    .setOlds(struct(request.olds))
    .setNews(struct(request.news))
    .setRandomseed(Buffer.from(textAt(request, "randomSeed"), "base64"));
}

function diffRequest(request: JsonObject): rpc.DiffRequest {
  return named(new rpc.DiffRequest(), request)
    .setId(textAt(request, "id"))
    .setOlds(struct(request.olds))
    .setOldInputs(struct(request.oldInputs))
    .setNews(struct(request.news))
    .setIgnorechangesList((request.ignoreChanges ?? []) as string[]);
}

function checked(response: rpc.CheckResponse): JsonObject {
  const failures = response.getFailuresList().map((failure) => ({
    property: failure.getProperty(),
    reason: failure.getReason(),
  }));
  return { inputs: plain(response.getInputs()), ...(failures.length > 0 && { failures }) };
}

/** Protobuf's JSON leaves out what has its zero value, and so do the recordings. */
function compared(response: rpc.DiffResponse): JsonObject {
  const kinds = Object.entries(rpc.PropertyDiff.Kind);
  const detailedDiff: JsonObject = {};
  response.getDetaileddiffMap().forEach((diff, path) => {
    const kind = kinds.find(([, value]) => value === diff.getKind())?.[0] ?? "";
    detailedDiff[path] = {
      ...(kind !== "ADD" && { kind }),
      ...(diff.getInputdiff() && { inputDiff: true }),
    };
  });
  const { DIFF_SOME } = rpc.DiffResponse.DiffChanges;
  return {
    changes: response.getChanges() === DIFF_SOME ? "DIFF_SOME" : "DIFF_NONE",
    ...(response.getReplacesList().length > 0 && { replaces: response.getReplacesList() }),
    ...(response.getDiffsList().length > 0 && { diffs: response.getDiffsList() }),
    ...(response.getDeletebeforereplace() && { deleteBeforeReplace: true }),
    ...(Object.keys(detailedDiff).length > 0 && { detailedDiff }),
    ...(response.getHasdetaileddiff() && { hasDetailedDiff: true }),
  };
}

function toCallError(error: grpc.ServiceError): CallError {
  const [binary] = error.metadata.get("grpc-status-details-bin");
  if (binary === undefined) {
    return new CallError(error.details);
  }
  const [any] = Status.deserializeBinary(binary as Buffer).getDetailsList();
  const detail = any.unpack(
    (bytes) => rpc.ErrorResourceInitFailed.deserializeBinary(bytes),
    "pulumirpc.ErrorResourceInitFailed",
  )!;
  const inputs = detail.getInputs();
  return new CallError(error.details, {
    id: detail.getId(),
    properties: plain(detail.getProperties()),
    reasons: detail.getReasonsList(),
    ...(inputs && { inputs: plain(inputs) }),
  });
}

function id(value: string): JsonObject {
  return value === "" ? {} : { id: value };
}

function struct(value: unknown): Struct {
  return Struct.fromJavaScript((value ?? {}) as JsonObject);
}

function plain(value: Struct | undefined): JsonObject {
  return value?.toJavaScript() ?? {};
}

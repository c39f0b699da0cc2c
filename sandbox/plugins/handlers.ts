import * as grpc from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import type { PluginAttach } from "@pulumi/pulumi/proto/plugin_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import type { Message } from "google-protobuf";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

import type { EngineLog } from "./engine";
import { toServiceError } from "./failure";
import { checkResponse, configDiffResponse, diffResponse, fromStruct, toStruct } from "./messages";
import type { PropertyMap } from "./properties";
import type { Provider } from "./provider";
import { collectSecrets } from "./redact";

type Maps = Record<string, PropertyMap>;

/** Builds the gRPC service of a provider. Methods that no supported resource needs answer `UNIMPLEMENTED`. */
export function buildHandlers(
  provider: Provider,
  engine: EngineLog,
): grpc.UntypedServiceImplementation {
  /** Secrets of the provider's configuration: no later error may contain them either. */
  let configured: string[] = [];

  /**
   * Handles a unary method. `read` takes the properties out of the request, so that an error of `answer` can be
   * redacted with their secrets.
   */
  function method<Request extends Message, Read extends Maps, Response>(
    read: (request: Request) => Read,
    answer: (request: Request, read: Read) => Promise<Response> | Response,
  ): grpc.handleUnaryCall<Request, Response> {
    return (call, callback) => {
      const maps = read(call.request);
      const secrets = () => [
        ...configured,
        ...Object.values(maps).flatMap((m) => collectSecrets(m)),
      ];
      void Promise.resolve()
        .then(() => answer(call.request, maps))
        .finally(() => engine.flushed())
        .then(
          (response) => callback(null, response),
          (error: unknown) => callback(toServiceError(error, secrets())),
        );
    };
  }

  /** Handles a unary method whose request has no properties. */
  function plain<Request extends Message, Response>(
    answer: (request: Request) => Promise<Response> | Response,
  ): grpc.handleUnaryCall<Request, Response> {
    return method(() => ({}), answer);
  }

  const resource = (request: { getUrn(): string; getType(): string; getName(): string }) => ({
    urn: request.getUrn(),
    type: request.getType(),
    name: request.getName(),
  });

  return {
    handshake: plain((request: rpc.ProviderHandshakeRequest) => {
      engine.connect(request.getEngineAddress());
      return new rpc.ProviderHandshakeResponse()
        .setAcceptSecrets(true)
        .setSupportsAutonamingConfiguration(true);
    }),
    attach: plain((request: PluginAttach) => {
      engine.connect(request.getAddress());
      return new Empty();
    }),
    getPluginInfo: plain(() => new PluginInfo().setVersion(provider.version)),
    getSchema: plain(() => {
      const { name, version } = provider;
      return new rpc.GetSchemaResponse().setSchema(JSON.stringify({ name, version }));
    }),
    cancel: plain(() => {
      provider.cancel();
      return new Empty();
    }),

    checkConfig: method(
      (request: rpc.CheckRequest) => ({ news: fromStruct(request.getNews()) }),
      (_, { news }) => checkResponse(provider.checkConfig(news)),
    ),
    diffConfig: method(
      (request: rpc.DiffRequest) => ({
        olds: fromStruct(request.getOldInputs() ?? request.getOlds()),
        news: fromStruct(request.getNews()),
      }),
      (_, { olds, news }) => configDiffResponse(provider.diffConfig(olds, news)),
    ),
    configure: method(
      (request: rpc.ConfigureRequest) => ({ config: fromStruct(request.getArgs()) }),
      async (_, { config }) => {
        configured = collectSecrets(config);
        await provider.configure(config);
        return new rpc.ConfigureResponse()
          .setAcceptsecrets(true)
          .setSupportspreview(true)
          .setSupportsAutonamingConfiguration(true);
      },
    ),

    check: method(
      (request: rpc.CheckRequest) => ({
        olds: fromStruct(request.getOlds()),
        news: fromStruct(request.getNews()),
      }),
      async (request, { olds, news }) => {
        const randomSeed = request.getRandomseed_asU8();
        const autonaming = readAutonaming(request.getAutonaming());
        const checked = { ...resource(request), olds, news, randomSeed, autonaming };
        return checkResponse(await provider.check(checked));
      },
    ),
    diff: method(
      (request: rpc.DiffRequest) => ({
        olds: fromStruct(request.getOlds()),
        oldInputs: fromStruct(request.getOldInputs()),
        news: fromStruct(request.getNews()),
      }),
      async (request, maps) => {
        const ignoreChanges = request.getIgnorechangesList();
        const compared = { ...resource(request), id: request.getId(), ...maps, ignoreChanges };
        return diffResponse(await provider.diff(compared));
      },
    ),
    create: method(
      (request: rpc.CreateRequest) => ({ properties: fromStruct(request.getProperties()) }),
      async (request, { properties }) => {
        const options = { preview: request.getPreview(), timeout: request.getTimeout() };
        const created = await provider.create({ ...resource(request), properties, ...options });
        return new rpc.CreateResponse()
          .setId(created.id)
          .setProperties(toStruct(created.properties));
      },
    ),
    read: method(
      (request: rpc.ReadRequest) => ({
        properties: fromStruct(request.getProperties()),
        inputs: fromStruct(request.getInputs()),
      }),
      async (request, maps) => {
        const found = await provider.read({ ...resource(request), id: request.getId(), ...maps });
        const response = new rpc.ReadResponse();
        return found === undefined
          ? response
          : response
              .setId(found.id)
              .setProperties(toStruct(found.properties))
              .setInputs(toStruct(found.inputs));
      },
    ),
    update: method(
      (request: rpc.UpdateRequest) => ({
        olds: fromStruct(request.getOlds()),
        oldInputs: fromStruct(request.getOldInputs()),
        news: fromStruct(request.getNews()),
      }),
      async (request, maps) => {
        const options = { preview: request.getPreview(), timeout: request.getTimeout() };
        const ignoreChanges = request.getIgnorechangesList();
        const target = { ...resource(request), id: request.getId(), ignoreChanges };
        const changed = { ...target, ...maps, ...options };
        return new rpc.UpdateResponse().setProperties(toStruct(await provider.update(changed)));
      },
    ),
    delete: method(
      (request: rpc.DeleteRequest) => ({ properties: fromStruct(request.getProperties()) }),
      async (request, { properties }) => {
        const timeout = request.getTimeout();
        const deleted = { ...resource(request), id: request.getId(), properties, timeout };
        await provider.delete(deleted);
        return new Empty();
      },
    ),
    invoke: method(
      (request: rpc.InvokeRequest) => ({ args: fromStruct(request.getArgs()) }),
      async (request, { args }) => {
        const token = request.getTok();
        if (provider.invoke === undefined) {
          throw new Error(`\`${token}\` is not offered by this stand-in: it has no functions.`);
        }
        return new rpc.InvokeResponse().setReturn(toStruct(await provider.invoke({ token, args })));
      },
    ),
  };
}

function readAutonaming(
  options: rpc.CheckRequest.AutonamingOptions | undefined,
): { proposedName: string; disabled: boolean } | undefined {
  return (
    options && {
      proposedName: options.getProposedName(),
      disabled: options.getMode() === rpc.CheckRequest.AutonamingOptions.Mode.DISABLE,
    }
  );
}

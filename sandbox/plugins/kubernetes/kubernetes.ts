import { randomBytes } from "node:crypto";

import { describeCause } from "../cause";
import { hasUnknown, toJson } from "../properties";
import type { JsonObject, PropertyMap } from "../properties";
import { InitializationError } from "../provider";
import type * as api from "../provider";
import { createAwaiter, skipsAwait } from "./await/select";
import { isReadyNow } from "./await/wait";
import { fromProperties, toProperties } from "./checkpoint";
import type { Checkpoint } from "./checkpoint";
import { isNotFound, UnknownKindError } from "./client";
import { Cluster, UnreachableError } from "./cluster";
import { compareConfigs, findConfigProblems, readSettings } from "./config";
import { createObject, describeCreateFailure, isInconclusive } from "./create";
import { deleteObject } from "./delete";
import { diffObject } from "./diffObject";
import { checkInputs, markSecrets, normalize } from "./inputs";
import { annotationOf, idOf, parseId, textAt } from "./object";
import { awaitReady, clearStatus, createReport, NotReadyError } from "./operation";
import type { Operation } from "./operation";
import { prune } from "./prune";
import { readImported } from "./readImported";
import { applyObject } from "./update";

/** Objects of a Kubernetes cluster, as the official plugin of the same version manages them. */
export class KubernetesProvider implements api.Provider {
  readonly name = "kubernetes";
  readonly version = "4.34.2";

  private settings = readSettings({});
  private cluster = new Cluster({});
  private readonly cancelled = new AbortController();

  constructor(private readonly engine: api.Engine) {}

  checkConfig(news: PropertyMap): api.CheckResult {
    return { inputs: news, failures: findConfigProblems(news) };
  }

  diffConfig(olds: PropertyMap, news: PropertyMap): api.ConfigDiffResult {
    return compareConfigs(olds, news);
  }

  configure(config: PropertyMap): Promise<void> {
    this.settings = readSettings(config);
    this.cluster = new Cluster(this.settings);
    return Promise.resolve();
  }

  check(request: api.CheckRequest): api.CheckResult {
    const namespace = this.settings.namespace ?? this.cluster.namespace;
    return { inputs: checkInputs(request, namespace) };
  }

  diff(request: api.DiffRequest): api.DiffResult {
    const { enableSecretMutable: secrets, enableConfigMapMutable: configMaps } = this.settings;
    return diffObject(request, { secrets, configMaps });
  }

  async create(request: api.CreateRequest): Promise<api.CreateResult> {
    const { preview, properties } = request;
    const unseen = { id: "", properties };
    const operation = await this.prepare(request, preview && hasUnknown(properties));
    if (operation === undefined) {
      return unseen;
    }
    const inputs = toJson(normalize(properties));
    const fieldManager = createFieldManager(inputs);
    const upsertAs = this.settings.upsertExistingObjects ? fieldManager : undefined;
    const from = { inputs, initialApiVersion: textAt(inputs, "apiVersion"), fieldManager };
    const created = await createObject(operation, inputs, { preview, upsertAs }).catch(
      (error: unknown) => {
        if (preview && isInconclusive(error)) {
          return undefined;
        }
        throw describeCreateFailure(request.urn, error);
      },
    );
    if (created === undefined) {
      return unseen;
    }
    if (preview) {
      // What the object's status will be is unknown, not empty.
      const { status: _, ...live } = created;
      return { id: "", properties: toProperties({ ...from, live }, properties) };
    }
    const live = await this.finish(operation, created, { ...from, live: created }, properties, (cause) =>
      `resource "${request.urn}" was successfully created, but the Kubernetes API server reported that it failed to fully initialize or become live: ${cause}`,
    );
    return { id: idOf(live), properties: toProperties({ ...from, live }, properties) };
  }

  async read(request: api.ReadRequest): Promise<api.ReadResult> {
    const operation = await this.prepare({ ...request, preview: false, timeout: 0 }, false);
    const known = fromProperties(request.properties);
    if (operation === undefined) {
      return undefined;
    }
    const oldInputs = normalize(request.inputs) as JsonObject;
    if (textAt(oldInputs, "kind") === "") {
      return readImported(operation.client, request);
    }
    try {
      const path = await operation.client.path(oldInputs, parseId(request.id).name);
      const live = await operation.client.call("GET", path);
      const inputs = prune(live, oldInputs);
      const properties = toProperties({ ...known, inputs, live }, request.inputs);
      const result = { id: request.id, properties, inputs: markSecrets(inputs, request.inputs) };
      const awaiter = skipsAwait(oldInputs)
        ? undefined
        : createAwaiter(live, createReport(operation));
      if (awaiter !== undefined && !(await isReadyNow(operation.client, awaiter))) {
        const { name } = parseId(request.id);
        const message = `Resource '${name}' was created but failed to initialize`;
        throw new InitializationError(message, result, awaiter.problems());
      }
      clearStatus(operation);
      return result;
    } catch (error) {
      if (isNotFound(error) || error instanceof UnknownKindError) {
        return undefined;
      }
      throw error;
    }
  }

  async update(request: api.UpdateRequest): Promise<PropertyMap> {
    const { preview, news } = request;
    const operation = await this.prepare(request, preview && hasUnknown(news));
    if (operation === undefined) {
      return news;
    }
    const inputs = toJson(normalize(news));
    const { initialApiVersion, fieldManager: known } = fromProperties(request.olds);
    const fieldManager = known || createFieldManager(inputs);
    const from = { inputs, initialApiVersion, fieldManager };
    const { client, signal } = operation;
    const describe = (cause: string) =>
      `the Kubernetes API server reported that "${request.id}" failed to fully initialize or become live: ${cause}`;
    let applied: JsonObject;
    try {
      applied = await applyObject(operation, inputs, fieldManager, preview);
    } catch (error) {
      if (preview) {
        if (isInconclusive(error)) {
          return news;
        }
        throw error;
      }
      const cause = describeCause(error);
      const live = await client.call("GET", await client.path(inputs), { signal }).catch(() => {
        throw new Error(`update of resource "${request.urn}" failed: ${cause}`, { cause: error });
      });
      const properties = toProperties({ ...from, live }, news);
      throw new InitializationError(describe(cause), { id: request.id, properties }, []);
    }
    const live = preview
      ? applied
      : await this.finish(operation, applied, { ...from, live: applied }, news, describe);
    return toProperties({ ...from, live }, news);
  }

  async delete(request: api.DeleteRequest): Promise<void> {
    const operation = await this.prepare({ ...request, preview: false }, false);
    const { live } = fromProperties(request.properties);
    if (operation !== undefined) {
      await deleteObject(operation, live);
    }
  }

  cancel(): void {
    this.cancelled.abort();
  }

  /** What an operation needs; `undefined` where a preview has nothing to ask the cluster, or can't. */
  private async prepare(
    { urn, timeout, preview }: { urn: string; timeout: number; preview: boolean },
    pointless: boolean,
  ): Promise<Operation | undefined> {
    if (pointless) {
      return undefined;
    }
    try {
      const client = await this.cluster.client();
      return { client, engine: this.engine, urn, timeout, signal: this.cancelled.signal };
    } catch (error) {
      if (preview && error instanceof UnreachableError) {
        return undefined;
      }
      throw error;
    }
  }

  /** Waits for an object, and reads it as it then is. One that isn't ready is kept in the state, with the reasons. */
  private async finish(
    operation: Operation,
    object: JsonObject,
    checkpoint: Checkpoint,
    from: PropertyMap,
    describe: (cause: string) => string,
  ): Promise<JsonObject> {
    const { client } = operation;
    const reread = async () => client.call("GET", await client.path(object)).catch(() => object);
    try {
      await awaitReady(operation, object, checkpoint.inputs);
    } catch (error) {
      if (!(error instanceof NotReadyError)) {
        throw error;
      }
      const live = await reread();
      const resource = { id: idOf(object), properties: toProperties({ ...checkpoint, live }, from) };
      throw new InitializationError(describe(error.message), resource, error.problems);
    }
    return reread();
  }
}

function createFieldManager(inputs: JsonObject): string {
  const chosen = annotationOf(inputs, "pulumi.com/patchFieldManager");
  return chosen || `pulumi-kubernetes-${randomBytes(4).toString("hex")}`;
}

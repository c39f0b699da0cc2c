import { randomBytes } from "node:crypto";

import { describeCause } from "../cause";
import { textAt } from "../json";
import { hasUnknown, omit, toJson } from "../properties";
import type { JsonObject, PropertyMap } from "../properties";
import { InitializationError } from "../provider";
import type * as api from "../provider";
import { fromProperties, toProperties } from "./checkpoint";
import { Cluster, UnreachableError } from "./cluster";
import { compareConfigs, findConfigProblems, readSettings } from "./config";
import { createObject, describeCreateFailure, isDenied, isInconclusive } from "./create";
import { deleteObject } from "./delete";
import { diffObject } from "./diffObject";
import { finish } from "./finish";
import { checkInputs, normalize } from "./inputs";
import { annotationOf, idOf } from "./object";
import type { Operation } from "./operation";
import { applyPatch, isPatch, revertPatch } from "./patch";
import { readObject } from "./read";
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
    // The official plugin does not call the cluster in the preview of a Patch resource.
    const pointless = preview && (hasUnknown(properties) || isPatch(request.type));
    const operation = await this.prepare(request, pointless);
    if (operation === undefined) {
      return unseen;
    }
    const inputs = toJson(normalize(properties));
    const fieldManager = createFieldManager(inputs);
    const upsertAs = this.settings.upsertExistingObjects ? fieldManager : undefined;
    const from = { inputs, initialApiVersion: textAt(inputs, "apiVersion"), fieldManager };
    const creating = isPatch(request.type)
      ? applyPatch(operation, inputs, fieldManager)
      : createObject(operation, inputs, { preview, upsertAs });
    const created = await creating.catch((error: unknown) => {
      if (preview && isInconclusive(error)) {
        return undefined;
      }
      throw describeCreateFailure(request.urn, inputs, error);
    });
    if (created === undefined) {
      return unseen;
    }
    if (preview) {
      // The object's future status is unknown, not empty.
      const live = omit(created, ["status"]);
      return { id: "", properties: toProperties({ ...from, live }, properties) };
    }
    const live = await finish(
      operation,
      created,
      from,
      properties,
      (cause) =>
        `resource "${request.urn}" was successfully created, but the Kubernetes API server reported that it failed to fully initialize or become live: ${cause}`,
    );
    return { id: idOf(live), properties: toProperties({ ...from, live }, properties) };
  }

  async read(request: api.ReadRequest): Promise<api.ReadResult> {
    const operation = await this.prepare({ ...request, preview: false, timeout: 0 }, false);
    return operation && readObject(operation, request);
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
      const { ignoreChanges } = request;
      const options = { fieldManager, preview, isPatch: isPatch(request.type), ignoreChanges };
      applied = await applyObject(operation, inputs, options);
    } catch (error) {
      if (preview && isDenied(error)) {
        return news;
      }
      const cause = describeCause(error);
      const live = await client
        .call("GET", await client.path(inputs), { signal })
        .catch((unread: unknown) => {
          throw new Error(
            `update of resource "${request.urn}" failed: ${cause}\nunable to get cluster state: ${describeCause(unread)}`,
            { cause: error },
          );
        });
      const properties = toProperties({ ...from, live }, news);
      throw new InitializationError(describe(cause), { id: request.id, properties }, []);
    }
    const live = preview ? applied : await finish(operation, applied, from, news, describe);
    return toProperties({ ...from, live }, news);
  }

  async delete(request: api.DeleteRequest): Promise<void> {
    const operation = await this.prepare({ ...request, preview: false }, false);
    const { fieldManager, live } = fromProperties(request.properties);
    if (operation === undefined) {
      return;
    }
    if (isPatch(request.type)) {
      await revertPatch(operation, live, fieldManager);
    } else {
      await deleteObject(operation, live);
    }
  }

  cancel(): void {
    this.cancelled.abort();
  }

  /** Prepares an operation; `undefined` if a preview doesn't need the cluster, or can't reach it. */
  private async prepare(
    { urn, timeout, preview }: { urn: string; timeout: number; preview: boolean },
    pointless: boolean,
  ): Promise<Operation | undefined> {
    if (pointless) {
      return undefined;
    }
    try {
      const client = await this.cluster.client();
      const { enablePatchForce: force } = this.settings;
      return { client, engine: this.engine, urn, timeout, force, signal: this.cancelled.signal };
    } catch (error) {
      if (preview && error instanceof UnreachableError) {
        return undefined;
      }
      throw error;
    }
  }
}

function createFieldManager(inputs: JsonObject): string {
  const chosen = annotationOf(inputs, "pulumi.com/patchFieldManager");
  return chosen || `pulumi-kubernetes-${randomBytes(4).toString("hex")}`;
}

import * as provider from "@pulumi/pulumi/proto/provider_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

import { decodeMap, encodeMap } from "./properties";
import type { PropertyMap } from "./properties";
import type { CheckResult, ConfigDiffResult, DiffResult, InitializationError } from "./provider";

/** Reads the properties in a message's field. */
export function fromStruct(struct: Struct | undefined): PropertyMap {
  return decodeMap(struct?.toJavaScript() ?? {});
}

/** Writes properties as a message's field. */
export function toStruct(map: PropertyMap): Struct {
  return Struct.fromJavaScript(encodeMap(map));
}

/** Creates the answer to Check and CheckConfig. */
export function checkResponse(result: CheckResult): provider.CheckResponse {
  const failures = (result.failures ?? []).map(({ property, reason }) =>
    new provider.CheckFailure().setProperty(property).setReason(reason),
  );
  return new provider.CheckResponse().setInputs(toStruct(result.inputs)).setFailuresList(failures);
}

/** Creates the answer to Diff. */
export function diffResponse(result: DiffResult): provider.DiffResponse {
  const response = new provider.DiffResponse()
    .setHasdetaileddiff(true)
    .setDeletebeforereplace(result.deleteBeforeReplace ?? false)
    .setChanges(changes(result.detailed.size > 0));
  for (const [path, { kind, inputDiff }] of result.detailed) {
    const property = new provider.PropertyDiff().setKind(provider.PropertyDiff.Kind[kind]);
    response.getDetaileddiffMap().set(path, property.setInputdiff(inputDiff ?? false));
    if (kind.endsWith("_REPLACE")) {
      response.addReplaces(path);
    }
  }
  return response;
}

/** Creates the answer to DiffConfig. */
export function configDiffResponse(result: ConfigDiffResult): provider.DiffResponse {
  return new provider.DiffResponse()
    .setChanges(changes(result.changed.length > 0))
    .setDiffsList([...result.changed])
    .setReplacesList([...result.replaces]);
}

/** Creates what the engine stores about a resource that exists but is not ready. */
export function initializationDetail(
  error: InitializationError,
  reasons: string[],
): provider.ErrorResourceInitFailed {
  const detail = new provider.ErrorResourceInitFailed()
    .setId(error.resource.id)
    .setProperties(toStruct(error.resource.properties))
    .setReasonsList(reasons);
  return error.resource.inputs === undefined
    ? detail
    : detail.setInputs(toStruct(error.resource.inputs));
}

function changes(some: boolean): provider.DiffResponse.DiffChanges {
  const { DIFF_SOME, DIFF_NONE } = provider.DiffResponse.DiffChanges;
  return some ? DIFF_SOME : DIFF_NONE;
}

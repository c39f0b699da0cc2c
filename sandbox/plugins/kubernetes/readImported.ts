import type { JsonObject } from "../properties";
import type { ReadRequest, ReadResult } from "../provider";
import { toProperties } from "./checkpoint";
import { isNotFound } from "./client";
import type { Client } from "./client";
import { markSecrets, normalize } from "./inputs";
import { parseId } from "./object";

/** Reads an object that no state knows yet: its inputs are what the cluster has, without what only the server sets. */
export async function readImported(client: Client, request: ReadRequest): Promise<ReadResult> {
  const [, apiVersion = "", kind = ""] = request.type.split(":");
  const { namespace, name } = parseId(request.id);
  const wanted = {
    apiVersion: apiVersion.replace(/^core\//, ""),
    kind,
    metadata: { name, namespace },
  };
  try {
    const live = await client.call("GET", await client.path(wanted));
    const { status: _, ...rest } = live;
    const inputs = normalize(rest) as JsonObject;
    const checkpoint = { live, inputs, initialApiVersion: wanted.apiVersion, fieldManager: "" };
    return {
      id: request.id,
      properties: toProperties(checkpoint, inputs),
      inputs: markSecrets(inputs, inputs),
    };
  } catch (error) {
    if (isNotFound(error)) {
      return undefined;
    }
    throw error;
  }
}

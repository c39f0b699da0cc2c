import { randomBytes } from "node:crypto";

import { parseUrn, stackType } from "./resourceTypes";
import type { StateResource } from "./stackState";

/** An existing object, and the resource to add to the state for it. */
export interface ImportedResource {
  readonly resource: StateResource;
  /** Id of the object, as the provider defines it. */
  readonly id: string;
}

/**
 * Renders the file with which `pulumi import` adds resources to the state.
 *
 * The inputs are the killed update's, so that the next update finds nothing to change; secrets stay encrypted.
 * The outputs contain just enough for a refresh to read the rest. If Pulumi is too old for both, it reads the
 * object, and the next update changes some defaults back.
 *
 * @see https://www.pulumi.com/docs/iac/adopting-pulumi/import/#bulk-import-operations
 */
export function renderImportFile(imported: readonly ImportedResource[]): string {
  const nameTable: Record<string, string> = {};
  const resources = imported.map(({ id, resource }, index) => {
    const { inputs = {}, parent, provider, urn } = resource;
    const { name, type } = parseUrn(urn);
    const refer = (kind: string, target: string | undefined): string | undefined => {
      if (!target) return undefined;
      nameTable[`${kind}-${index}`] = target;
      return `${kind}-${index}`;
    };
    return {
      type,
      name,
      id,
      parent: refer("parent", isStack(parent) ? undefined : parent),
      provider: refer("provider", findProviderUrn(provider)),
      inputs,
      outputs: computeOutputs(inputs),
    };
  });
  return JSON.stringify({ nameTable, resources });
}

/** Renders the command with which the user adds one resource to the state. */
export function renderImportCommand({ id, resource }: ImportedResource, stack: string): string {
  const { parent, provider, urn } = resource;
  const { name, type } = parseUrn(urn);
  return [
    `pulumi import ${type} ${name} ${id}`,
    ...(parent && !isStack(parent) ? [`--parent 'parent=${parent}'`] : []),
    ...(provider ? [`--provider 'provider=${findProviderUrn(provider)}'`] : []),
    `--protect=false --generate-code=false --yes --stack ${stack}`,
  ].join(" ");
}

function isStack(urn: string | undefined): boolean {
  return urn !== undefined && parseUrn(urn).type === stackType;
}

/** The state refers to a provider by its URN and its id. */
function findProviderUrn(provider: string | undefined): string | undefined {
  return provider?.slice(0, provider.lastIndexOf("::"));
}

/** The fields that Pulumi's provider stores in addition to the object. */
function computeOutputs(inputs: NonNullable<StateResource["inputs"]>): object {
  const { apiVersion, kind, metadata } = inputs;
  return {
    apiVersion,
    kind,
    metadata,
    __inputs: inputs,
    __initialApiVersion: apiVersion,
    __fieldManager: `pulumi-kubernetes-${randomBytes(4).toString("hex")}`,
  };
}

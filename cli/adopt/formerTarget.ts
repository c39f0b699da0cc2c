import { UserError } from "../errors";
import type { Labels, Service, ServicePort } from "./objects";

/** Annotation of a Service that was moved: where it led before, as JSON. */
const annotation = "slipway/former-target";

/** Where a Service led before it was moved. */
export interface FormerTarget {
  /** Name of the Deployment whose pods got the requests. */
  readonly deployment: string;
  /** Pull secrets of those pods. */
  readonly secrets: readonly string[];
  readonly selector: Labels;
  /** Ports of the pods, in the order of the Service's ports; null for one that the Service left out. */
  readonly targetPorts: readonly (number | string | null)[];
}

/** Where a Service is to lead. */
export interface Target {
  readonly selector: Labels;
  readonly targetPort: number | string;
}

/** A change of an object, RFC 6902. */
export type JsonPatch = readonly Readonly<Record<string, unknown>>[];

/**
 * Reads where a Service led before; undefined if it was not moved.
 *
 * @throws UserError if somebody has edited the annotation
 */
export function readFormerTarget({ metadata }: Service): FormerTarget | undefined {
  const text = metadata.annotations?.[annotation];
  if (text === undefined) return undefined;
  try {
    const target = JSON.parse(text) as Partial<FormerTarget> | null;
    const { deployment, secrets, selector, targetPorts } = target ?? {};
    if (deployment && selector && Array.isArray(secrets) && Array.isArray(targetPorts)) {
      return { deployment, secrets, selector, targetPorts };
    }
  } catch {
    // Not JSON.
  }
  throw new UserError(
    `The annotation \`${annotation}\` of the Service \`${metadata.name}\` is not as \`slipway adopt\` wrote it: ${text}. Restore it, or lead the Service where it belongs and remove the annotation. Nothing was changed.`,
  );
}

/**
 * Renders the change that moves a Service to other pods, all of its ports to one port. It notes where the Service led
 * before.
 */
export function renderMove(
  service: Service,
  { selector, targetPort }: Target,
  former: Pick<FormerTarget, "deployment" | "secrets">,
): JsonPatch {
  const ports = service.spec.ports ?? [];
  const noted: FormerTarget = {
    ...former,
    selector: service.spec.selector ?? {},
    targetPorts: ports.map((port) => port.targetPort ?? null),
  };
  const annotations = { ...service.metadata.annotations, [annotation]: JSON.stringify(noted) };
  return [
    { op: "replace", path: "/spec/selector", value: selector },
    ...replacePorts(ports, () => targetPort),
    { op: "add", path: "/metadata/annotations", value: annotations },
  ];
}

/** Renders the change that takes a moved Service back to where it led before. */
export function renderReturn(service: Service, { selector, targetPorts }: FormerTarget): JsonPatch {
  const ports = service.spec.ports ?? [];
  return [
    { op: "replace", path: "/spec/selector", value: selector },
    ...replacePorts(ports, ({ port }, index) => targetPorts[index] ?? port),
    ...renderForgetting(service),
  ];
}

/** Renders the change that makes a Service's move final: it takes the note away. */
export function renderForgetting({ metadata }: Service): JsonPatch {
  const noted = Object.entries(metadata.annotations ?? {});
  const value = Object.fromEntries(noted.filter(([key]) => key !== annotation));
  return [{ op: "add", path: "/metadata/annotations", value }];
}

function replacePorts(
  ports: readonly ServicePort[],
  find: (port: ServicePort, index: number) => number | string,
): JsonPatch {
  return ports.map((port, index) => ({
    op: "add",
    path: `/spec/ports/${index}/targetPort`,
    value: find(port, index),
  }));
}

import type { StepMetadata } from "../../../../cli/pulumi/engineEvents";
import type { TimedEvent } from "./player";

/** Address of a resource of the stack `dev`. */
export const urnOf = (type: string, name: string): string =>
  `urn:pulumi:dev::site::${type}::${name}`;

export const image = urnOf("docker-build:index:Image", "site-image");
export const deployment = urnOf("kubernetes:apps/v1:Deployment", "site");

/** An event of the engine's diagnostics. */
export const say = (
  at: number,
  severity: string,
  message: string,
  options: { readonly urn?: string; readonly ephemeral?: boolean } = {},
): TimedEvent => ({ at, event: { diagnosticEvent: { severity, message, ...options } } });

const describe = (op: string, urn: string, more: Partial<StepMetadata> = {}): StepMetadata => ({
  op,
  urn,
  type: urn.split("::")[2],
  new: { custom: true },
  ...more,
});

/** A step begins. */
export const begin = (
  at: number,
  op: string,
  urn: string,
  more?: Partial<StepMetadata>,
): TimedEvent => ({ at, event: { resourcePreEvent: { metadata: describe(op, urn, more) } } });

/** A step has ended. */
export const finish = (
  at: number,
  op: string,
  urn: string,
  more?: Partial<StepMetadata>,
): TimedEvent => ({ at, event: { resOutputsEvent: { metadata: describe(op, urn, more) } } });

/** A step has failed. */
export const fail = (at: number, op: string, urn: string): TimedEvent => ({
  at,
  event: { resOpFailedEvent: { metadata: describe(op, urn) } },
});

/** A line of the image's build. */
export const log = (at: number, message: string): TimedEvent =>
  say(at, "info", message, { urn: image, ephemeral: true });

import type { JsonObject } from "../../properties";
import type { Severity } from "../../provider";
import type { ObjectEvent } from "../follow";

/** Says how far an object is. */
export type Report = (severity: Severity, message: string) => void;

/** A kind of object that an awaiter looks at beside the one it waits for. */
export interface Related {
  readonly apiVersion: string;
  readonly kind: string;

  /** Whether only the object of the same name matters. */
  readonly sameName?: boolean;
}

/**
 * Decides from events alone whether an object became ready. It neither talks to the cluster nor knows the time, so
 * that recorded events test it.
 */
export interface Awaiter {
  /** Kinds whose events it wants, in the order in which a one-time look passes them. */
  readonly related: readonly Related[];

  /** Says what it waits for first. */
  begin?(): void;

  /** Takes an event of one of the related kinds. */
  observe(kind: string, event: ObjectEvent): void;

  /** Whether the object is ready. Reports so the first time. */
  isReady(): boolean;

  /** Called about every ten seconds, to say what keeps the object from being ready. */
  remind?(): void;

  /** Called when no Endpoints changed for ten seconds. */
  settle?(): void;

  /** Why it is not ready. */
  problems(): string[];

  /** The object as last seen. */
  readonly latest: JsonObject;
}

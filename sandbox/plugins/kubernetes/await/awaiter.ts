import type { JsonObject } from "../../properties";
import type { Severity } from "../../provider";
import type { ObjectEvent } from "../follow";

/** Reports the progress of an object. */
export type Report = (severity: Severity, message: string) => void;

/** A kind of object that an awaiter watches besides its own. */
export interface Related {
  readonly apiVersion: string;
  readonly kind: string;

  /** Whether only the object with the same name matters. */
  readonly sameName?: boolean;
}

/**
 * Decides only from events if an object is ready. It uses neither the cluster nor the clock, so that recorded events
 * can test it.
 */
export interface Awaiter {
  /** Kinds that it needs events of, in the order in which {@link isReadyNow} passes them. */
  readonly related: readonly Related[];

  /** Reports what it waits for first. */
  begin?(): void;

  /** Receives an event of one of the related kinds. */
  observe(kind: string, event: ObjectEvent): void;

  /** Whether the object is ready. The first time it also reports that. */
  isReady(): boolean;

  /** Called about every ten seconds, to report why the object is not ready yet. */
  remind?(): void;

  /** Called after ten seconds without a change of Endpoints. */
  settle?(): void;

  /** Reasons why the object is not ready. */
  problems(): string[];

  /** The most recent version of the object. */
  readonly latest: JsonObject;
}

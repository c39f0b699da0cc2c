import * as pulumi from "@pulumi/pulumi";

import { tryParseJson } from "../components/json";
import { type Tier, tiers } from "../components/release/release";

/** What the policies know of the stack, from its configuration: Pulumi gives the pack a copy. */
export interface Stack {
  /** What the stack is for. */
  readonly tier: Tier;

  /** Registry that the stack's images come from; undefined if the program does not configure one. */
  readonly registry: string | undefined;

  /** The key `pullSecret`; undefined if the program does not have it. */
  readonly pullSecret: string | undefined;

  /** Type that the key `service` asks for; undefined if the program does not have it. */
  readonly serviceType?: string;
}

/**
 * Reads the keys `tier`, `registry`, `pullSecret` and `service` of the project that is previewed or updated.
 *
 * A stack without a tier is for development. One whose tier is misspelt gets the strictest rules.
 */
export function readStack(): Stack {
  const config = new pulumi.Config();
  const tier = config.get("tier") ?? "development";
  return {
    tier: tiers.find((known) => known === tier) ?? "production",
    registry: config.get("registry"),
    pullSecret: config.get("pullSecret"),
    serviceType: readServiceType(config.get("service")),
  };
}

function readServiceType(service: string | undefined): string | undefined {
  const { type } = (tryParseJson(service ?? "") ?? {}) as { readonly type?: unknown };
  return typeof type === "string" ? type : undefined;
}

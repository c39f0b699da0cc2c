import type * as pulumi from "@pulumi/pulumi";

import manifest from "./package.json";

/** The version of the provider plugin that these classes are written for. */
export function getVersion(): string {
  return manifest.version;
}

/** Options of every resource here: they make the engine ask for exactly this plugin version. */
export function resourceOptsDefaults(): pulumi.CustomResourceOptions {
  return { version: getVersion() };
}

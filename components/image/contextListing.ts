import { type BuildContext, listContextFiles } from "./buildContext";
import { listTrackedPaths } from "./gitCheckout";

/** The files of a build's context, which several checks look at: a walk of a large site takes its time. */
export interface ContextListing {
  /** Files and links that the build reads, relative to the context's folder, sorted. */
  readonly files: readonly string[];

  /** Paths in the context's folder that git tracks; empty without git. */
  readonly tracked: ReadonlySet<string>;
}

/** Lists a build's context. */
export function listContext(context: BuildContext): ContextListing {
  return { files: listContextFiles(context), tracked: listTrackedPaths(context.directory) };
}

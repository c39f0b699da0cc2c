import { contentVersionVariable } from "../../components/image/contentVersionNames";
import { agreedDigestVariable } from "../../components/release/release";
import type { ProcessResult } from "../process/run";
import { buildAgentOptions } from "./updateAgent";

/** Options of an operation that was agreed to: Pulumi neither previews it nor asks. */
export const agreedOptions = ["--yes", "--skip-preview"] as const;

/** Options of an update or its preview. */
export interface UpdateArgs {
  /**
   * Options of `pulumi up`.
   *
   * @default {@link agreedOptions}
   */
  readonly options?: readonly string[];
  /** File to which the engine writes its events, one line of JSON each. */
  readonly eventLog?: string;
  /** The update stops if the program would deploy another release. */
  readonly agreedDigest?: string;
  /** Version of the content that the build fetches from elsewhere. A new one builds the image again. */
  readonly contentVersion?: string;
  /** Called with the id of the engine's process as soon as it runs. */
  readonly onStart?: (pid: number) => void;
  /** Called with what Pulumi has printed, which the user does not see then. */
  readonly onOutput?: (output: ProcessResult) => void;
}

/** How `Pulumi` runs an operation. */
export interface OperationOptions extends Pick<UpdateArgs, "onOutput" | "onStart"> {
  /** Variables that are added to the environment. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** Pulumi accepts `--event-log` only with this variable. */
export const debugCommands = { PULUMI_DEBUG_COMMANDS: "true" };

/** Options with which Pulumi writes its events to a file, and records who runs it. */
export function buildLogOptions({ eventLog }: UpdateArgs): string[] {
  return [...(eventLog === undefined ? [] : ["--event-log", eventLog]), ...buildAgentOptions()];
}

/** Variables that tell the program what to build and what to deploy. */
export function buildVariables({
  agreedDigest,
  contentVersion,
}: UpdateArgs): Record<string, string> {
  return {
    ...(agreedDigest === undefined ? {} : { [agreedDigestVariable]: agreedDigest }),
    ...(contentVersion === undefined ? {} : { [contentVersionVariable]: contentVersion }),
  };
}

import { hasFailedUpdate } from "../../components/release/failedUpdate";
import { type DeployedRelease, readRelease } from "../../components/release/release";
import { shortenStackName } from "../../components/release/stackName";
import { isDeployment, stackType } from "../pulumi/resourceTypes";
import type { StackState, StateResource } from "../pulumi/stackState";
import type { StackRecord } from "../pulumi/stateFiles";
import { readAgent } from "../pulumi/updateAgent";
import type { UpdateRecord } from "../pulumi/updateRecord";
import type { DeploymentOverview, Drift, TokenOverview } from "./overview";
import { findSource, type RecordedStack } from "./stackRecords";

/** Where a stack's pods are. */
export interface DeploymentName {
  readonly namespace: string;
  readonly name: string;
  /** Labels of the pods. */
  readonly labels: Readonly<Record<string, string>>;
}

/** What a stack's state, history and configuration say. */
export interface StackFacts {
  readonly stack: string;
  readonly tier: string;
  readonly promoteFrom: string | undefined;
  readonly pin: string | undefined;
  readonly url: string | undefined;
  readonly release: DeployedRelease | undefined;
  readonly deployed: DeploymentOverview | undefined;
  /** Number of the pipeline that deployed the release; undefined if none did. */
  readonly pipeline: string | undefined;
  readonly tokens: readonly TokenOverview[];
  /** Undefined if the stack has none. */
  readonly deployment: DeploymentName | undefined;
  /** What is wrong with the last updates. */
  readonly drift: readonly Drift[];
  /** Why the stack could not be read. */
  readonly reason: string | undefined;
}

/** Collects what the records of a stack say of it. */
export function findStackFacts(recorded: RecordedStack, now: Date): StackFacts {
  const { project, record, stack, values } = recorded;
  const known = "value" in record ? record.value : undefined;
  const outputs = known === undefined ? {} : findOutputs(known.state);
  const release = readRelease(outputs);
  const update = known && release && findDeployingUpdate(known);
  const tier = release?.tier || values[`${project}:tier`] || "development";
  return {
    stack,
    tier: known === undefined && values[`${project}:tier`] === undefined ? "" : tier,
    promoteFrom: findSource(recorded),
    pin: values[`${project}:digest`] || undefined,
    url: typeof outputs.url === "string" ? outputs.url : undefined,
    release,
    deployed: update && describeDeployment(update, now),
    pipeline: update?.record?.environment["ci.build.id"] || undefined,
    tokens: findTokens(outputs, now),
    deployment: known?.state.resources.map(findDeployment).find((one) => one !== undefined),
    drift: known === undefined ? [] : findFailures(shortenStackName(stack), known, release),
    reason: "reason" in record ? record.reason : undefined,
  };
}

function findOutputs({ resources }: StackState): Readonly<Record<string, unknown>> {
  return resources.find(({ type }) => type === stackType)?.outputs ?? {};
}

/** When the site was last changed, and by which update, if the history still has it. */
interface DeployingUpdate {
  readonly at: Date;
  readonly record: UpdateRecord | undefined;
}

/** Finds the update that changed the site last; later ones may only have replaced a token. */
function findDeployingUpdate({ history, state }: StackRecord): DeployingUpdate | undefined {
  const succeeded = history.filter(
    ({ kind, result }) => kind === "update" && result === "succeeded",
  );
  const site = state.resources.find(({ type }) => isDeployment(type));
  const changed = site?.modified ?? site?.created;
  if (changed === undefined) {
    return succeeded.length === 0 ? undefined : { at: succeeded[0].endedAt, record: succeeded[0] };
  }
  const at = new Date(changed);
  // The history has whole seconds.
  const isDuring = ({ endedAt, startedAt }: UpdateRecord): boolean =>
    startedAt.getTime() <= at.getTime() && at.getTime() < endedAt.getTime() + 1000;
  return { at, record: succeeded.find(isDuring) };
}

function describeDeployment({ at, record }: DeployingUpdate, now: Date): DeploymentOverview {
  const environment: UpdateRecord["environment"] = record?.environment ?? {};
  return {
    at: at.toISOString(),
    ageSeconds: Math.max(0, Math.floor((now.getTime() - at.getTime()) / 1000)),
    by: readAgent(environment),
    from: describeOrigin(environment),
    job: environment["ci.build.url"] || undefined,
  };
}

/** Where an update ran: Pulumi records the pipeline, or else the checkout. */
function describeOrigin(environment: Readonly<Record<string, string>>): string {
  const system = environment["ci.system"];
  if (system) {
    const [id, type] = [environment["ci.build.id"], environment["ci.build.type"]];
    const name = system.startsWith("GitLab") ? "pipeline" : `${system} build`;
    return `${name} ${id ?? ""}`.trim() + (type ? ` (${type})` : "");
  }
  const head = environment["git.headName"]?.replace(/^refs\/(heads|tags)\//, "");
  if (!head) return "";
  const changes = environment["git.dirty"] === "true" ? " with uncommitted changes" : "";
  return `a checkout of ${head}${changes}`;
}

const millisecondsPerDay = 24 * 60 * 60 * 1000;

function findTokens(outputs: Readonly<Record<string, unknown>>, now: Date): TokenOverview[] {
  return (["pull", "push"] as const).flatMap((role) => {
    const expiresAt = outputs[`${role}TokenExpiresAt`];
    if (typeof expiresAt !== "string" || Number.isNaN(Date.parse(expiresAt))) return [];
    const left = Date.parse(expiresAt) - now.getTime();
    return [{ role, expiresAt, daysLeft: Math.floor(left / millisecondsPerDay) }];
  });
}

function findDeployment({ id, inputs, type }: StateResource): DeploymentName | undefined {
  if (!isDeployment(type) || id === undefined) return undefined;
  const [namespace, name] = id.split("/");
  const { spec } = (inputs ?? {}) as { spec?: { selector?: { matchLabels?: object } } };
  return { namespace, name, labels: { ...spec?.selector?.matchLabels } };
}

function findFailures(
  stack: string,
  { history, state }: StackRecord,
  release: DeployedRelease | undefined,
): Drift[] {
  const attempted = state.resources.map(({ outputs = {}, type }) => ({ outputs, type }));
  const last = history.at(0);
  const hasFailed = last?.kind === "update" && last.result === "failed";
  const isOther = release !== undefined && hasFailedUpdate(attempted, release);
  return [
    ...(hasFailed || isOther
      ? [{ kind: "update failed" as const, text: "The last update failed." }]
      : []),
    ...(state.pending.length > 0
      ? [
          {
            kind: "update pending" as const,
            text: `An update is running, or was killed. If it was killed, run \`slipway up ${stack}\`.`,
          },
        ]
      : []),
  ];
}

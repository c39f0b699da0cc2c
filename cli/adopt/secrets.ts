import { type Adoption, findMentions } from "./formerSite";
import { type ClusterObject, matchesLabels } from "./objects";

/** Further kinds that may use a Secret. */
export const secretUsers = ["cronjobs.batch", "jobs.batch", "pods", "serviceaccounts"] as const;

/** A Secret that stays, and what uses it. */
export interface KeptSecret {
  readonly name: string;
  readonly users: readonly string[];
}

/** Tells the former site's pull secrets that nothing else uses from those that others use. */
export function findSecrets({ former, objects, secrets }: Adoption): {
  readonly unused: readonly string[];
  readonly kept: readonly KeptSecret[];
} {
  const isFormers = (object: ClusterObject): boolean => {
    if (former === undefined) return false;
    if (object.metadata.uid === former.metadata.uid) return true;
    const { labels = {} } = object.metadata;
    return object.kind === "Pod" && matchesLabels(former.spec.selector ?? {}, labels);
  };
  const found = secrets.map((name) => ({ name, users: findMentions(objects, name, isFormers) }));
  return {
    unused: found.filter(({ users }) => users.length === 0).map(({ name }) => name),
    kept: found.filter(({ users }) => users.length > 0),
  };
}

/** Describes a Secret that stays. */
export function describeUsers({ name, users }: KeptSecret): string {
  return `the Secret \`${name}\`, which others use: ${users.join(", ")}`;
}

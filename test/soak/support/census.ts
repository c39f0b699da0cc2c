import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { checkout, inSandbox } from "../../e2e/support/checkout";
import { digestOf } from "../../e2e/support/registry";
import { listDeployTokens } from "../../e2e/support/state";

const backend = join(checkout, ".sandbox", "test", "pulumi", "state", ".pulumi");

/** What there is of a stack that runs, in every place where a kill can leave something. */
export interface Census {
  readonly locks: readonly string[];
  readonly pending: readonly string[];
  readonly tokens: readonly string[];
  readonly secrets: readonly string[];
  readonly pods: readonly string[];
  /** Whether `env-<stack>` is the digest that runs. */
  readonly isTagged: boolean;
  readonly status: number;
  /** Whether a preview has nothing to change. */
  readonly isSettled: boolean;
}

/** What a healthy stack has, with one replica. */
export function expectedCensus(stack: string): Census {
  return {
    locks: [],
    pending: [],
    tokens: ["pull-a", "pull-b", "push"].map((slot) => `slipway/gatsby-site/${stack}/${slot}`),
    secrets: ["gitlab-registry"],
    pods: ["Running"],
    isTagged: true,
    status: 200,
    isSettled: true,
  };
}

interface Outputs {
  readonly digest: string;
  readonly namespace: string;
  readonly url: string;
}

/**
 * Counts what there is of a stack.
 *
 * @param at makes a command run at the time of the last update
 */
export async function takeCensus(stack: string, at: (command: string) => string): Promise<Census> {
  const outputs = JSON.parse(
    await inSandbox(`pulumi stack output --json --stack ${stack}`),
  ) as Outputs;
  const { digest, namespace, url } = outputs;
  const list = async (kind: string, path: string): Promise<string[]> =>
    (
      await inSandbox(
        `kubectl get ${kind} --namespace ${namespace} --output 'jsonpath={range .items[*]}{${path}}{"\\n"}{end}'`,
      )
    )
      .split("\n")
      .filter(Boolean)
      .sort();
  const tokens = await listDeployTokens(stack);
  const preview = await inSandbox(
    at(`if pulumi preview --expect-no-changes --stack ${stack} >/dev/null 2>&1; then echo yes; fi`),
  );
  return {
    locks: listLocks(stack),
    pending: listPending(stack),
    tokens,
    secrets: await list("secrets", ".metadata.name"),
    pods: await list("pods", ".status.phase"),
    isTagged: (await digestOf(`env-${stack}`)) === digest,
    status: (await fetch(url)).status,
    isSettled: preview.trim() === "yes",
  };
}

/** Identity of the stack's namespace: another one means that the site was deleted meanwhile. */
export async function namespaceUid(stack: string): Promise<string> {
  return inSandbox(
    `kubectl get namespace gatsby-site-${stack} --output 'jsonpath={.metadata.uid}'`,
  );
}

/** Files of a stack's locks. */
export function listLocks(stack: string): string[] {
  const folder = join(backend, "locks", "organization", "gatsby-site", stack);
  return existsSync(folder) ? readdirSync(folder) : [];
}

function listPending(stack: string): string[] {
  const file = join(backend, "stacks", "gatsby-site", `${stack}.json`);
  const { checkpoint } = JSON.parse(readFileSync(file, "utf8")) as {
    checkpoint: { latest?: { pending_operations?: { resource: { urn: string } }[] } };
  };
  return (checkpoint.latest?.pending_operations ?? []).map(({ resource }) => resource.urn);
}

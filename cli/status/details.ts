import { renderCommits } from "../release/commits";
import type { StackOverview } from "./overview";
import { printableLine } from "../printable";
import { columns, cutTo, wrap } from "./width";
import { describeCondition, describeDaysLeft, nameRelease, shortenDigest } from "./words";

/** Space for the labels. A whole digest fits into the rest of a line. */
const indent = 9;

/** Renders everything that is known of a stack. */
export function renderDetails(stack: StackOverview): string {
  const { environment, pin, registry, release, deployed, tokens } = stack;
  const lines = [
    ...row("state", describeCondition(stack)),
    ...row("digest", release?.digest),
    ...row("tags", describeTags(stack)),
    ...row("commit", describeCommit(stack)),
    ...row("since", deployed && describeDeployment(deployed)),
    ...row("pods", describePods(stack)),
    ...row("tokens", tokens.map(describeToken).join(", ")),
    ...row("pinned", pin),
    ...renderAttention(stack),
    ...row("image", registry?.page),
    ...row("env", environment?.page),
    ...row("job", deployed?.job),
  ];
  const title = [stack.stack, stack.tier && `(${stack.tier})`, stack.url].filter(Boolean);
  return [printableLine(title.join(" ")), ...lines].join("\n");
}

/** Renders only what a person should look at; empty if there is nothing. */
export function renderAttention(stack: StackOverview): string[] {
  const { drift, problems } = stack;
  return [
    ...drift.flatMap(({ text }) => row("drift", text)),
    ...problems
      .filter(({ part }) => part === "stack" || part === "cluster")
      .flatMap(({ part, reason }) => row("error", `${part}: ${reason}`)),
    ...renderNext(stack),
  ];
}

/**
 * Renders once what is the same for many stacks: why GitLab or its registry did not answer. That the sandbox is stopped, its
 * programs have said.
 */
export function renderShared(stacks: readonly StackOverview[]): string[] {
  const shared = new Map<string, string[]>();
  for (const { problems, stack } of stacks) {
    for (const { part, reason } of problems) {
      if (part === "stack" || part === "cluster" || part === "sandbox") continue;
      const text = `No answer from ${part === "registry" ? "the registry" : part}: ${reason}`;
      shared.set(text, [...(shared.get(text) ?? []), stack]);
    }
  }
  return [...shared].flatMap(([text, names]) => {
    const whose = names.length === stacks.length ? "all stacks" : names.join(", ");
    return wrap(printableLine(`${text} (${whose})`), columns);
  });
}

function row(label: string, text = ""): string[] {
  if (text === "") return [];
  const lines = wrap(printableLine(text), columns - indent);
  return lines.map((line, index) => `  ${(index === 0 ? label : "").padEnd(indent - 2)}${line}`);
}

function describeTags({ registry, release }: StackOverview): string {
  if (release === undefined || registry === undefined) return "";
  const date = registry.createdAt === undefined ? "" : `; of ${describeTime(registry.createdAt)}`;
  return (registry.tags.join(", ") || "none") + date;
}

function describeCommit({ release }: StackOverview): string {
  if (release === undefined || release.commit === "") return "";
  const { author, authoredAt, subject } = release;
  const id = nameRelease({ ...release, version: "" });
  if (subject === undefined) return `${id}, which this git repository does not have`;
  return `${id} of ${describeTime(authoredAt ?? "")} by ${author}: ${subject}`;
}

function describeDeployment({ at, by, from }: NonNullable<StackOverview["deployed"]>): string {
  const origin = from === "" ? "" : `, from ${from}`;
  return `${describeTime(at)}${origin}${by === undefined ? "" : `, by ${by}`}`;
}

function describePods({ pods, release }: StackOverview): string {
  if (pods === undefined) return "";
  const { digests, ready, waiting, wanted } = pods;
  const running = digests.map(({ digest, pods: count }) =>
    digest === release?.digest
      ? `${count} with this digest`
      : `${count} with ${shortenDigest(digest)}`,
  );
  return [`${ready} of ${wanted} ready`, ...running, ...waiting].join(", ");
}

function describeToken({ daysLeft, expiresAt, role }: StackOverview["tokens"][number]): string {
  return `${role} ${describeDaysLeft(daysLeft)} (${expiresAt.slice(0, 10)})`;
}

function renderNext(stack: StackOverview): string[] {
  const { promotion } = stack;
  if (!promotion?.isBehind) return [];
  const { isKnown, from } = promotion;
  return [
    ...row("next", `npx slipway promote ${from} ${stack.stack}`),
    ...(isKnown ? renderCommits(promotion) : []).map((line) => cutTo(printableLine(line), columns)),
  ];
}

/** Renders a time in UTC, to the minute. */
export function describeTime(time: string): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime())
    ? time
    : `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

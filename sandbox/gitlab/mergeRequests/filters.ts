import type { FastifyRequest } from "fastify";

import type { Caller } from "../access/authentication";
import type { GitLab } from "../gitlab";
import { isDraft, mergeRequestStates, type MergeRequest } from "../model/mergeRequests";
import { instant } from "../http/dates";
import { integers, words } from "../http/lists";
import { integer, oneOf, optional, readParameters, text } from "../http/parameters";
import { directions, isWithin, sortBy } from "../http/sorting";

const orders = [
  "created_at",
  "label_priority",
  "merged_at",
  "milestone_due",
  "popularity",
  "priority",
  "title",
  "updated_at",
] as const;

const filters = {
  state: optional(oneOf([...mergeRequestStates, "all"])),
  order_by: optional(oneOf(orders)),
  sort: optional(oneOf(directions)),
  scope: optional(
    oneOf([
      "created-by-me",
      "assigned-to-me",
      "created_by_me",
      "assigned_to_me",
      "reviews_for_me",
      "all",
    ]),
  ),
  iids: optional(integers),
  author_id: optional(integer),
  author_username: optional(text),
  source_branch: optional(text),
  target_branch: optional(text),
  labels: optional(words),
  search: optional(text),
  in: optional(text),
  wip: optional(oneOf(["yes", "no"])),
  draft: optional(oneOf(["yes", "no", "true", "false"])),
  created_after: optional(instant),
  created_before: optional(instant),
  updated_after: optional(instant),
  updated_before: optional(instant),
  view: optional(oneOf(["simple"])),
};

type Filters = ReturnType<typeof readParameters<typeof filters>>;

/** Reads the filters for merge requests. */
export function readFilters(request: FastifyRequest): Filters {
  return readParameters(request, filters);
}

/** Returns the merge requests that match, in the requested order. */
export function filterMergeRequests(
  gitlab: GitLab,
  mergeRequests: readonly MergeRequest[],
  asked: Filters,
  caller: Caller | undefined,
): MergeRequest[] {
  const author =
    asked.author_username === undefined
      ? asked.author_id
      : (gitlab.users.findByUsername(asked.author_username)?.id ?? 0);
  const found = mergeRequests
    .filter(({ state }) => [undefined, "all", state].includes(asked.state))
    .filter(({ iid }) => asked.iids === undefined || asked.iids.includes(iid))
    .filter(({ authorId }) => author === undefined || author === authorId)
    .filter(({ sourceBranch }) => [undefined, sourceBranch].includes(asked.source_branch))
    .filter(({ targetBranch }) => [undefined, targetBranch].includes(asked.target_branch))
    .filter((one) => isInScope(one, asked.scope, caller))
    .filter((one) => hasLabels(one, asked.labels))
    .filter((one) => isAsDraftAs(one, asked.wip ?? asked.draft))
    .filter((one) => contains(one, asked.search, asked.in))
    .filter(({ createdAt }) => isWithin(createdAt, asked.created_after, asked.created_before))
    .filter(({ updatedAt }) => isWithin(updatedAt, asked.updated_after, asked.updated_before));
  return sortBy(found, (one) => valueOf(one, asked.order_by), asked.sort ?? "desc");
}

/** Returns the value to sort by. The simulator has no milestones, priorities or thumbs, so creation replaces them. */
function valueOf(mergeRequest: MergeRequest, order: Filters["order_by"]): string {
  if (order === "updated_at") return mergeRequest.updatedAt;
  if (order === "merged_at") return mergeRequest.mergedAt ?? "";
  return order === "title" ? mergeRequest.title : mergeRequest.createdAt;
}

function isInScope(
  { authorId, assigneeIds, reviewerIds }: MergeRequest,
  scope: Filters["scope"],
  caller: Caller | undefined,
): boolean {
  const me = caller?.user.id ?? 0;
  if (scope === undefined || scope === "all") return true;
  if (scope === "reviews_for_me") return reviewerIds.includes(me);
  const created = scope === "created_by_me" || scope === "created-by-me";
  return created ? authorId === me : assigneeIds.includes(me);
}

function hasLabels({ labels }: MergeRequest, asked: readonly string[] = []): boolean {
  if (asked.length === 1 && asked[0]?.toLowerCase() === "none") return labels.length === 0;
  if (asked.length === 1 && asked[0]?.toLowerCase() === "any") return labels.length > 0;
  return asked.every((label) => labels.includes(label));
}

function isAsDraftAs(mergeRequest: MergeRequest, asked: string | undefined): boolean {
  return asked === undefined || isDraft(mergeRequest) === ["yes", "true"].includes(asked);
}

function contains(
  { title, description }: MergeRequest,
  search: string | undefined,
  places = "title,description",
): boolean {
  if (search === undefined) return true;
  const texts = { title, description: description ?? "" };
  return places
    .split(",")
    .some((place) =>
      texts[place as keyof typeof texts]?.toLowerCase().includes(search.toLowerCase()),
    );
}

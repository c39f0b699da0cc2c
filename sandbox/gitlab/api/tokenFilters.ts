import type { GitLab } from "../gitlab";
import type { AccessToken } from "../model/accessTokens";
import { day, instant } from "../http/dates";
import { boolean, integer, oneOf, optional, text } from "../http/parameters";

/** Parameters of a list of tokens. */
export const tokenFilters = {
  user_id: optional(integer),
  revoked: optional(boolean),
  state: optional(oneOf(["active", "inactive"])),
  created_before: optional(instant),
  created_after: optional(instant),
  last_used_before: optional(instant),
  last_used_after: optional(instant),
  expires_before: optional(day),
  expires_after: optional(day),
  search: optional(text),
  sort: optional(text),
};

type Given<K extends keyof typeof tokenFilters> = ReturnType<(typeof tokenFilters)[K]["parse"]>;
type Filters = {
  readonly [K in Exclude<keyof typeof tokenFilters, "user_id">]?: Extract<
    Given<K>,
    { value: unknown }
  >["value"];
};

/** Returns the tokens that match the filters, in the requested order. */
export function filterTokens(
  gitlab: GitLab,
  tokens: readonly AccessToken[],
  filters: Filters,
): AccessToken[] {
  const found = tokens.filter(
    (token) =>
      (filters.revoked === undefined || token.revoked === filters.revoked) &&
      (filters.state === undefined ||
        gitlab.accessTokens.isActive(token) === (filters.state === "active")) &&
      isWithin(token.createdAt, filters.created_after, filters.created_before) &&
      isWithin(token.lastUsedAt, filters.last_used_after, filters.last_used_before) &&
      (filters.expires_before === undefined || isBefore(token.expiresAt, filters.expires_before)) &&
      isWithin(token.expiresAt, filters.expires_after, undefined) &&
      token.name.toLowerCase().includes((filters.search ?? "").toLowerCase()),
  );
  return sortTokens(found, filters.sort);
}

/** Whether the time is in the range, both ends included; false without a time. */
function isWithin(
  time: string | null,
  after: string | undefined,
  before: string | undefined,
): boolean {
  if (after === undefined && before === undefined) return true;
  if (time === null) return false;
  return (after === undefined || time >= after) && (before === undefined || time <= before);
}

function isBefore(time: string | null, before: string): boolean {
  return time !== null && time < before;
}

/** Sorts tokens. An unknown order is ignored. */
function sortTokens(tokens: AccessToken[], order: string | undefined): AccessToken[] {
  const keys: Readonly<Record<string, (token: AccessToken) => string | null>> = {
    created: (token) => token.createdAt,
    expires: (token) => token.expiresAt,
    last_used: (token) => token.lastUsedAt,
    name: (token) => token.name.toLowerCase(),
  };
  const [, name = "", direction] = /^(\w+)_(asc|desc)$/.exec(order ?? "") ?? [];
  const key = Object.hasOwn(keys, name) ? keys[name] : undefined;
  if (key === undefined) return tokens;
  const sign = direction === "asc" ? 1 : -1;
  // As in PostgreSQL, a missing time counts as the latest. Of equal ones the newest token comes first.
  const compare = (one: string | null, other: string | null): number => {
    if (one === other) return 0;
    if (one === null || other === null) return one === null ? 1 : -1;
    return one < other ? -1 : 1;
  };
  return tokens.toSorted((one, other) => sign * compare(key(one), key(other)) || other.id - one.id);
}

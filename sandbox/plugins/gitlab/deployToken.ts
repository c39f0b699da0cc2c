import { isMap, omit, Secret, unwrapMap } from "../properties";
import type { Json, JsonObject, PropertyMap, PropertyValue } from "../properties";
import type { CheckFailure, DiffResult, PropertyDiff } from "../provider";

/** A kind of deploy token: of a project or of a group. */
export interface TokenKind {
  /** Property that contains the owner. */
  readonly owner: "project" | "group";

  /** The owner's collection in the API. */
  readonly collection: "projects" | "groups";
}

/** The resources of this plugin, by type. */
export const TOKEN_KINDS: Readonly<Record<string, TokenKind>> = {
  "gitlab:index/projectDeployToken:ProjectDeployToken": {
    owner: "project",
    collection: "projects",
  },
  "gitlab:index/groupDeployToken:GroupDeployToken": { owner: "group", collection: "groups" },
};

/** Property with the names of the properties that the plugin filled in, as in every bridged provider. */
export const DEFAULTS = "__defaults";

const SCOPES = [
  "read_repository",
  "read_registry",
  "write_registry",
  "read_virtual_registry",
  "write_virtual_registry",
  "read_package_registry",
  "write_package_registry",
];

const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

/** Returns the problems of a token's inputs. Unknown inputs count as valid until they are known. */
export function findProblems(kind: TokenKind, inputs: PropertyMap, now: number): CheckFailure[] {
  const plain = unwrapMap(inputs);
  const problems: CheckFailure[] = [];
  const known = [
    "name",
    "scopes",
    "expiresAt",
    "username",
    "validatePastExpirationDate",
    kind.owner,
  ];
  for (const property of Object.keys(plain)) {
    if (!known.includes(property) && property !== DEFAULTS) {
      problems.push({ property, reason: `\`${property}\` is not a property of a deploy token.` });
    }
  }
  for (const property of [kind.owner, "scopes"]) {
    if (plain[property] === undefined || plain[property] === "") {
      problems.push({ property, reason: `\`${property}\` is missing. Set it.` });
    }
  }
  const { scopes, expiresAt } = plain;
  for (const scope of Array.isArray(scopes) ? scopes : []) {
    if (typeof scope === "string" && !SCOPES.includes(scope)) {
      const reason = `\`scopes\` has "${scope}", which is none. Use some of: ${SCOPES.join(", ")}.`;
      problems.push({ property: "scopes", reason });
    }
  }
  if (typeof expiresAt === "string") {
    if (!RFC3339.test(expiresAt) || Number.isNaN(Date.parse(expiresAt))) {
      const reason = `\`expiresAt\` is "${expiresAt}", which is not a time in RFC 3339. Write it like 2026-01-31T00:00:00Z.`;
      problems.push({ property: "expiresAt", reason });
    } else if (plain.validatePastExpirationDate === true && Date.parse(expiresAt) <= now) {
      const reason = `\`expiresAt\` is "${expiresAt}", which is in the past. Use a time to come.`;
      problems.push({ property: "expiresAt", reason });
    }
  }
  return problems;
}

/**
 * Compares the wanted inputs with the state. GitLab can't change a token, so every difference replaces it. Inputs
 * that are left to GitLab never differ.
 */
export function compareTokens(kind: TokenKind, olds: PropertyMap, news: PropertyMap): DiffResult {
  const [before, now] = [unwrapMap(olds), unwrapMap(news)];
  const detailed = new Map<string, PropertyDiff>();
  for (const key of [kind.owner, "name", "scopes", "expiresAt", "username"]) {
    const [old, wanted] = [before[key], now[key]];
    if (wanted === undefined) {
      if (key === "expiresAt" && old !== undefined) {
        detailed.set(key, { kind: "DELETE_REPLACE" });
      }
    } else if (old === undefined) {
      detailed.set(key, { kind: "ADD_REPLACE" });
    } else if (!isSame(key, old, wanted)) {
      detailed.set(key, { kind: "UPDATE_REPLACE" });
    }
  }
  // A user's own name stays the same: as with every bridged resource that has one, the old token is deleted first,
  // unless the resource option says otherwise.
  const chosen = !namesDefault(now) && before.name === now.name;
  return { detailed, deleteBeforeReplace: detailed.size > 0 && chosen };
}

/** Renders the body of the request that creates a token. */
export function renderRequest(inputs: JsonObject): JsonObject {
  const { name, scopes, expiresAt, username } = inputs;
  return {
    name: name ?? "",
    scopes: scopes ?? [],
    ...(expiresAt !== undefined && { expires_at: expiresAt }),
    ...(username !== undefined && { username }),
  };
}

/**
 * Returns a token's properties, from GitLab's answer and the earlier ones: GitLab returns a token's value only once.
 */
export function readAnswer(answer: JsonObject, known: PropertyMap): PropertyMap {
  const before = unwrapMap(known);
  const token = answer.token ?? before.token;
  return {
    ...omit(before, [DEFAULTS, "token"]),
    name: answer.name ?? null,
    scopes: keep("scopes", before.scopes, answer.scopes),
    username: answer.username ?? null,
    expired: answer.expired ?? false,
    revoked: answer.revoked ?? false,
    ...(answer.expires_at != null && {
      expiresAt: keep("expiresAt", before.expiresAt, answer.expires_at),
    }),
    ...(token !== undefined && { token: new Secret(token) }),
  };
}

/** Returns the inputs with which GitLab would create the token as it now is. */
export function readInputs(
  kind: TokenKind,
  properties: PropertyMap,
  inputs: PropertyMap,
): PropertyMap {
  const imported = Object.keys(inputs).length === 0;
  const keys = [kind.owner, "name", "scopes", "expiresAt", "username"];
  const current = Object.fromEntries(
    keys
      .filter((key) => properties[key] !== undefined && (imported || inputs[key] !== undefined))
      .map((key) => [key, properties[key]]),
  );
  return { [DEFAULTS]: [], ...inputs, ...current };
}

/** Whether the plugin chose the token's name. */
export function namesDefault(inputs: PropertyMap): boolean {
  const defaults = inputs[DEFAULTS];
  return Array.isArray(defaults) && defaults.includes("name");
}

/** Keeps the written form of a value if GitLab returns the same value in another form. */
function keep(key: string, written: PropertyValue | undefined, answer: Json | undefined): Json {
  const current = answer ?? null;
  return written !== undefined && isSame(key, written, current) ? (written as Json) : current;
}

/** Whether two values mean the same: scopes are a set, times are instants. */
function isSame(key: string, a: PropertyValue, b: PropertyValue): boolean {
  if (key === "scopes" && Array.isArray(a) && Array.isArray(b)) {
    return JSON.stringify(a.map(String).sort()) === JSON.stringify(b.map(String).sort());
  }
  if (key === "expiresAt" && typeof a === "string" && typeof b === "string") {
    return Date.parse(a) === Date.parse(b);
  }
  return isMap(a) || isMap(b) ? false : a === b;
}

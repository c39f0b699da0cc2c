import { everywhere, fromStaging, readNumber, readTexts, type Rule, textList } from "../rule";
import type { CheckedResource } from "../rule";
import { readList, readPath, readText, unknownValue } from "../values";

/** What a token needs to push and pull images. */
const defaultScopes = ["read_registry", "write_registry"];

/** Days that a token may be valid: two periods of the longest `rotateEveryDays` that is sensible for the tier. */
const defaultDays = { development: 365, staging: 365, production: 180 };

const dayMs = 24 * 60 * 60 * 1000;

/** Whether the resource is a token of GitLab, with scopes and an expiry. */
export function isToken({ type }: CheckedResource): boolean {
  return /^gitlab:index\/\w+:(\w*DeployToken|\w*AccessToken)$/.test(type);
}

/** Only the registry's scopes. */
export const tokenScopes: Rule = {
  name: "token-scopes",
  description: "Tokens of GitLab have the registry's scopes, and no other.",
  remedy: "Remove the scope, or add it to the setting `scopes`.",
  levels: everywhere,
  settings: { scopes: textList("Further scopes, such as `read_repository`.") },
  findProblems: (resource, context) => {
    if (!isToken(resource)) return [];
    const allowed = [...defaultScopes, ...readTexts(context, "scopes")];
    return readList(resource.properties, "scopes").flatMap((scope) =>
      typeof scope !== "string" || allowed.includes(scope)
        ? []
        : [
            `\`scopes\` has "${scope}", which images don't need: whoever gets the token could use it for more than the registry. Use only ${formatNames(allowed)}, or add "${scope}" to the policy's setting \`scopes\`.`,
          ],
    );
  },
};

/** An expiry, and not too late. */
export const tokenExpiry: Rule = {
  name: "token-expiry",
  description: "Tokens of GitLab expire within a limit of days.",
  remedy: "Set `expiresAt`; for the tokens of a Slipway stack, a shorter `rotateEveryDays`.",
  levels: fromStaging,
  settings: {
    days: {
      type: "integer",
      minimum: 1,
      description: "Limit in days; if not set, 180 in production and 365 elsewhere.",
    },
  },
  findProblems: (resource, context) => {
    const expiresAt = readPath(resource.properties, "expiresAt");
    if (!isToken(resource) || expiresAt === unknownValue) return [];
    const days = readNumber(context, "days", defaultDays[context.stack.tier]);
    if (typeof expiresAt !== "string" || expiresAt === "") {
      return [
        `\`expiresAt\` is missing: the token is valid until somebody revokes it. Set a time within ${days} days.`,
      ];
    }
    const time = Date.parse(expiresAt);
    if (Number.isNaN(time)) {
      return [`\`expiresAt\` is "${expiresAt}", which is not a time. Use RFC 3339.`];
    }
    return time <= context.now.getTime() + days * dayMs
      ? []
      : [
          `\`expiresAt\` is "${expiresAt}", more than ${days} days from now. Use an earlier time; for the tokens of a Slipway stack: \`pulumi config set rotateEveryDays ${Math.floor(days / 2)}\`.`,
        ];
  },
};

/** Whether a token may write to the registry. */
export function mayWrite(token: CheckedResource): boolean {
  return readList(token.properties, "scopes").some(
    (scope) => typeof scope === "string" && /^(write_|api$|admin)/.test(scope),
  );
}

/** Name of a token in GitLab, or else in the program. */
export function describeToken(token: CheckedResource): string {
  return readText(token.properties, "name") ?? token.name;
}

function formatNames(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(", ");
}

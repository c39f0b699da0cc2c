import { createHash } from "node:crypto";

export const environmentTiers = [
  "production",
  "staging",
  "testing",
  "development",
  "other",
] as const;
export type EnvironmentTier = (typeof environmentTiers)[number];

const maximumSlug = 24;
const maximumStem = 17;
const suffixLength = 6;

/**
 * Computes the name that is used in host names and labels: lower-case letters, digits and single dashes, starting
 * with a letter, at most 24 characters. A name that has another form gets a suffix computed from it, so that two such
 * names differ.
 */
export function computeSlug(name: string): string {
  const cleaned = name.toLowerCase().replace(/[^a-z0-9]/g, "-");
  const slug = (/^[a-z]/.test(cleaned) ? cleaned : `env-${cleaned}`).replace(/-+/g, "-");
  if (slug.length <= maximumSlug && slug === name) return slug.replace(/-$/, "");
  const stem = slug.slice(0, maximumStem);
  return `${stem}${stem.endsWith("-") ? "" : "-"}${computeSuffix(name)}`;
}

function computeSuffix(name: string): string {
  const hash = createHash("sha256").update(name).digest("hex");
  return BigInt(`0x${hash}`).toString(36).slice(-suffixLength);
}

/** The first match counts: `review-of-production` is for development, and `preprod` for staging. */
const tierPatterns: readonly (readonly [EnvironmentTier, RegExp])[] = [
  ["development", /dev|review|trunk/i],
  ["testing", /test|tst|int|ac(?:ce)?pt|qa|qc|control|quality/i],
  ["staging", /sta?g|mode?l|pre|demo|non/i],
  ["production", /pro?d|live/i],
];

/** Returns the tier that a name suggests. */
export function guessTier(name: string): EnvironmentTier {
  return tierPatterns.find(([, pattern]) => pattern.test(name))?.[0] ?? "other";
}

/** Returns the folder that an environment is shown in, such as `review`; null if none. */
export function folderOf(name: string): string | null {
  const [folder, ...rest] = name.split("/");
  return rest.length > 0 ? (folder ?? null) : null;
}

const maximumName = 255;
const namePattern = /^[a-zA-Z0-9_${}. -]([a-zA-Z0-9_/${}. -]*[a-zA-Z0-9_${}. -])?$/;

/** Returns the problems of the name; GitLab puts them after the name. */
export function findNameProblems(name: string): string[] {
  return [
    ...(name.trim() === "" ? ["can't be blank"] : []),
    ...(name.length > maximumName ? [`is too long (maximum is ${maximumName} characters)`] : []),
    ...(namePattern.test(name)
      ? []
      : [
          "can contain only letters, digits, '-', '_', '/', '$', '{', '}', '.', and spaces, but it " +
            "cannot start or end with '/'",
        ]),
  ];
}

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
 * The name as it may be part of host names and labels: lower-case letters, digits and single dashes, from a
 * letter on, 24 characters at most. A name that isn't like that already gets a suffix that is computed from
 * it, so that two such names differ.
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

/** In this order: `review-of-production` is for development, and `preprod` for staging. */
const tierPatterns: readonly (readonly [EnvironmentTier, RegExp])[] = [
  ["development", /dev|review|trunk/i],
  ["testing", /test|tst|int|ac(?:ce)?pt|qa|qc|control|quality/i],
  ["staging", /sta?g|mode?l|pre|demo|non/i],
  ["production", /pro?d|live/i],
];

/** The tier that a name suggests. */
export function guessTier(name: string): EnvironmentTier {
  return tierPatterns.find(([, pattern]) => pattern.test(name))?.[0] ?? "other";
}

/** The folder that an environment is shown in, such as `review`; null for none. */
export function folderOf(name: string): string | null {
  const [folder, ...rest] = name.split("/");
  return rest.length > 0 ? (folder ?? null) : null;
}

const maximumName = 255;
const namePattern = /^[a-zA-Z0-9_${}. -]([a-zA-Z0-9_/${}. -]*[a-zA-Z0-9_${}. -])?$/;

/** What is wrong with the name, in GitLab's words after it. */
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

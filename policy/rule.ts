import type { EnforcementLevel, PolicyConfigSchema } from "@pulumi/policy";

import type { Tier } from "../components/release/release";
import type { Stack } from "./stack";
import type { Value } from "./values";

/** A resource, as rules see it. */
export interface CheckedResource {
  /** Type token, such as `kubernetes:apps/v1:Deployment`. */
  readonly type: string;

  /** Name in the program. */
  readonly name: string;

  readonly urn: string;

  /** Inputs of one resource; outputs if the whole stack is checked. */
  readonly properties: Value;

  /** Inputs of its explicit provider; undefined if it has the default one. */
  readonly provider: Value;

  /** Whether the engine refuses to delete it. */
  readonly isProtected: boolean;

  /** URNs of what each property was computed from. Only known if the whole stack is checked. */
  readonly sources: Readonly<Record<string, readonly string[]>>;
}

/** What else a rule knows. */
export interface RuleContext {
  readonly stack: Stack;

  /** The rule's own settings, from the file of `--policy-pack-config`. */
  readonly settings: Readonly<Record<string, unknown>>;

  /** Current time. */
  readonly now: Date;
}

/** A problem of a resource in a stack. */
export interface StackProblem {
  readonly urn: string;
  readonly message: string;
}

/** What no stack may do. */
export interface Rule {
  /** Name of the policy, in kebab-case. Files of levels refer to it. */
  readonly name: string;

  /** What must be so, as a sentence. */
  readonly description: string;

  /** What to do, as a sentence, whatever the resource. */
  readonly remedy: string;

  /** What a violation does, by the stack's tier. */
  readonly levels: Readonly<Record<Tier, EnforcementLevel>>;

  /** Settings of the rule beside its level. */
  readonly settings?: PolicyConfigSchema["properties"];

  /** Returns a message for each problem of a resource, before it is created or changed. */
  readonly findProblems?: (resource: CheckedResource, context: RuleContext) => string[];

  /** Returns the problems that only show in all resources together, at the end of a preview or an update. */
  readonly findStackProblems?: (
    resources: readonly CheckedResource[],
    context: RuleContext,
  ) => StackProblem[];
}

/** Levels of a rule that holds everywhere. */
export const everywhere: Rule["levels"] = {
  development: "mandatory",
  staging: "mandatory",
  production: "mandatory",
};

/** Levels of a rule that only warns in development. */
export const fromStaging: Rule["levels"] = { ...everywhere, development: "advisory" };

/** Levels of a rule for what is public. */
export const inProduction: Rule["levels"] = {
  development: "disabled",
  staging: "disabled",
  production: "mandatory",
};

/** Setting of a rule with texts. */
export const textList = (description: string): PolicyConfigSchema["properties"][string] => ({
  type: "array",
  items: { type: "string" },
  description,
});

/** Returns a setting's texts; none if it is not set. */
export function readTexts({ settings }: RuleContext, name: string): readonly string[] {
  const value = settings[name];
  return Array.isArray(value)
    ? value.filter((item): item is string => typeof item === "string")
    : [];
}

/** Returns a setting's number, or the default. */
export function readNumber({ settings }: RuleContext, name: string, otherwise: number): number {
  const value = settings[name];
  return typeof value === "number" ? value : otherwise;
}

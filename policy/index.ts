import type {
  Policies,
  PolicyResource,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";

import type { CheckedResource, Rule } from "./rule";
import { disruptionBudget, replicas } from "./rules/availability";
import { imageDigest, imageRegistry, imageTag } from "./rules/images";
import { namespaceRestricted, podRestricted } from "./rules/pods";
import {
  pullSecret,
  pullSecretJobToken,
  pullSecretMutable,
  pullSecretScope,
} from "./rules/pullSecrets";
import { imageRetained } from "./rules/retention";
import { plainSecret } from "./rules/secrets";
import { serviceExposure } from "./rules/services";
import { tokenExpiry, tokenScopes } from "./rules/tokens";
import { readStack, type Stack } from "./stack";
import { copyProperties } from "./values";

export type { Stack } from "./stack";
export { readStack } from "./stack";

/** Everything that no stack may do, in the order of the documentation. */
export const rules: readonly Rule[] = [
  imageTag,
  imageDigest,
  imageRegistry,
  imageRetained,
  podRestricted,
  namespaceRestricted,
  plainSecret,
  pullSecret,
  pullSecretJobToken,
  pullSecretMutable,
  pullSecretScope,
  tokenScopes,
  tokenExpiry,
  replicas,
  disruptionBudget,
  serviceExposure,
];

/**
 * Creates the policies of a stack, with the levels of its tier. Another pack can have them beside its own.
 *
 * @param stack what is known of the stack; by default from the configuration that Pulumi gives to a pack
 * @param readNow the clock that decides whether a token is valid for too long
 * @example
 * new PolicyPack("company", { policies: [...createPolicies(), ...ourPolicies] });
 */
export function createPolicies(
  stack: Stack = readStack(),
  readNow: () => Date = () => new Date(),
): Policies {
  return rules.map((rule) => createPolicy(rule, stack, readNow));
}

function createPolicy(
  rule: Rule,
  stack: Stack,
  readNow: () => Date,
): ResourceValidationPolicy | StackValidationPolicy {
  const { findProblems, findStackProblems } = rule;
  const createContext = (args: { getConfig<T extends object>(): T }) => ({
    stack,
    settings: args.getConfig<Record<string, unknown>>(),
    now: readNow(),
  });
  const policy = {
    name: rule.name,
    description: rule.description,
    remediationSteps: rule.remedy,
    enforcementLevel: rule.levels[stack.tier],
    ...(rule.settings && { configSchema: { properties: rule.settings } }),
    ...(findProblems &&
      ({
        validateResource: (args, report) => {
          for (const message of findProblems(describeResource(args), createContext(args))) {
            report(message);
          }
        },
      } satisfies Pick<ResourceValidationPolicy, "validateResource">)),
    ...(findStackProblems &&
      ({
        validateStack: (args, report) => {
          const resources = args.resources.map(describeResource);
          for (const { message, urn } of findStackProblems(resources, createContext(args))) {
            report(message, urn);
          }
        },
      } satisfies Pick<StackValidationPolicy, "validateStack">)),
  };
  return policy;
}

function describeResource(resource: PolicyResource | ResourceValidationArgs): CheckedResource {
  const sources = "propertyDependencies" in resource ? resource.propertyDependencies : {};
  return {
    type: resource.type,
    name: resource.name,
    urn: resource.urn,
    properties: copyProperties(resource.props),
    provider: copyProperties(resource.provider?.props),
    isProtected: resource.opts.protect,
    sources: Object.fromEntries(
      Object.entries(sources).map(([property, found]) => [property, found.map(({ urn }) => urn)]),
    ),
  };
}

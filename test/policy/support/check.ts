import {
  type PolicyResource,
  type ResourceValidationArgs,
  type ResourceValidationPolicy,
  type StackValidationPolicy,
  unknownCheckingProxy,
} from "@pulumi/policy";

import { createPolicies, type Stack } from "../../../policy/index";

/** What Pulumi's engine sends in place of a text, a list and an object that a preview does not know. */
export const unknown = {
  text: "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  list: "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  object: "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
};

// The SDK exports it for tests, without its type.
const createProxy = unknownCheckingProxy as (properties: object) => Record<string, unknown>;

/** A resource of a test. */
export interface TestResource {
  readonly type: string;
  readonly name?: string;
  /** Types of its ancestors, outermost first. */
  readonly parents?: readonly string[];
  readonly props?: object;
  /** Inputs of its provider. */
  readonly provider?: object;
  readonly protect?: boolean;
  /** Names of the resources that a property depends on. */
  readonly dependsOn?: Readonly<Record<string, readonly TestResource[]>>;
}

interface Options {
  readonly stack?: Partial<Stack>;
  readonly settings?: object;
  readonly now?: Date;
}

const production: Stack = {
  tier: "production",
  registry: "gitlab.example.com:5050",
  pullSecret: undefined,
};

type Policy = ResourceValidationPolicy & Partial<StackValidationPolicy>;

function findPolicy(name: string, { now, stack }: Options): Policy {
  const policies = createPolicies(
    { ...production, ...stack },
    () => now ?? new Date(0),
  ) as Policy[];
  const policy = policies.find((candidate) => candidate.name === name);
  if (policy === undefined) throw new Error(`There is no policy \`${name}\`.`);
  return policy;
}

const computeUrn = ({ name = "web", parents = [], type }: TestResource): string =>
  `urn:pulumi:prod::site::${[...parents, type].join("$")}::${name}`;

/** The arguments as the SDK's server builds them, with the proxy that throws at unknown values. */
function describe(resource: TestResource, settings: object = {}) {
  const { name = "web", props = {}, protect = false, provider, type } = resource;
  return {
    type,
    name,
    urn: computeUrn(resource),
    props: createProxy(props),
    opts: {
      protect,
      ignoreChanges: [],
      aliases: [],
      additionalSecretOutputs: [],
      customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
    },
    provider: provider && {
      type: "pulumi:providers:kubernetes",
      name: "cluster",
      urn: "urn:pulumi:prod::site::pulumi:providers:kubernetes::cluster",
      props: createProxy(provider),
    },
    stackTags: new Map<string, string>(),
    isType: () => false,
    asType: () => undefined,
    getConfig: <T extends object>() => settings as T,
    notApplicable: (): never => {
      throw new Error("not applicable");
    },
  } satisfies ResourceValidationArgs;
}

/** What a policy reports of one resource, before it is created. */
export async function checkResource(
  policy: string,
  resource: TestResource,
  options: Options = {},
): Promise<string[]> {
  const messages: string[] = [];
  const { validateResource } = findPolicy(policy, options);
  if (typeof validateResource !== "function") throw new Error(`\`${policy}\` checks no resource.`);
  await validateResource(describe(resource, options.settings), (message) => messages.push(message));
  return messages;
}

/** What a policy reports of a whole stack, with the name of the resource. */
export async function checkStack(
  policy: string,
  resources: readonly TestResource[],
  options: Options = {},
): Promise<string[]> {
  const messages: string[] = [];
  const { getConfig, notApplicable, stackTags } = describe({ type: "" }, options.settings);
  const all = resources.map((resource): PolicyResource => ({
    ...describe(resource),
    dependencies: [],
    propertyDependencies: Object.fromEntries(
      Object.entries(resource.dependsOn ?? {}).map(([property, sources]) => [
        property,
        sources.map((source) => ({ urn: computeUrn(source) }) as PolicyResource),
      ]),
    ),
  }));
  const { validateStack } = findPolicy(policy, options);
  if (validateStack === undefined) throw new Error(`\`${policy}\` checks no stack.`);
  await validateStack({ resources: all, getConfig, notApplicable, stackTags }, (message, urn) =>
    messages.push(`${urn?.split("::").at(-1)}: ${message}`),
  );
  return messages;
}

/** What all policies of the tier report of a stack: level, policy, resource and message. */
export async function checkEverything(
  resources: readonly TestResource[],
  stack: Stack,
): Promise<string[]> {
  const reports: string[] = [];
  for (const { enforcementLevel, name, ...policy } of createPolicies(stack) as Policy[]) {
    if (enforcementLevel === "disabled") continue;
    const options = { stack, now: new Date() };
    for (const resource of policy.validateResource ? resources : []) {
      for (const message of await checkResource(name, resource, options)) {
        reports.push(`${enforcementLevel} ${name} ${resource.name}: ${message}`);
      }
    }
    for (const message of policy.validateStack ? await checkStack(name, resources, options) : []) {
      reports.push(`${enforcementLevel} ${name} ${message}`);
    }
  }
  return reports;
}

import { type BuilderDemands, findEngineLimits } from "../components/image/engineLimits";
import { shortenStackName } from "../components/release/stackName";
import { defaultReplicas } from "../components/site/defaults";
import { environmentFolder } from "../components/site/runtimeConfig";
import { computeUniqueName, nameLimit } from "../components/site/uniqueName";
import { defaultReadinessPath } from "../components/site/webServer";
import type { Problem } from "../components/problem";
import { defaultRegistry } from "./keys/registry";
import { noTags } from "./keys/release";
import { siteName } from "./keys/site";
import type { ParsedConfig } from "./parse";
import { findPromotedArgProblems } from "./promotedBuildArgs";

/** Values of all groups side by side. */
type Values = ReturnType<typeof flatten>;

/** What a rule knows beside the values. */
export interface RuleContext {
  /** Name of the Pulumi project. */
  readonly project: string;

  /** Full name of the stack, `organization/project/stack`. */
  readonly stack: string;

  /** Host name of GitLab, without port. */
  readonly gitlabHost: string;
  readonly env: NodeJS.ProcessEnv;
}

/** A rule that concerns several values, or a value and its surroundings. */
interface Rule {
  /** Keys that it reads. It is skipped if one of them is invalid. */
  readonly keys: readonly (keyof Values)[];
  readonly find: (values: Values, context: RuleContext) => readonly Problem[];
}

function rule<K extends keyof Values>(
  keys: readonly K[],
  find: (values: Pick<Values, K>, context: RuleContext) => readonly Problem[],
): Rule {
  return { keys, find };
}

/** Which values don't fit together. */
export function findRuleProblems(config: ParsedConfig, context: RuleContext): Problem[] {
  const values = flatten(config);
  const invalid = config.findings.map(({ key }) => key);
  return rules
    .filter(({ keys }) => !keys.some((key) => invalid.includes(key)))
    .flatMap(({ find }) => find(values, context));
}

function flatten({ access, image, registry, release, site }: ParsedConfig) {
  return { ...registry, ...release, ...image, ...site, ...access };
}

const set = "pulumi config set";

const rules: readonly Rule[] = [
  rule(["registry"], ({ registry }, { env, gitlabHost }) => {
    if (registry !== defaultRegistry || gitlabHost === "gitlab.com") return [];
    const { CI_REGISTRY: ofJob = "" } = env;
    const own = ["", defaultRegistry].includes(ofJob) ? `${gitlabHost}:5050` : ofJob;
    return [
      {
        text: `\`registry\` is "${registry}", but GitLab is "${gitlabHost}". Use the registry of that GitLab: the project shows it under Deploy > Container registry, often as "${gitlabHost}:5050" or "registry.${gitlabHost}".`,
        command: `${set} registry ${own}`,
      },
    ];
  }),

  rule(["group", "project"], ({ group, project }) => {
    if (group === undefined || /^\d+$/.test(group) || project.startsWith(`${group}/`)) return [];
    return [
      {
        text: `\`group\` is "${group}", which does not contain \`project\`. Its deploy tokens would have no access to the project's registry.`,
        command: `${set} group ${project.slice(0, project.lastIndexOf("/"))}`,
      },
    ];
  }),

  rule(["host", "tlsSecret", "ingressClass", "ingressAnnotations"], ({ host, ...values }) =>
    (["tlsSecret", "ingressClass", "ingressAnnotations"] as const)
      .filter((key) => host === undefined && values[key] !== undefined)
      .map((key) => ({
        text: `\`${key}\` has no effect without \`host\`: without it there is no Ingress.`,
        command: `${set} host www.example.com`,
      })),
  ),

  rule(["autoscaling", "replicas"], ({ autoscaling, replicas }) => {
    if (autoscaling === undefined || replicas === defaultReplicas) return [];
    return [
      {
        text: `\`replicas\` is ${replicas}, which has no effect with \`autoscaling\`: the autoscaler sets the number of pods. Remove it; its place is taken by \`autoscaling.minReplicas\`.`,
        command: "pulumi config rm replicas",
      },
    ];
  }),

  rule(["autoscaling", "resources"], ({ autoscaling, resources }) => {
    if (autoscaling === undefined || resources === undefined) return [];
    // Kubernetes takes a limit for a request that is missing.
    if ((resources.requests?.cpu ?? resources.limits?.cpu) !== undefined) return [];
    return [
      {
        text: "`resources.requests.cpu` is missing. With `autoscaling` it is what the pods' use of CPU is compared with.",
        command: `${set} --path 'resources.requests.cpu' 25m`,
      },
    ];
  }),

  rule(["pods", "writablePaths"], ({ pods, writablePaths }) => {
    const mounted = (pods?.volumes ?? []).map(({ path }) => path);
    const others = ["/tmp", environmentFolder, ...writablePaths];
    const twice = mounted.filter((path, index) =>
      [...others, ...mounted.slice(0, index)].includes(path),
    );
    return twice.map((path) => ({
      text: `\`pods.volumes\` has "${path}", in which something else is mounted already. Use another path.`,
      command: `${set} --path 'pods.volumes[${mounted.lastIndexOf(path)}].path' <path>`,
    }));
  }),

  rule(["namespace"], ({ namespace }, { project, stack }) => {
    const name = computeUniqueName(project, siteName, shortenStackName(stack));
    const kind = namespace === undefined ? "namespace" : "Deployment and Service";
    const rename = { command: "pulumi stack rename <name>" };
    if (name.length > nameLimit) {
      return [
        {
          text: `The stack's name is too long: its ${kind} would be named "${name}", which has ${name.length} characters. Kubernetes allows ${nameLimit}.`,
          ...rename,
        },
      ];
    }
    if (namespace === undefined || /^[a-z]/.test(name)) return [];
    return [
      {
        text: `\`namespace\` is "${namespace}", in which the ${kind} would be named "${name}". Kubernetes requires a letter at the beginning. Rename the Pulumi project, or use a namespace of the stack's own.`,
        command: "pulumi config rm namespace",
      },
    ];
  }),

  rule(["keepReleases", "tags", "webServer"], ({ keepReleases, tags, webServer }) => {
    if (keepReleases === 0) return [];
    const command = "pulumi config rm keepReleases";
    const problems = [];
    if (webServer === "image") {
      problems.push(
        '`keepReleases` has no effect with `webServer` "image": the image\'s own web server serves nothing but its own files. Remove it, or use the Dockerfile that `npx slipway init --dockerfile slipway` writes, with `webServer` "slipway".',
      );
    }
    if (!tags.includes("environment")) {
      problems.push(
        "`keepReleases` needs `environment` among `tags`: without the tags `previous-<stack>` and `kept-<number>-<stack>` a cleanup deletes releases that the pods need to start.",
      );
    }
    return problems.map((text) => ({ text, command }));
  }),

  rule(["publicConfig", "webServer"], ({ publicConfig, webServer }) => {
    if (webServer === "slipway" || Object.keys(publicConfig).length === 0) return [];
    return [
      {
        text: '`publicConfig` has no effect with `webServer` "image": the image\'s own web server does not serve `/config.json`. Remove it, or use the Dockerfile that `npx slipway init --dockerfile slipway` writes, with `webServer` "slipway".',
        command: "pulumi config rm publicConfig",
      },
    ];
  }),

  rule(["basicAuth", "readinessPath", "webServer"], ({ basicAuth, readinessPath, webServer }) => {
    if (Object.keys(basicAuth).length === 0) return [];
    const problems: Problem[] = [];
    if (webServer === "image") {
      problems.push({
        text: '`basicAuth` has no effect with `webServer` "image": everybody could see the site. Let the image\'s own web server ask, or use the Dockerfile that `npx slipway init --dockerfile slipway` writes.',
        command: "pulumi config rm basicAuth",
      });
    }
    if (!["", defaultReadinessPath].includes(readinessPath)) {
      problems.push({
        text: `\`readinessPath\` is "${readinessPath}", for which \`basicAuth\` asks the kubelet for a password. Remove it: \`/healthz\` is checked then.`,
        command: "pulumi config rm readinessPath",
      });
    }
    return problems;
  }),

  rule(
    ["contentPolicy", "headers", "hstsMaxAge", "webServer"],
    ({ contentPolicy, headers, hstsMaxAge, webServer }) => {
      if (webServer === "slipway") return [];
      const isSet = {
        contentPolicy,
        headers,
        hstsMaxAge: hstsMaxAge === 0 ? undefined : hstsMaxAge,
      };
      return Object.entries(isSet)
        .filter(([, value]) => value !== undefined)
        .map(([key]) => ({
          text: `\`${key}\` has no effect with \`webServer\` "image": the image's own web server sends its own headers. Remove it, or use the Dockerfile that \`npx slipway init --dockerfile slipway\` writes, with \`webServer\` "slipway".`,
          command: `pulumi config rm ${key}`,
        }));
    },
  ),

  rule(["rotateEveryDays", "warnDays"], ({ rotateEveryDays, warnDays }) => {
    if (warnDays <= rotateEveryDays) return [];
    return [
      {
        text: `\`warnDays\` is ${warnDays}, more than \`rotateEveryDays\` (${rotateEveryDays}): it would warn about tokens that are not due yet.`,
        command: `${set} warnDays ${Math.floor(rotateEveryDays / 4)}`,
      },
    ];
  }),

  rule(["release", "promoteFrom"], ({ promoteFrom, release }, { stack }) => {
    if (release === "promote" && promoteFrom === undefined) {
      return [
        {
          text: '`promoteFrom` is missing. With `release` "promote" it is the stack that runs the release.',
          command: `${set} promoteFrom staging`,
        },
      ];
    }
    const problems: Problem[] = [];
    if (release === "build" && promoteFrom !== undefined) {
      problems.push({
        text: '`promoteFrom` has no effect with `release` "build": this stack builds its own release.',
        command: `${set} release promote`,
      });
    }
    if (promoteFrom === stack || promoteFrom === shortenStackName(stack)) {
      problems.push({
        text: `\`promoteFrom\` is "${promoteFrom}", this stack itself. Use the stack that runs a release before this one.`,
        command: `${set} promoteFrom staging`,
      });
    }
    return problems;
  }),

  rule(
    ["release", "promoteFrom", "buildArgs"],
    ({ buildArgs, promoteFrom, release }, { project }) =>
      release === "promote" && promoteFrom !== undefined
        ? findPromotedArgProblems({ project, promoteFrom, buildArgs })
        : [],
  ),

  rule(["digest", "release", "skipStaging", "tier"], ({ digest, release, skipStaging, tier }) => {
    // A pinned stack builds nothing, and it ran the pinned release before.
    if (tier === "production" && release === "build" && !skipStaging && digest === undefined) {
      return [
        {
          text: '`release` is "build", but a stack of `tier` "production" runs only releases that a staging stack runs. Promote from there, or skip staging: `pulumi config set skipStaging true`.',
          command: `${set} release promote`,
        },
      ];
    }
    if (tier === "production" || !skipStaging) return [];
    return [
      {
        text: `\`skipStaging\` has no effect with \`tier\` "${tier}": only production requires staging.`,
        command: "pulumi config rm skipStaging",
      },
    ];
  }),

  rule(["tags", "tier"], ({ tags, tier }) => {
    if (tier !== "production" || !tags.includes("latest")) return [];
    const others = tags.filter((kind) => kind !== "latest");
    return [
      {
        text: '`tags` has "latest", which a stack of `tier` "production" never moves.',
        command: `${set} tags ${others.join(",") || noTags}`,
      },
    ];
  }),

  rule(["builder", "buildSecrets", "cache", "platforms", "tags"], ({ builder, ...values }) => {
    if (builder !== "engine") return [];
    const demands: BuilderDemands = { ...values, buildSecrets: Object.keys(values.buildSecrets) };
    const commands: Record<keyof BuilderDemands, string> = {
      buildSecrets: "rm buildSecrets",
      cache: "set cache false",
      platforms: `set platforms ${demands.platforms[0]}`,
      tags: `set tags ${noTags}`,
    };
    return findEngineLimits(demands).map(({ reason, subject }) => ({
      text: `\`${subject}\` does not work with \`builder\` "engine", which ${reason}.`,
      command: `pulumi config ${commands[subject]}`,
    }));
  }),
];

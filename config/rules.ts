import { type BuilderDemands, findEngineLimits } from "../components/image/engineLimits";
import type { Problem } from "./problem";
import { formatExample, noTags, type Values } from "./schema";
import { splitList, tryParseObject } from "./validators";

/** What fits alone, but not beside the other values. */
export function findRelationProblems({ host, project, group, ...values }: Values): Problem[] {
  const idle = (["tlsSecret", "ingressClass"] as const).filter((key) => host === "" && values[key]);
  const problems = idle.map((key) => ({
    text: `\`${key}\` has no effect without \`host\`: no Ingress is made.`,
    command: `pulumi config set ${formatExample("host")}`,
  }));
  const isPath = group !== "" && !/^\d+$/.test(group);
  if (isPath && project.includes("/") && !project.startsWith(`${group}/`)) {
    problems.push({
      text: `\`group\` is not above \`project\`: its deploy tokens would not open the project's registry.`,
      command: `pulumi config set group ${project.slice(0, project.lastIndexOf("/"))}`,
    });
  }
  const rotateEveryDays = Number(values.rotateEveryDays);
  if (rotateEveryDays > 0 && Number(values.warnDays) > rotateEveryDays) {
    problems.push({
      text: `\`warnDays\` is ${values.warnDays}, more than \`rotateEveryDays\` (${rotateEveryDays}): it would warn of tokens that are not due yet.`,
      command: `pulumi config set warnDays ${Math.floor(rotateEveryDays / 4)}`,
    });
  }
  return problems;
}

/**
 * What of where the release comes from fits alone, but not beside the other values.
 *
 * @param stack full name of the stack that is configured, `organization/project/stack`
 */
export function findReleaseProblems(values: Values, stack: string): Problem[] {
  const { digest, promoteFrom, release, skipStaging, tier } = values;
  const problems: Problem[] = [];
  if (release === "promote" && promoteFrom === "") {
    problems.push({
      text: '`promoteFrom` is missing. With `release` "promote" it is the stack that the release is taken from.',
      command: "pulumi config set promoteFrom staging",
    });
  }
  if (release === "build" && promoteFrom !== "") {
    problems.push({
      text: '`promoteFrom` has no effect with `release` "build": this stack builds its own.',
      command: "pulumi config set release promote",
    });
  }
  const name = stack.slice(stack.lastIndexOf("/") + 1);
  if (promoteFrom !== "" && (promoteFrom === stack || promoteFrom === name)) {
    problems.push({
      text: `\`promoteFrom\` is "${promoteFrom}", this stack itself. Name the stack that runs the release before it does.`,
      command: "pulumi config set promoteFrom staging",
    });
  }
  // A pinned stack builds nothing, and what pins it was proven somewhere.
  if (tier === "production" && release === "build" && skipStaging !== "true" && digest === "") {
    problems.push({
      text: '`release` is "build", but a stack of `tier` "production" takes only what a staging stack runs. Promote from there, or let it skip staging: `pulumi config set skipStaging true`.',
      command: "pulumi config set release promote",
    });
  }
  if (tier !== "production" && skipStaging === "true") {
    problems.push({
      text: `\`skipStaging\` has no effect with \`tier\` "${tier}": only production waits for staging.`,
      command: "pulumi config rm skipStaging",
    });
  }
  return problems;
}

/** What of a build fits alone, but not beside the other values. */
export function findBuildProblems(values: Values): Problem[] {
  return [...findProductionProblems(values), ...findBuilderProblems(values)];
}

/** Nobody deploys a moving tag to production, so none of its releases is called so. */
function findProductionProblems({ tags, tier }: Values): Problem[] {
  const kinds = splitList(tags);
  if (tier !== "production" || !kinds.includes("latest")) return [];
  const others = kinds.filter((kind) => kind !== "latest");
  return [
    {
      text: '`tags` has "latest", which no stack of `tier` "production" moves.',
      command: `pulumi config set tags ${others.join(",") || noTags}`,
    },
  ];
}

/** What the Docker engine can't do is refused by name, each time with the command that does without. */
function findBuilderProblems({ builder, ...values }: Values): Problem[] {
  if (builder !== "engine") return [];
  const demands: BuilderDemands = {
    buildSecrets: Object.keys(tryParseObject(values.buildSecrets) ?? {}),
    cache: values.cache === "true",
    platforms: splitList(values.platforms),
    tags: values.tags === noTags ? [] : splitList(values.tags),
  };
  const commands: Record<keyof BuilderDemands, string> = {
    buildSecrets: "rm buildSecrets",
    cache: "set cache false",
    platforms: `set platforms ${demands.platforms[0]}`,
    tags: `set tags ${noTags}`,
  };
  return findEngineLimits(demands).map(({ reason, subject }) => ({
    text: `\`${subject}\` can't be what it is with \`builder\` "engine", which ${reason}.`,
    command: `pulumi config ${commands[subject]}`,
  }));
}

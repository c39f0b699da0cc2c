import { type BuilderDemands, findEngineLimits } from "../components/image/engineLimits";
import type { Problem } from "./problems";
import { splitList, tryParseObject } from "./validators";
import { noTags, type Values } from "./schema";

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

import type { CheckedResource } from "../rule";
import { fromStaging, readTexts, type Rule, textList } from "../rule";

/** Resources that delete an image from the registry when they are deleted. */
const imageTypes = [
  "docker-build:index:Image",
  "docker-build:index:Index",
  "docker:index/image:Image",
];

/** Components whose images have `retainOnDelete`. */
const retaining = ["slipway:index:ReleaseTags", "slipway:index:SiteImage"];

/**
 * Images and tags outlive their resources. The engine does not tell policies of `retainOnDelete`, so that this one
 * knows only the components that set it, and what somebody has listed.
 */
export const imageRetained: Rule = {
  name: "image-retained",
  description: "Images and tags stay in the registry when their resource is deleted.",
  remedy:
    "Use `SiteImage` and `ReleaseTags`, or `retainOnDelete: true` and the setting `resources`.",
  levels: fromStaging,
  settings: { resources: textList("Names, in the program, of resources with `retainOnDelete`.") },
  findProblems: (resource, context) => {
    const { isProtected, name, type } = resource;
    if (!imageTypes.includes(type) || isProtected || isOfComponent(resource)) return [];
    if (readTexts(context, "resources").includes(name)) return [];
    return [
      `\`${name}\` is not a part of \`SiteImage\` or \`ReleaseTags\`, which keep what they push. When it is deleted, its digest goes with it, and other stacks may run that. Set its option \`retainOnDelete\`, which policies can't see, and add \`${name}\` to the policy's setting \`resources\`.`,
    ];
  },
};

/** Whether one of the components above is an ancestor, which the URN names. */
function isOfComponent({ urn }: CheckedResource): boolean {
  const ancestors = (urn.split("::")[2] ?? "").split("$").slice(0, -1);
  return ancestors.some((type) => retaining.includes(type));
}

import { type ReleaseMode, releaseModes, type Tier, tiers } from "../../components/release/release";
import {
  configurableTagKinds,
  defaultTagKinds,
  type TagKind,
} from "../../components/release/tagNames";
import { key, listKey, optionalKey } from "../keyDefinition";
import { valid } from "../result";
import { isBoolean, isListOf, isOneOf, isStack, matches, type Validator } from "../validators";

/** Value of `tags` for an empty list, since an empty string means the default. */
export const noTags = "none";

const isTagList: Validator<readonly TagKind[]> = (text) =>
  text === noTags ? valid([]) : isListOf(configurableTagKinds)(text);

/** What the stack is for, where its release comes from and how it is tagged. */
export const releaseKeys = {
  tier: key<Tier>({
    description:
      "What the stack is for: `development`, `staging` or `production`. Search engines may list only production",
    default: "development",
    example: "production",
    validate: isOneOf(tiers),
  }),
  release: key<ReleaseMode>({
    description:
      "Where the release comes from: `build` (this checkout) or `promote` (another stack, `promoteFrom`)",
    default: "build",
    example: "promote",
    validate: isOneOf(releaseModes),
  }),
  promoteFrom: optionalKey({
    description: "Stack that runs the release, `stack` or `organization/project/stack`",
    example: "staging",
    validate: isStack,
  }),
  skipStaging: key<boolean>({
    description: "Whether a production stack may take a release that no staging stack runs",
    default: false,
    example: "true",
    validate: isBoolean,
  }),
  allowDirty: key<boolean>({
    description:
      "Whether a production stack may run a release that was built from files that differ from their commit",
    default: false,
    example: "true",
    validate: isBoolean,
  }),
  digest: optionalKey({
    description:
      "Digest (`sha256:...`) that the stack is pinned to, regardless of `release` and `promoteFrom`. `slipway rollback` sets it",
    example: "sha256:<64 hexadecimal digits>",
    validate: matches(/^sha256:[0-9a-f]{64}$/, 'a digest: "sha256:" and 64 hexadecimal digits'),
  }),
  tags: listKey<TagKind>({
    description:
      "Human-readable tags: a list of `branch`, `commit`, `version`, `environment` and `latest`, or `none`",
    default: defaultTagKinds,
    example: defaultTagKinds.join(","),
    validate: isTagList,
  }),
  replaceVersion: optionalKey({
    description:
      "A version and its digest, `v1.2.3@sha256:...`, that the same version may replace when it is built again, e.g. on patched base images",
    example: "v1.2.3@sha256:<64 hexadecimal digits>",
    validate: matches(
      /^v\d[\w.-]*@sha256:[0-9a-f]{64}$/,
      "a version and the digest that it has now",
    ),
  }),
};

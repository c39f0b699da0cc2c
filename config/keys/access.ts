import { type PullSecretMode, pullSecretModes } from "../../components/registry/pullAccess";
import { defaultRotateEveryDays } from "../../components/registry/rotationPeriod";
import { defaultWarnDays } from "../../components/registry/tokenExpiry";
import { credentialsKey } from "../credentials";
import { key, listKey, optionalKey } from "../keyDefinition";
import { isListOfObjectNames, isObjectName, isOneOf, isWholeNumber, matches } from "../validators";

/** Credentials for the registry: the pull secret, the deploy tokens and their rotation. */
export const accessKeys = {
  pullSecret: key<PullSecretMode>({
    description:
      "Whether pods get a pull secret: `always`, `auto` (unless project and registry are public), `never` (only if they are), or `nodes` (no, the nodes have credentials)",
    default: "auto",
    example: "always",
    validate: isOneOf(pullSecretModes),
  }),
  pullSecretName: optionalKey({
    description:
      "Name of the pull secret; if empty `gitlab-registry`, or `gitlab-registry-<name of the Deployment>` in an existing `namespace`",
    example: "gitlab-registry",
    validate: isObjectName("a secret's name"),
  }),
  pullSecretServiceAccounts: listKey<string>({
    description:
      "Existing service accounts of the namespace, such as `default`, whose pods use the pull secret too; separated by commas",
    default: [],
    example: "default",
    validate: isListOfObjectNames("a service account's name"),
  }),
  rotateEveryDays: key<number>({
    description: "Days after which new deploy tokens replace the old ones",
    default: defaultRotateEveryDays,
    example: String(defaultRotateEveryDays),
    validate: isWholeNumber(1, 365),
  }),
  warnDays: key<number>({
    description: "Days before a token expires from which previews and updates warn about it",
    default: defaultWarnDays,
    example: String(defaultWarnDays),
    validate: isWholeNumber(0, 365),
  }),
  rotation: key<number>({
    description: "Number of forced rotations: another number than before replaces the tokens now",
    default: 0,
    example: "1",
    validate: isWholeNumber(0, 1_000_000),
  }),
  credentials: credentialsKey,
  email: optionalKey({
    description: "E-mail address in the pull secret, for registries that require one",
    example: "web@example.com",
    validate: matches(/^[^\s@]+@[^\s@]+$/, "an e-mail address"),
  }),
};

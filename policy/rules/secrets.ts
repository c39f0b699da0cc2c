import { describeByContent, findToken } from "../../components/image/credentialFiles";
import type { CheckedResource } from "../rule";
import { everywhere, readTexts, type Rule, textList } from "../rule";
import { readEntries, readList, readPath, readText, type Value } from "../values";
import { findKind, listContainers } from "../workload";

/** Words of a name, between `_`, `-` and `.`, that name a secret. */
const secretName =
  /(^|[_.-])(password|passwd|passphrase|pwd|secret|token|credentials?|api_?key|private_?key|secret_?key|access_?key)$/i;

/** A text that anyone who may read the resource can read, with where it is. */
interface PlainText {
  readonly subject: string;
  readonly name: string;
  readonly value: Value;
  /** Who else can read it. */
  readonly readers: string;
  readonly remedy: string;
}

/** No secret in plain text. */
export const plainSecret: Rule = {
  name: "plain-secret",
  description:
    "No secret is in an environment variable, a ConfigMap or a build argument in plain text.",
  remedy: "Use `valueFrom.secretKeyRef`, a Secret, or a build secret.",
  levels: everywhere,
  settings: { names: textList("Names of variables that look like secrets and are not.") },
  findProblems: (resource, context) => {
    const harmless = readTexts(context, "names");
    return listPlainTexts(resource)
      .filter(({ name }) => !harmless.includes(name))
      .flatMap(({ name, readers, remedy, subject, value }) => {
        const reason = findReason(name, value);
        // Never the value.
        return reason === undefined ? [] : [`${subject} ${reason}. ${readers} ${remedy}`];
      });
  },
};

function listPlainTexts(resource: CheckedResource): PlainText[] {
  const { properties, type } = resource;
  const inContainers = listContainers(resource).flatMap(({ name: container, spec }) =>
    readList(spec, "env").map((variable): PlainText => {
      const name = readText(variable, "name") ?? "";
      return {
        subject: `The variable \`${name}\` of container \`${container}\``,
        name,
        value: readPath(variable, "value"),
        readers: "Everyone who may read the pod can read it.",
        remedy: "Put it into a Secret and refer to that: `valueFrom.secretKeyRef`.",
      };
    }),
  );
  const inConfigMap =
    findKind(resource) === "ConfigMap"
      ? readEntries(properties, "data").map(([name, value]): PlainText => ({
          subject: `The entry \`${name}\` of the ConfigMap`,
          name,
          value,
          readers: "Everyone who may read ConfigMaps can read it.",
          remedy: "Put it into a Secret.",
        }))
      : [];
  const buildArguments = type.startsWith("docker-build:")
    ? readEntries(properties, "buildArgs")
    : type === "docker:index/image:Image"
      ? readEntries(properties, "build", "args")
      : [];
  return [
    ...inContainers,
    ...inConfigMap,
    ...buildArguments.map(([name, value]): PlainText => ({
      subject: `The build argument \`${name}\``,
      name,
      value,
      readers: "Everyone who can pull the image can read it.",
      remedy:
        "Use a build secret: `pulumi config set --secret --path buildSecrets.<name>`, and `RUN --mount=type=secret` in the Dockerfile.",
    })),
  ];
}

/** Why a text is a secret, as the rest of a sentence; undefined if it is none, is empty or is unknown. */
function findReason(name: string, value: Value): string | undefined {
  if (typeof value !== "string" || value === "") return undefined;
  const kind = findToken(value) ?? describeByContent(value);
  if (kind !== undefined) return `has ${kind} in plain text`;
  if (/^[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:[^/\s@]+@/i.test(value)) {
    return "has a URL with a password in plain text";
  }
  return secretName.test(name) ? "has, by its name, a secret in plain text" : undefined;
}

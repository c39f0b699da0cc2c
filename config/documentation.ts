import { stringify } from "yaml";

import { gitlabKeys } from "./gitlab";
import type { KeyDefinition } from "./keyDefinition";
import { kubernetesKeys } from "./kubernetes";
import { formatExample, keys, schema } from "./schema";
import type { FieldDocumentation } from "./structures";

/** Pulumi.yaml with a `config:` block that declares every key. All else stays as it is. */
export function renderPulumiYaml(current: string): string {
  const declarations = [...keys].map(
    ([key, { declared, description, type }]) =>
      [key, { type, description, default: declared }] as const,
  );
  const block = stringify({ config: Object.fromEntries(declarations) }, { lineWidth: 0 });
  // A function, because `$` has a meaning in a replacement text.
  return current.replace(/^config:\n(?:[ \t].*\n|\n)*/m, () => block);
}

const introduction = `# Configuration

<!-- Written by \`npm run generate\` from the schema in config/. Change that instead. -->

\`pulumi config set <key> <value>\` sets a key of the selected stack, in \`Pulumi.<stack>.yaml\`. Pulumi.yaml has the
defaults of all stacks; a stack can unset a key with empty text. Everything is checked before any resource is
created, and all problems are reported at once.

Keys that most sites need are flat, such as \`host\`. Keys for special needs are fields of one structured key for each
subject, such as \`resources\`. \`--path\` sets one field:

\`\`\`sh
pulumi config set replicas 3
pulumi config set --path 'resources.limits.memory' 128Mi
\`\`\`

This is how the stack's file has them:

\`\`\`yaml
config:
  gatsby-site:replicas: "3"
  gatsby-site:resources:
    limits:
      memory: 128Mi
\`\`\`

A structured key in a stack's file replaces the whole object in Pulumi.yaml. Numbers and booleans may be written as
text.
`;

const groups: readonly { title: string; text?: string; prefix?: string; keys: Group }[] = [
  { title: "GitLab and its registry", keys: schema.registry },
  { title: "Release", keys: schema.release },
  { title: "Image", keys: schema.image },
  { title: "Site", keys: schema.site },
  { title: "Credentials", keys: schema.access },
  {
    title: "Connection to GitLab",
    text: "These are keys of Pulumi's GitLab provider, with its namespace.",
    prefix: "gitlab:",
    keys: gitlabKeys,
  },
  {
    title: "Cluster",
    text: "These are keys of Pulumi's Kubernetes provider, with its namespace.",
    prefix: "kubernetes:",
    keys: kubernetesKeys,
  },
];

type Group = Readonly<Record<string, KeyDefinition<unknown>>>;

/** The page docs/configuration.md. */
export function renderConfigurationPage(): string {
  const sections = groups.flatMap(({ keys: group, prefix = "", text, title }) => [
    [`## ${title}`, ...(text === undefined ? [] : [text])].join("\n\n"),
    ...Object.entries(group).map(([key, definition]) => renderKey(prefix + key, definition)),
  ]);
  return `${[introduction.trimEnd(), ...sections].join("\n\n")}\n`;
}

function renderKey(key: string, definition: KeyDefinition<unknown>): string {
  const { declared, description, fields, remedy, secret, type } = definition;
  const example = `pulumi config set ${formatExample(key, definition, "gitlab.example.com")}`;
  const secretText = {
    all: "Store it as a secret.",
    parts: "It may contain secrets.",
    none: undefined,
  }[secret ?? "none"];
  const facts = [
    `${type[0].toUpperCase()}${type.slice(1)}${renderDefault(declared)}.`,
    secretText,
    remedy === undefined ? `Example: \`${example}\`` : undefined,
  ].filter((fact) => fact !== undefined);
  return [
    `### \`${key}\``,
    `${description}.`,
    facts.join(" "),
    ...(fields.length > 0 ? [renderFields(fields, declared, "")] : []),
  ].join("\n\n");
}

function renderDefault(declared: KeyDefinition<unknown>["declared"]): string {
  return declared === "" || typeof declared === "object" ? "" : `, default \`${String(declared)}\``;
}

/** Fields as a list, each with its default if the key's default is an object that has it. */
function renderFields(
  fields: readonly FieldDocumentation[],
  declared: KeyDefinition<unknown>["declared"],
  indent: string,
): string {
  const defaults = new Map<string, unknown>(
    typeof declared === "object" ? Object.entries(declared) : [],
  );
  const lines = fields.map(({ description, fields: inner, name }) => {
    const value = defaults.get(name);
    const fallback = value === undefined ? "" : `, default \`${JSON.stringify(value)}\``;
    const line = `${indent}- \`${name}\`: ${description}${fallback}`;
    return inner.length > 0 ? `${line}\n${renderFields(inner, {}, `${indent}  `)}` : line;
  });
  return lines.join("\n");
}

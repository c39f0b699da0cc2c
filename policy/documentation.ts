import { tiers } from "../components/release/release";
import { rules } from "./index";

const introduction = `# Policies

<!-- Written by \`npm run generate\` from the rules in policy/. Change those instead. -->

The policy pack says what no stack may do. It is in the package, in the folder \`policy\`, and works for every Pulumi
program that runs a site on Kubernetes or creates tokens of GitLab, with or without Slipway's components:

<!-- not run: needs Pulumi's own language host -->

\`\`\`sh
npm install --save-dev @pulumi/policy
pulumi preview --policy-pack node_modules/slipway/policy
\`\`\`

In a checkout of Slipway the folder is \`policy\`. In its sandbox the pack is the file \`.sandbox/dev/policy/slipway\`: the language
host there is an older one, which can't run policy packs, so that \`make up\` writes a program that does.

A preview reports all violations and fails if one is \`mandatory\`. An update (\`pulumi up --policy-pack ...\`) stops before
it creates or changes the first resource that violates a \`mandatory\` policy. A preview does not know every value; after an
edit of a page, for example, the image's digest is unknown. Policies check the known values then, and the rest in the
update.

The pack reads the stack's own configuration: \`tier\` (\`development\` if it is not set; a tier that does not exist is
treated as \`production\`), \`registry\`, \`pullSecret\` and \`service\` ([configuration.md](configuration.md)). A program of yours
needs only \`tier\` and \`registry\`.

In the pipeline, set the variable \`SLIPWAY_POLICY_PACK\` to the pack's folder: every preview then uses it
([pipeline.md](pipeline.md)).

| level       | a violation                         |
| ----------- | ----------------------------------- |
| \`mandatory\` | fails the preview, stops the update |
| \`advisory\`  | is printed                          |
| \`disabled\`  | is not looked for                   |

## Rules and their levels
`;

const ending = `Every stack of Slipway's own program passes, in each tier: a test holds that.

Two policies know less than one might expect:

- \`image-retained\`: Pulumi does not tell a policy pack of \`retainOnDelete\`. The policy knows the components that set it, and
  resources with \`protect\`. List others in its setting.
- \`plain-secret\`: a policy gets secrets unwrapped, and can't tell them from other values. It goes by names and by the form of
  tokens and keys.

## Other levels and settings

\`--policy-pack-config\` names a JSON file with the level, the settings or both of each policy that differs:

\`\`\`json
{
  "image-digest": "mandatory",
  "service-exposure": { "services": ["status-page"] },
  "token-expiry": { "enforcementLevel": "mandatory", "days": 90 }
}
\`\`\`

\`"all": "advisory"\` changes the level of all policies, for example to see what a stack violates before it has to pass.
`;

/** The page of the policies, docs/policy.md. */
export function renderPolicyPage(): string {
  const levels = rules.map((rule) => [
    `\`${rule.name}\``,
    `${rule.description} ${rule.remedy}`,
    ...tiers.map((tier) => rule.levels[tier]),
  ]);
  const settings = rules.flatMap((rule) =>
    Object.entries(rule.settings ?? {}).map(([setting, { description }]) => [
      `\`${rule.name}\``,
      `\`${setting}\``,
      description ?? "",
    ]),
  );
  return [
    introduction,
    renderTable(["policy", "rule and remedy", ...tiers], levels),
    ending,
    renderTable(["policy", "setting", "what"], settings),
  ].join("\n");
}

/** Renders a table with columns as wide as their longest cell, as Prettier wants it. */
export function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  return [head, widths.map((width) => "-".repeat(width)), ...rows]
    .map(
      (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |\n`,
    )
    .join("");
}

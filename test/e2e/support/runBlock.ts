import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Block } from "../../docs/blocks";
import { checkout, type Ended, shell } from "./checkout";
import { host } from "./gitlab";
import type { Story } from "./stories";

/** The stack whose configuration the blocks change. */
export const stack = "reader";

const project = `https://${host}/api/v4/projects`;

/** Functions for what a page takes for granted, in the names of {@link Story}. */
const functions = `
api() { curl --silent --show-error --fail --cacert "$SSL_CERT_FILE" --header "PRIVATE-TOKEN: $GITLAB_TOKEN" "$@"; }
create_token() {
  local scopes='"read_registry"'"\${1:+, \\"$1\\"}" token
  token=$(api --json "{\\"name\\": \\"docs\\", \\"scopes\\": [$scopes]}" "${project}/web%2Fgatsby-site/deploy_tokens")
  username=$(node -p 'JSON.parse(process.argv[1]).username' "$token")
  TOKEN=$(node -p 'JSON.parse(process.argv[1]).token' "$token")
}
revoke_tokens() {
  local ids id tokens="${project}/web%2Fgatsby-site/deploy_tokens"
  ids=$(api "$tokens" | node -p 'JSON.parse(fs.readFileSync(0)).filter(({ name }) => name === "docs").map(({ id }) => id).join(" ")')
  for id in $ids; do api --request DELETE "$tokens/$id"; done
}
edit_page() {
  sed -i "s|</p>| A sentence more.</p>|" site/src/pages/about.tsx
  git -c user.name=test -c user.email=test@example.com commit --quiet --message "A sentence more" -- site
}
use_stack() {
  pulumi stack ls | grep -q "^$1" || pulumi stack init --no-select "$1"
  pulumi stack select "$1"
  cp Pulumi.dev.yaml "Pulumi.$1.yaml"
}
write_manifest() {
  cd "$scratch"
  sed -n '/^apiVersion: apps/,/^---/p' ${checkout}/examples/lesson/deployment.yaml | sed 's/containerPort: 80/containerPort: 8080/; /^---/d' >deployment.yaml
}
`;

/** Answers each question with yes: Pulumi by its variable, `slipway` by its option. */
function agree(code: string): string {
  const asks =
    /(slipway (?:promote|rollback|rotate|up)\b|slipway cleanup --apply)([^#&|;\n]*?)(?=\s*(?:#|&&|\||;|$))/gm;
  return code.replace(asks, "$1$2 --yes");
}

/** Selects a stack for the page, with the configuration of dev. */
export const useStack = (): Promise<Ended> => runScript(`use_stack ${stack}`);

/** Revokes the deploy tokens that blocks were given. */
export const revokeTokens = (): Promise<Ended> => runScript("revoke_tokens");

/** Runs a block of a page in a shell of the sandbox's checkout, and removes what it left in files. */
export function runBlock({ code, index }: Block, story: Story): Promise<Ended> {
  const replaced = (story.replace ?? []).reduce(
    (text, [from, to]) => text.replaceAll(from, to),
    code,
  );
  const { before = "", beforeBlock, input } = story;
  return runScript([before, beforeBlock?.[index] ?? "", agree(replaced)].join("\n"), input);
}

/** What `make env` prints, once for all blocks. */
let environment: Promise<Ended> | undefined;

async function runScript(script: string, input = ""): Promise<Ended> {
  environment ??= shell("make -s env 2>/dev/null");
  const { output } = await environment;
  const scratch = mkdtempSync(join(tmpdir(), "slipway-docs-"));
  try {
    const file = join(scratch, "block.sh");
    const head = [output, "export PULUMI_SKIP_CONFIRMATIONS=true", "set -euo pipefail"];
    writeFileSync(file, [...head, `scratch=${scratch}`, functions, script].join("\n"));
    writeFileSync(join(scratch, "input"), input);
    return await shell(`bash ${file} <${scratch}/input`);
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

#!/usr/bin/env bash
# Renews the deploy tokens of a stack that are due, and changes nothing else: no release and no other resource.
#
#   ci/rotate.sh <stack>
set -euo pipefail
stack=$1

outputs=$(pulumi stack output --json --stack "$stack")
digest=$(node -p 'JSON.parse(process.argv[1]).digest ?? ""' "$outputs")
if [[ -z $digest ]]; then
  echo "Stack \`$stack\` has no release yet, so there are no tokens to rotate."
  exit 0
fi

arguments=(--skip-preview --non-interactive)
# A stack that promotes keeps the release that it runs: its source may run a newer one by now. The pin goes into
# a copy of the stack's file, since Pulumi writes it to the file.
if [[ $(pulumi config get release --stack "$stack" 2>/dev/null || true) == promote ]]; then
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  file=$(node -p 'path.join(require("yaml").parse(fs.readFileSync("Pulumi.yaml", "utf8")).stackConfigDir ?? "", `Pulumi.${process.argv[1]}.yaml`)' "${stack##*/}")
  if [[ -f $file ]]; then cp "$file" "$folder/Pulumi.yaml"; else echo '{}' >"$folder/Pulumi.yaml"; fi
  arguments+=(--config-file "$folder/Pulumi.yaml" --config "digest=$digest")
fi
npx slipway up "$stack" --yes -- "${arguments[@]}" \
  --target '**DeployToken**' --target '**kubernetes:core/v1:Secret**'

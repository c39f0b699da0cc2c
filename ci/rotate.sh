#!/usr/bin/env bash
# Renews a stack's deploy tokens where they are due, and changes nothing else: no release, no other resource.
#
#   ci/rotate.sh <stack>
set -euo pipefail
stack=$1
project=$(sed -n 's/^name: *//p' Pulumi.yaml)

arguments=(--skip-preview --non-interactive)
# A stack that takes its releases from another one keeps its own: that one may have a newer release by now.
if [[ $(pulumi config get release --stack "$stack" 2>/dev/null || true) == promote ]]; then
  arguments+=(--config "$project:digest=$(pulumi stack output digest --stack "$stack")")
fi
npx slipway up "$stack" --yes -- "${arguments[@]}" \
  --target '**DeployToken**' --target '**kubernetes:core/v1:Secret**'

#!/usr/bin/env bash
# Fails if something other than Pulumi changed or deleted a stack's resources since its last update. It compares
# the state, not the program, so that a newer program is not drift.
#
#   ci/drift.sh <stack>
set -euo pipefail
. "${BASH_SOURCE[0]%/*}/section.sh"
stack=$1
status=0
# The tags of a commit and a branch are not compared: a cleanup policy may delete them, and another stack may
# move the branch's. `env-` and `previous-`, which keep what runs, are. Nor is the build: its plugin would compare the
# checkout's files, which are newer than the state, or have other modes.
slipway_section refresh "What differs from the state of $stack" \
  pulumi refresh --preview-only --expect-no-changes --diff --stack "$stack" --non-interactive \
  --exclude '**::site-image' --exclude '**::release-commit' --exclude '**::release-branch' || status=$?
if ((status != 0)); then
  {
    echo
    echo "Stack \`$stack\` has drifted, or its resources can't be read: see above."
    echo "To set everything to what the program says, also fields that something else has taken over:"
    echo "  PULUMI_K8S_ENABLE_PATCH_FORCE=true pulumi up --refresh --run-program --stack $stack"
  } >&2
fi
exit "$status"

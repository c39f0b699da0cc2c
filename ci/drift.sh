#!/usr/bin/env bash
# Fails when the world is not what a stack's last update left: somebody changed or deleted a resource by
# other means. The state is compared to the world, not to the program, so that a newer program is no drift.
#
#   ci/drift.sh <stack>
set -euo pipefail
stack=$1
status=0
pulumi refresh --preview-only --expect-no-changes --diff --stack "$stack" --non-interactive || status=$?
if ((status != 0)); then
  {
    echo
    echo "Stack \`$stack\` has drifted, or can't be read: see above. This makes it again what the program says, whoever owns the fields now:"
    echo "  PULUMI_K8S_ENABLE_PATCH_FORCE=true pulumi up --refresh --run-program --stack $stack"
  } >&2
fi
exit "$status"

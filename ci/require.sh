#!/usr/bin/env bash
# Ends the job at once, naming all that is missing, when a variable that it needs is empty.
#
#   ci/require.sh PULUMI_BACKEND_URL PULUMI_CONFIG_PASSPHRASE|PULUMI_CONFIG_PASSPHRASE_FILE
#
# A `|` separates variables of which one is enough.
set -euo pipefail

missing=()
for names in "$@"; do
  found=
  for name in ${names//|/ }; do [[ -z ${!name:-} ]] || found=1; done
  [[ -n $found ]] || missing+=("${names//|/ or }")
done
((${#missing[@]} > 0)) || exit 0

{
  echo "This job (${CI_JOB_NAME:-outside of GitLab}) needs CI/CD variables that are not set:"
  for names in "${missing[@]}"; do echo "  - $names"; done
  echo "Set them in Settings > CI/CD > Variables, for the environment \`${CI_ENVIRONMENT_NAME:-*}\`."
  echo "A protected variable reaches protected branches and tags only. docs/pipeline.md says what each is."
} >&2
exit 1

#!/usr/bin/env bash
# Ends the job at once if a variable that it needs is empty, and names all that are missing.
#
#   ci/require.sh PULUMI_BACKEND_URL PULUMI_CONFIG_PASSPHRASE|PULUMI_CONFIG_PASSPHRASE_FILE
#
# A `|` separates variables of which one is enough. Two are needed only in some cases:
#   PULUMI_BACKEND_URL         not with Pulumi Cloud: PULUMI_ACCESS_TOKEN is enough
#   PULUMI_CONFIG_PASSPHRASE   only if the stack's key comes from a passphrase, not with Pulumi Cloud or a KMS
set -euo pipefail

# The stack of the job's environment, which is named after it.
stack=${CI_ENVIRONMENT_NAME:-}
stack=${stack#preview/}

# Whether the stack's key comes from a passphrase. The state says so, and can be read without the passphrase; if
# it can't be read, Pulumi itself will say why.
uses_passphrase() {
  [[ -n $stack && -n ${PULUMI_BACKEND_URL:-}${PULUMI_ACCESS_TOKEN:-} ]] || return 1
  command -v pulumi >/dev/null || return 1
  local state
  state=$(pulumi stack export --stack "$stack" --non-interactive 2>/dev/null </dev/null) || return 1
  [[ $state =~ \"secrets_providers\":[[:space:]]*\{[[:space:]]*\"type\":[[:space:]]*\"passphrase\" ]]
}

missing=()
for names in "$@"; do
  given=
  for name in ${names//|/ }; do [[ -z ${!name:-} ]] || given=1; done
  [[ -z $given ]] || continue
  case $names in
    PULUMI_BACKEND_URL)
      [[ -z ${PULUMI_ACCESS_TOKEN:-} ]] || continue
      names='PULUMI_BACKEND_URL|PULUMI_ACCESS_TOKEN'
      ;;
    PULUMI_CONFIG_PASSPHRASE*)
      uses_passphrase || continue
      ;;
  esac
  missing+=("${names//|/ or }")
done
((${#missing[@]} > 0)) || exit 0

{
  echo "This job (${CI_JOB_NAME:-outside of GitLab}) needs CI/CD variables that are not set:"
  for names in "${missing[@]}"; do echo "  - $names"; done
  echo "Set them in Settings > CI/CD > Variables, for the environment \`${CI_ENVIRONMENT_NAME:-*}\`."
  echo "Only pipelines of protected branches and tags get a protected variable. docs/pipeline.md describes each variable."
} >&2
exit 1

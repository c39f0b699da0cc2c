#!/usr/bin/env bash
# A review environment: a stack for one merge request.
#
#   ci/review.sh deploy|destroy
#
# Its configuration is Pulumi.review.yaml of the merge request's checkout, and in addition:
#   - it pushes with the job's token and pulls with an existing deploy token, so it creates no tokens
#   - its images and its build cache are in a repository of their own, so that no release is built from them
#   - its host is <number>.<SLIPWAY_REVIEW_DOMAIN>, if that is set
# It runs code that nobody has reviewed, so it has its own backend, its own key and its own cluster account.
set -euo pipefail
here=${BASH_SOURCE[0]%/*}
. "$here/section.sh"

"$here/require.sh" CI_MERGE_REQUEST_IID SLIPWAY_REVIEW_BACKEND_URL \
  'SLIPWAY_REVIEW_PASSPHRASE|SLIPWAY_REVIEW_SECRETS_PROVIDER|SLIPWAY_REVIEW_ACCESS_TOKEN' \
  SLIPWAY_REVIEW_PULL_USER SLIPWAY_REVIEW_PULL_TOKEN
stack=review-$CI_MERGE_REQUEST_IID
export PULUMI_BACKEND_URL=$SLIPWAY_REVIEW_BACKEND_URL
unset PULUMI_ACCESS_TOKEN PULUMI_CONFIG_PASSPHRASE PULUMI_CONFIG_PASSPHRASE_FILE
[[ -z ${SLIPWAY_REVIEW_ACCESS_TOKEN:-} ]] || export PULUMI_ACCESS_TOKEN=$SLIPWAY_REVIEW_ACCESS_TOKEN
[[ -z ${SLIPWAY_REVIEW_PASSPHRASE:-} ]] || export PULUMI_CONFIG_PASSPHRASE=$SLIPWAY_REVIEW_PASSPHRASE

configure() {
  if [[ ! -f Pulumi.review.yaml ]]; then
    echo "The configuration of review environments, Pulumi.review.yaml, does not exist. docs/pipeline.md has an example." >&2
    exit 1
  fi
  cp Pulumi.review.yaml "Pulumi.$stack.yaml"
  # Only names and hosts: a secret stays in its variable, whose name is configured.
  set_value() { pulumi config set --stack "$stack" --plaintext --path "$1" "$2"; }
  set_value credentials.push.username gitlab-ci-token
  set_value credentials.push.passwordFrom CI_JOB_TOKEN
  set_value credentials.pull.username "$SLIPWAY_REVIEW_PULL_USER"
  set_value credentials.pull.passwordFrom SLIPWAY_REVIEW_PULL_TOKEN
  # The job has no token that could find out whether a pull secret is needed.
  set_value pullSecret always
  set_value imageName "$(compute_image_name)"
  [[ -z ${SLIPWAY_REVIEW_DOMAIN:-} ]] || set_value host "$CI_MERGE_REQUEST_IID.$SLIPWAY_REVIEW_DOMAIN"
}

# Below the site's own repository. GitLab has two levels below a project's path.
compute_image_name() {
  local name
  name=$(pulumi config get imageName --stack "$stack" 2>/dev/null) || name=
  name=${name:+$name/}review
  [[ $name != */*/* ]] || name=${name%%/*}/review
  printf '%s\n' "$name"
}

case $1 in
  deploy)
    # This pipeline's stack, or that of an earlier pipeline of the same merge request.
    pulumi stack select --create --stack "$stack" \
      ${SLIPWAY_REVIEW_SECRETS_PROVIDER:+--secrets-provider="$SLIPWAY_REVIEW_SECRETS_PROVIDER"} >/dev/null
    configure
    "$here/deploy.sh" "$stack"
    ;;
  destroy)
    if ! output=$(pulumi stack select --stack "$stack" 2>&1); then
      if [[ $output != *"no stack named"* ]]; then
        printf '%s\n' "$output" >&2
        exit 1
      fi
      echo "Stack \`$stack\` does not exist, so there is nothing to destroy."
      exit 0
    fi
    configure
    slipway_section destroy "The end of $stack" \
      pulumi destroy --stack "$stack" --yes --skip-preview --non-interactive --remove
    ;;
  *)
    echo "usage: ci/review.sh deploy|destroy" >&2
    exit 2
    ;;
esac

#!/usr/bin/env bash
# A review environment: a stack for one merge request.
#
#   ci/review.sh deploy|destroy
#
# Its configuration is Pulumi.review.yaml, of the merge request's own checkout, with this added:
#   - it pushes with the job's token and pulls with a token that was made beforehand; it makes none
#   - its host is <number>.<SLIPWAY_REVIEW_DOMAIN>, where that is set
# Code that nobody reviewed runs here: it gets a backend, a passphrase and a cluster account of its own.
set -euo pipefail
here=${BASH_SOURCE[0]%/*}
stack=review-$CI_MERGE_REQUEST_IID
project=$(sed -n 's/^name: *//p' Pulumi.yaml)

"$here/require.sh" CI_MERGE_REQUEST_IID SLIPWAY_REVIEW_BACKEND_URL SLIPWAY_REVIEW_PASSPHRASE \
  SLIPWAY_REVIEW_PULL_USER SLIPWAY_REVIEW_PULL_TOKEN
export PULUMI_BACKEND_URL=$SLIPWAY_REVIEW_BACKEND_URL
export PULUMI_CONFIG_PASSPHRASE=$SLIPWAY_REVIEW_PASSPHRASE
unset PULUMI_CONFIG_PASSPHRASE_FILE

configure() {
  if [[ ! -f Pulumi.review.yaml ]]; then
    echo "There is no Pulumi.review.yaml, the configuration of review environments. docs/pipeline.md has one to start from." >&2
    exit 1
  fi
  cp Pulumi.review.yaml "Pulumi.$stack.yaml"
  # Names and hosts. Pulumi takes the name of a variable for the secret that the variable holds.
  set_value() { pulumi config set --stack "$stack" --plaintext --path "$project:$1" "$2"; }
  set_value credentials.push.username gitlab-ci-token
  set_value credentials.push.passwordFrom CI_JOB_TOKEN
  set_value credentials.pull.username "$SLIPWAY_REVIEW_PULL_USER"
  set_value credentials.pull.passwordFrom SLIPWAY_REVIEW_PULL_TOKEN
  # To find out whether one is needed takes a token that reads the project.
  set_value pullSecret always
  [[ -z ${SLIPWAY_REVIEW_DOMAIN:-} ]] || set_value host "$CI_MERGE_REQUEST_IID.$SLIPWAY_REVIEW_DOMAIN"
}

case $1 in
  deploy)
    # Of this pipeline or an earlier one of the same merge request.
    pulumi stack select --create --stack "organization/$project/$stack" >/dev/null
    configure
    "$here/deploy.sh" "$stack"
    ;;
  destroy)
    if ! pulumi stack select --stack "organization/$project/$stack" >/dev/null 2>&1; then
      echo "There is no stack \`$stack\`: nothing to destroy."
      exit 0
    fi
    configure
    pulumi destroy --stack "$stack" --yes --skip-preview --non-interactive --remove
    ;;
  *)
    echo "usage: ci/review.sh deploy|destroy" >&2
    exit 2
    ;;
esac

#!/usr/bin/env bash
# Previews a stack and reports the result: in the log, in previews/<stack>.json, as the merge request's widget and,
# if a token allows it, as its note. A preview that fails is reported too, and then fails the job.
#
#   ci/preview.sh <stack> [flags of `slipway preview-report`] [-- flags of `pulumi preview`]
set -euo pipefail
stack=$1
shift
report=()
while (($# > 0)) && [[ $1 != -- ]]; do
  report+=("$1")
  shift
done
[[ ${1:-} != -- ]] || shift

# In a merge request: the state after the merge, including the human-readable tags.
export CI_COMMIT_BRANCH=${CI_COMMIT_BRANCH:-${CI_MERGE_REQUEST_TARGET_BRANCH_NAME:-}}

mkdir -p previews
status=0
pulumi preview --stack "$stack" --json --show-sames --non-interactive "$@" \
  >"previews/$stack.json" 2>"previews/$stack.err" || status=$?
npx slipway preview-report "previews/$stack.json" --widget "previews/$stack.widget.json" \
  --markdown "previews/$stack.md" "${report[@]}"
exit "$status"

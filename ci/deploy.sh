#!/usr/bin/env bash
# Updates a stack, and leaves what the environment shows in deploy.env.
#
#   ci/deploy.sh <stack> [plan]
#
# With a plan (`pulumi preview --save-plan`) it does what the plan shows, or nothing.
set -euo pipefail
stack=$1 plan=${2:-}

arguments=(--skip-preview --non-interactive)
[[ -z $plan ]] || arguments+=(--plan "$plan")

log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
# Where an update does not fit its plan, Pulumi's message has the property's value, secret or not.
npx slipway up "$stack" --yes -- "${arguments[@]}" 2>&1 | npx slipway redact | tee "$log" || status=$?
if ((status != 0)); then
  if [[ -n $plan ]] && grep --quiet 'violates plan' "$log"; then
    {
      echo
      echo "Not what was shown at the gate: since the plan was made, something else changed that this update depends on."
      echo "Whatever is listed above as done is done, and nothing beyond the plan. Run the plan's job again, look at it, and start this job again."
    } >&2
  fi
  exit "$status"
fi

# GitLab reads this file's variables: the environment's URL, and what later jobs scan.
{
  echo "SITE_URL=$(pulumi stack output url --stack "$stack")"
  image=$(pulumi stack output image --stack "$stack")
  echo "SITE_IMAGE=$image"
  # Where GitLab's container scanning looks for what to scan.
  echo "CS_IMAGE=$image"
} >deploy.env
cat deploy.env

#!/usr/bin/env bash
# Updates a stack, and writes what GitLab's environment shows to deploy.env.
#
#   ci/deploy.sh <stack> [plan]
#
# With a plan (`pulumi preview --save-plan`) the update does only what the plan has. It stops before the first step
# that the plan does not have. SLIPWAY_POLICY_PACK is the folder of a policy pack that stops it too.
set -euo pipefail
. "${BASH_SOURCE[0]%/*}/section.sh"
stack=$1 plan=${2:-}

arguments=(--skip-preview --non-interactive)
if [[ -n $plan ]]; then
  arguments+=(--plan "$plan")
  # The digest that the plan's job showed. With another one the program stops before any step, while a plan stops at
  # the first step that differs. Unknown if the stack builds the image.
  SLIPWAY_AGREED_DIGEST=$(node -p '
    const { steps } = JSON.parse(fs.readFileSync(process.argv[1], "utf8"));
    const { newState } = steps.find(({ urn }) => urn.includes("kubernetes:apps/v1:Deployment::")) ?? {};
    const image = newState?.inputs?.spec?.template?.spec?.containers?.[0]?.image ?? "";
    /@(sha256:[0-9a-f]{64})$/.exec(image)?.[1] ?? "";
  ' "previews/$stack.json")
  export SLIPWAY_AGREED_DIGEST
fi

[[ -z ${SLIPWAY_POLICY_PACK:-} ]] || arguments+=(--policy-pack "$SLIPWAY_POLICY_PACK")

log=$(mktemp)
trap 'rm -f "$log"' EXIT
# If an update violates its plan, Pulumi prints the property's value, even of a secret.
update() {
  npx slipway up "$stack" --yes -- "${arguments[@]}" 2>&1 | npx slipway redact | tee "$log"
}
status=0
slipway_section update "Update of $stack" update || status=$?
if ((status != 0)); then
  if [[ -n $plan ]] && grep --quiet -e 'violates plan' -e 'SLIPWAY_AGREED_DIGEST' "$log"; then
    {
      echo
      echo "This update is not the one that the plan showed: something that it depends on has changed since."
      echo "Steps listed above as done are done, and they were in the plan. Run the plan's job again, check what it shows, and start this job again."
    } >&2
  else
    slipway_section doctor "What is wrong, from the registry to the pods" npx slipway doctor "$stack" >&2 || true
  fi
  exit "$status"
fi

# GitLab reads these variables: the environment's URL, and the image that later jobs scan.
{
  echo "SITE_URL=$(pulumi stack output url --stack "$stack")"
  image=$(pulumi stack output image --stack "$stack")
  echo "SITE_IMAGE=$image"
  # The image for GitLab's container scanning.
  echo "CS_IMAGE=$image"
} >deploy.env
cat deploy.env

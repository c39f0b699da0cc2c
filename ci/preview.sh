#!/usr/bin/env bash
# Previews a stack and reports the result: in the log, in previews/<stack>.json, as the merge request's widget and,
# if a token allows it, as its note. A preview that fails is reported too, and then fails the job.
#
#   ci/preview.sh <stack> [flags of `slipway preview-report`] [-- flags of `pulumi preview`]
#
# SLIPWAY_POLICY_PACK is the folder of a policy pack that the stack must pass.
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

# Adds the violations of policies to the preview. Pulumi's JSON leaves them out, but its log of events has them.
add_violations() {
  node -e '
    const [file, log] = process.argv.slice(1);
    const events = fs.readFileSync(log, "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line));
    const violations = events.flatMap(({ policyEvent }) => policyEvent ?? []);
    if (violations.length > 0) {
      const preview = JSON.parse(fs.readFileSync(file, "utf8"));
      const diagnostics = violations.map(({ enforcementLevel, message, policyName, resourceUrn }) => ({
        urn: resourceUrn,
        severity: enforcementLevel === "mandatory" ? "error" : "warning",
        message: `policy \x60${policyName}\x60: ${message.trim()}`,
      }));
      preview.diagnostics = [...diagnostics, ...(preview.diagnostics ?? [])];
      fs.writeFileSync(file, JSON.stringify(preview));
    }
  ' "$1" "$2"
}

mkdir -p previews
policies=()
if [[ -n ${SLIPWAY_POLICY_PACK:-} ]]; then
  events=$(mktemp)
  trap 'rm -f "$events"' EXIT
  # Pulumi accepts `--event-log` only with this variable.
  export PULUMI_DEBUG_COMMANDS=true
  policies=(--policy-pack "$SLIPWAY_POLICY_PACK" --event-log "$events")
fi
status=0
pulumi preview --stack "$stack" --json --show-sames --non-interactive "${policies[@]}" "$@" \
  >"previews/$stack.json" 2>"previews/$stack.err" || status=$?
((${#policies[@]} == 0)) || add_violations "previews/$stack.json" "$events"
npx slipway preview-report "previews/$stack.json" --widget "previews/$stack.widget.json" \
  --markdown "previews/$stack.md" "${report[@]}"
exit "$status"

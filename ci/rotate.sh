#!/usr/bin/env bash
# Renews the deploy tokens of a stack that are due, and changes nothing else: no release and no other resource.
#
#   ci/rotate.sh <stack>
set -euo pipefail
exec npx slipway rotate "$1" --due --yes

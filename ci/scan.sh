#!/bin/sh
# Scans the image that was deployed, and fails from a severity on. The report is in GitLab's format.
#
#   SITE_IMAGE=repository@sha256:... SLIPWAY_SCAN_SEVERITY=high ci/scan.sh
#
# The scanner's image has no bash.
set -eu
here=${0%/*}
: "${SITE_IMAGE:?There is no image to scan: deploy_dev leaves its name in deploy.env.}"

export GRYPE_DB_CACHE_DIR="${GRYPE_DB_CACHE_DIR:-${CI_PROJECT_DIR:-.}/.grype}"
export GRYPE_REGISTRY_AUTH_AUTHORITY="${CI_REGISTRY:-}"
export GRYPE_REGISTRY_AUTH_USERNAME="${CI_REGISTRY_USER:-}"
export GRYPE_REGISTRY_AUTH_PASSWORD="${CI_REGISTRY_PASSWORD:-}"
if [ -n "${SLIPWAY_CA_CERTIFICATE:-}" ]; then
  # A file variable holds a path, any other the certificate.
  if [ -f "$SLIPWAY_CA_CERTIFICATE" ]; then
    GRYPE_REGISTRY_CA_CERT=$SLIPWAY_CA_CERTIFICATE
  else
    GRYPE_REGISTRY_CA_CERT=$(mktemp)
    printf '%s\n' "$SLIPWAY_CA_CERTIFICATE" >"$GRYPE_REGISTRY_CA_CERT"
  fi
  export GRYPE_REGISTRY_CA_CERT
fi

status=0
grype "registry:$SITE_IMAGE" --fail-on "${SLIPWAY_SCAN_SEVERITY:-high}" \
  --output table --output "template=gl-container-scanning-report.json" \
  --template "$here/gl-container-scanning.tmpl" || status=$?
if [ "$status" -eq 2 ]; then
  echo "The image has findings of severity ${SLIPWAY_SCAN_SEVERITY:-high} or worse: see above." >&2
fi
exit "$status"

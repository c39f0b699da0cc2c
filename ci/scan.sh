#!/bin/sh
# Scans the image that was deployed, and fails from a severity on. The report is in GitLab's format.
#
#   SITE_IMAGE=repository@sha256:... SLIPWAY_SCAN_SEVERITY=high sh ci/scan.sh
#
# Ends with 2 for findings, with another code where nothing is known about the image. The scanner's image has
# no more than BusyBox, not as /bin/sh, and grype, in the root folder.
set -eu
here=${0%/*}
report=gl-container-scanning-report.json
severity=${SLIPWAY_SCAN_SEVERITY:-high}
export PATH="$PATH:/"

rm -f "$report"

fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

[ -n "${SITE_IMAGE:-}" ] || fail "There is no image to scan: \`SITE_IMAGE\` is not set. deploy_dev leaves it in deploy.env."
case $severity in
negligible | low | medium | high | critical) ;;
*) fail "\`SLIPWAY_SCAN_SEVERITY\` is \"$severity\", and grype knows negligible, low, medium, high and critical. Use one of them." ;;
esac

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The pipeline's cache keeps the database.
export GRYPE_DB_CACHE_DIR="${GRYPE_DB_CACHE_DIR:-${CI_PROJECT_DIR:-.}/.grype}"
# The image is pinned, and the report's times have no zone: GitLab takes them for UTC.
export GRYPE_CHECK_FOR_APP_UPDATE=false TZ=UTC
# For this registry alone: another one is never told the job's token.
if [ -n "${CI_REGISTRY:-}" ]; then
  export GRYPE_REGISTRY_AUTH_AUTHORITY="$CI_REGISTRY"
  export GRYPE_REGISTRY_AUTH_USERNAME="${CI_REGISTRY_USER:-}"
  export GRYPE_REGISTRY_AUTH_PASSWORD="${CI_REGISTRY_PASSWORD:-}"
fi
# For the registry and for a mirror of the database. Go's programs read the folder of the system's authorities
# as well. A file variable holds a path, any other the certificate.
if [ -n "${SLIPWAY_CA_CERTIFICATE:-}" ]; then
  SSL_CERT_FILE=$SLIPWAY_CA_CERTIFICATE
  if [ ! -f "$SSL_CERT_FILE" ]; then
    SSL_CERT_FILE=$work/ca.pem
    printf '%s\n' "$SLIPWAY_CA_CERTIFICATE" >"$SSL_CERT_FILE"
  fi
  export SSL_CERT_FILE
fi

status=0
grype "registry:$SITE_IMAGE" --fail-on "$severity" \
  --output table --output "template=$report" \
  --template "$here/gl-container-scanning.tmpl" 2>"$work/log" || status=$?
cat "$work/log" >&2
[ "$status" -ne 0 ] || exit 0

# A program of Go's that crashes ends with 2 as well.
if [ "$status" -eq 2 ] && [ -s "$report" ]; then
  echo "The image has findings of severity $severity or worse: see the table above." >&2
  exit 2
fi
rm -f "$report"
case $(cat "$work/log") in
*UNAUTHORIZED* | *DENIED*)
  reason="The registry refuses \`CI_REGISTRY_USER\` with \`CI_REGISTRY_PASSWORD\`. In a job both are the job's own, valid while it runs: remove variables of these names from the project and its groups, and see that the image is the project's." ;;
*x509:*)
  reason="A certificate is of an authority that is unknown here. Set \`SLIPWAY_CA_CERTIFICATE\` to the authority's certificate, PEM." ;;
*"vulnerability db"*)
  reason="grype has no vulnerability database, or one that is too old. It gets it from ${GRYPE_DB_UPDATE_URL:-https://grype.anchore.io/databases}: let the runner reach that, or set \`GRYPE_DB_UPDATE_URL\` to a mirror of yours (docs/pipeline.md, Container scanning)." ;;
*"no child with platform"*)
  reason="The image has nothing for this runner's platform. Set \`GRYPE_PLATFORM\` to the cluster's, such as linux/amd64." ;;
*) reason="grype ended with status $status: see above." ;;
esac
fail "Nothing is known about the image. $reason"

#!/bin/sh
# Scans the image that was deployed, and fails if it has findings of a severity or worse. The report is in GitLab's
# format.
#
#   SITE_IMAGE=repository@sha256:... SLIPWAY_SCAN_SEVERITY=high sh ci/scan.sh
#
# The exit code is 2 for findings, and another one if the image could not be scanned. The scanner's image has only
# BusyBox, but no /bin/sh, and grype in the root folder.
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

[ -n "${SITE_IMAGE:-}" ] || fail "\`SITE_IMAGE\` is not set, so there is no image to scan. The job deploy_dev writes it to deploy.env."
case $severity in
negligible | low | medium | high | critical) ;;
*) fail "\`SLIPWAY_SCAN_SEVERITY\` is \"$severity\", which is not a severity. Use negligible, low, medium, high or critical." ;;
esac

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The pipeline's cache keeps the database.
export GRYPE_DB_CACHE_DIR="${GRYPE_DB_CACHE_DIR:-${CI_PROJECT_DIR:-.}/.grype}"
# The image's version is pinned. GitLab reads the report's times, which have no zone, as UTC.
export GRYPE_CHECK_FOR_APP_UPDATE=false TZ=UTC
# Only for this registry, so that no other one gets the job's token.
if [ -n "${CI_REGISTRY:-}" ]; then
  export GRYPE_REGISTRY_AUTH_AUTHORITY="$CI_REGISTRY"
  export GRYPE_REGISTRY_AUTH_USERNAME="${CI_REGISTRY_USER:-}"
  export GRYPE_REGISTRY_AUTH_PASSWORD="${CI_REGISTRY_PASSWORD:-}"
fi
# For the registry and for a mirror of the database. Go programs read the system's folder of CAs as well. GitLab sets
# a variable of type File to a path, and any other variable to the certificate.
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

# A Go program that crashes also exits with 2.
if [ "$status" -eq 2 ] && [ -s "$report" ]; then
  echo "The image has findings of severity $severity or worse: see the table above." >&2
  exit 2
fi
rm -f "$report"
case $(cat "$work/log") in
*UNAUTHORIZED* | *DENIED*)
  reason="The registry refuses \`CI_REGISTRY_USER\` with \`CI_REGISTRY_PASSWORD\`. GitLab sets both for each job: remove variables of these names from the project and its groups, and check that the image belongs to the project." ;;
*x509:*)
  reason="A certificate was signed by an unknown CA. Set \`SLIPWAY_CA_CERTIFICATE\` to the certificate of that CA, in PEM." ;;
*"vulnerability db"*)
  reason="grype has no vulnerability database, or one that is too old. It downloads it from ${GRYPE_DB_UPDATE_URL:-https://grype.anchore.io/databases}: let the runner reach that address, or set \`GRYPE_DB_UPDATE_URL\` to a mirror of yours (docs/pipeline.md, Container scanning)." ;;
*"no child with platform"*)
  reason="The image has no variant for this runner's platform. Set \`GRYPE_PLATFORM\` to the cluster's, such as linux/amd64." ;;
*) reason="grype ended with status $status: see above." ;;
esac
fail "The image could not be scanned. $reason"

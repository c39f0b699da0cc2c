#!/usr/bin/env bash
# Makes the builder that the program asks for: buildx's `slipway`.
#
# SLIPWAY_BUILDER says of which kind:
#   buildkit  BuildKit beside the job, without a Docker engine (the default)
#   dind      a Docker engine beside the job, over TLS
#   remote    a BuildKit of yours: SLIPWAY_BUILDKIT_HOST, and for TLS SLIPWAY_BUILDKIT_CA, _CERT and _KEY
set -euo pipefail
. "${BASH_SOURCE[0]%/*}/prepare.sh"

name=slipway
buildx=${BUILDX_CONFIG:-${DOCKER_CONFIG:-$HOME/.docker}/buildx}

# What `docker buildx create --driver remote` leaves: that program is not needed.
write_remote() {
  local endpoint=$1 options=${2:-null}
  mkdir -p "$buildx/instances"
  cat >"$buildx/instances/$name" <<JSON
{"Name":"$name","Driver":"remote","Nodes":[{"Name":"${name}0","Endpoint":"$endpoint","Platforms":null,"DriverOpts":$options,"Flags":null,"Files":null}],"Dynamic":false}
JSON
  echo "Builder \`$name\`: BuildKit at $endpoint."
}

# BuildKit's container has the system's authorities alone, and of the job's names none but with its network.
create_in_docker() {
  local configuration=$slipway_home/buildkitd.toml
  mkdir -p "$slipway_home"
  printf '%s\n' "${SLIPWAY_BUILDKIT_CONFIG:-}" >"$configuration"
  if [[ -n ${SLIPWAY_CA_CERTIFICATE:-} ]]; then
    printf '[registry."%s"]\n  ca = ["%s"]\n' "$CI_REGISTRY" "$NODE_EXTRA_CA_CERTS" >>"$configuration"
  fi
  # The builder has to know the engine by a context, for its certificates, and contexts share names with builders.
  docker context inspect "$name-engine" >/dev/null 2>&1 || docker context create "$name-engine" >/dev/null
  docker buildx rm "$name" >/dev/null 2>&1 || true
  docker buildx create --name "$name" --driver docker-container --driver-opt network=host \
    --buildkitd-config "$configuration" --bootstrap "$name-engine" >/dev/null
  echo "Builder \`$name\`: BuildKit in the Docker engine at $DOCKER_HOST."
}

# A service of the job's may still be starting: a command is tried for a minute.
wait_until() {
  for _ in {1..60}; do
    if "$@" >/dev/null 2>&1; then return; fi
    sleep 1
  done
  return 1
}

# An engine makes its certificates when it starts, and listens after that.
wait_for_engine() {
  if wait_until docker version; then return; fi
  echo "The Docker engine at $DOCKER_HOST did not answer within a minute:" >&2
  docker version >&2
}

listens() { (: >"/dev/tcp/$1/$2"); }

wait_for_buildkit() {
  local endpoint=${1#tcp://}
  if wait_until listens "${endpoint%:*}" "${endpoint##*:}"; then return; fi
  echo "BuildKit at $1 did not answer within a minute." >&2
  return 1
}

case ${SLIPWAY_BUILDER:-buildkit} in
  buildkit)
    endpoint=${SLIPWAY_BUILDKIT_HOST:-tcp://buildkit:1234}
    wait_for_buildkit "$endpoint"
    write_remote "$endpoint"
    ;;
  remote)
    "${BASH_SOURCE[0]%/*}/require.sh" SLIPWAY_BUILDKIT_HOST
    options=null
    if [[ -n ${SLIPWAY_BUILDKIT_CERT:-} ]]; then
      "${BASH_SOURCE[0]%/*}/require.sh" SLIPWAY_BUILDKIT_CA SLIPWAY_BUILDKIT_KEY
      ca=$(slipway_as_file "$SLIPWAY_BUILDKIT_CA" "$slipway_home/buildkit/ca.pem")
      cert=$(slipway_as_file "$SLIPWAY_BUILDKIT_CERT" "$slipway_home/buildkit/cert.pem")
      key=$(slipway_as_file "$SLIPWAY_BUILDKIT_KEY" "$slipway_home/buildkit/key.pem")
      options="{\"cacert\":\"$ca\",\"cert\":\"$cert\",\"key\":\"$key\"}"
    fi
    write_remote "$SLIPWAY_BUILDKIT_HOST" "$options"
    ;;
  dind)
    export DOCKER_HOST=${SLIPWAY_DOCKER_HOST:-tcp://docker:2376}
    wait_for_engine
    create_in_docker
    ;;
  *)
    echo "\`SLIPWAY_BUILDER\` is \"$SLIPWAY_BUILDER\". Use buildkit, dind or remote." >&2
    exit 1
    ;;
esac

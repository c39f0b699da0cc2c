#!/usr/bin/env bash
# Creates the buildx builder `slipway`, with which the program builds.
#
# SLIPWAY_BUILDER says where it builds:
#   buildkit  in a BuildKit beside the job, without a Docker engine (the default)
#   dind      in a Docker engine beside the job, over TLS
#   remote    in your own BuildKit at SLIPWAY_BUILDKIT_HOST, for TLS with SLIPWAY_BUILDKIT_CA, _CERT and _KEY
set -euo pipefail
. "${BASH_SOURCE[0]%/*}/prepare.sh"

name=slipway
docker=${DOCKER_CONFIG:-$HOME/.docker}
buildx=${BUILDX_CONFIG:-$docker/buildx}

# Writes Docker's configuration, which docker-build reads too:
#   - the proxy for the steps of a Dockerfile. It is no input of the image, so a build without a proxy has the same
#     digest and the same cached layers. https://docs.docker.com/engine/cli/proxy/
#   - the logins of registries that base images come from: GitLab's dependency proxy, and those of DOCKER_AUTH_CONFIG,
#     with which the runner pulls the images of jobs. The program's own login to its registry has priority.
#     https://docs.gitlab.com/user/packages/dependency_proxy/#authenticate-within-cicd
write_configuration() {
  [[ -n ${HTTP_PROXY:-}${HTTPS_PROXY:-}${DOCKER_AUTH_CONFIG:-}${CI_DEPENDENCY_PROXY_PASSWORD:-} ]] || return 0
  mkdir -p "$docker"
  (umask 077 && node -e '
    const [file] = process.argv.slice(1);
    const { CI_DEPENDENCY_PROXY_PASSWORD, CI_DEPENDENCY_PROXY_SERVER, CI_DEPENDENCY_PROXY_USER, DOCKER_AUTH_CONFIG } = process.env;
    const { HTTP_PROXY, HTTPS_PROXY, NO_PROXY } = process.env;
    const read = (path) => (fs.existsSync(path) ? fs.readFileSync(path, "utf8") : undefined);
    const after = JSON.parse(read(file) ?? "{}");
    if (HTTP_PROXY || HTTPS_PROXY) {
      const proxy = { httpProxy: HTTP_PROXY, httpsProxy: HTTPS_PROXY, noProxy: NO_PROXY };
      after.proxies = { ...after.proxies, default: proxy };
    }
    if (DOCKER_AUTH_CONFIG) {
      try {
        const { auths } = JSON.parse(read(DOCKER_AUTH_CONFIG) ?? DOCKER_AUTH_CONFIG);
        after.auths = { ...after.auths, ...auths };
      } catch {
        console.error("`DOCKER_AUTH_CONFIG` is not JSON. Use the content of a Docker configuration, such as {\"auths\":{\"registry.example.com\":{\"auth\":\"...\"}}}.");
        process.exit(1);
      }
    }
    if (CI_DEPENDENCY_PROXY_SERVER && CI_DEPENDENCY_PROXY_PASSWORD) {
      const login = `${CI_DEPENDENCY_PROXY_USER}:${CI_DEPENDENCY_PROXY_PASSWORD}`;
      // An image may name the server with its default port, as GitLab does, or without.
      for (const server of [CI_DEPENDENCY_PROXY_SERVER, CI_DEPENDENCY_PROXY_SERVER.replace(/:443$/, "")]) {
        after.auths = { ...after.auths, [server]: { auth: Buffer.from(login).toString("base64") } };
      }
    }
    fs.writeFileSync(file, JSON.stringify(after), { mode: 0o600 });
  ' "$docker/config.json")
}

# Writes what `docker buildx create --driver remote` would, so that the image of the job needs no Docker CLI.
write_remote() {
  local endpoint=$1 options=${2:-null}
  mkdir -p "$buildx/instances"
  cat >"$buildx/instances/$name" <<JSON
{"Name":"$name","Driver":"remote","Nodes":[{"Name":"${name}0","Endpoint":"$endpoint","Platforms":null,"DriverOpts":$options,"Flags":null,"Files":null}],"Dynamic":false}
JSON
  echo "Builder \`$name\`: BuildKit at $endpoint."
}

# BuildKit's container has only the system's CAs, and resolves the job's host names only in the job's network.
create_in_docker() {
  local configuration=$slipway_home/buildkitd.toml
  mkdir -p "$slipway_home"
  printf '%s\n' "${SLIPWAY_BUILDKIT_CONFIG:-}" >"$configuration"
  if [[ -n ${SLIPWAY_CA_CERTIFICATE:-} ]]; then
    local host hosts=("$CI_REGISTRY" ${CI_DEPENDENCY_PROXY_SERVER:+"$CI_DEPENDENCY_PROXY_SERVER"})
    for host in "${hosts[@]}"; do
      printf '[registry."%s"]\n  ca = ["%s"]\n' "$host" "$NODE_EXTRA_CA_CERTS" >>"$configuration"
    done
  fi
  local proxies=() variable
  for variable in HTTP_PROXY HTTPS_PROXY NO_PROXY; do
    # A driver option is a CSV field, and NO_PROXY has commas.
    [[ -z ${!variable:-} ]] || proxies+=(--driver-opt "\"env.$variable=${!variable}\"")
  done
  # The context has the engine's certificates. Its name differs from the builder's, since they share a namespace.
  docker context inspect "$name-engine" >/dev/null 2>&1 || docker context create "$name-engine" >/dev/null
  docker buildx rm "$name" >/dev/null 2>&1 || true
  docker buildx create --name "$name" --driver docker-container --driver-opt network=host "${proxies[@]}" \
    --buildkitd-config "$configuration" --bootstrap "$name-engine" >/dev/null
  echo "Builder \`$name\`: BuildKit in the Docker engine at $DOCKER_HOST."
}

# Repeats a command for a minute, since a service of the job may still be starting.
wait_until() {
  for _ in {1..60}; do
    if "$@" >/dev/null 2>&1; then return; fi
    sleep 1
  done
  return 1
}

# An engine creates its certificates when it starts, and listens after that.
wait_for_engine() {
  if wait_until docker version; then return; fi
  echo "The Docker engine at $DOCKER_HOST did not answer within a minute:" >&2
  docker version >&2
}

# Without the brackets of an IPv6 address, which bash does not know.
listens() {
  local host=${1#[}
  (: >"/dev/tcp/${host%]}/$2")
}

wait_for_buildkit() {
  local endpoint=${1#tcp://}
  if wait_until listens "${endpoint%:*}" "${endpoint##*:}"; then return; fi
  {
    echo "BuildKit at $1 did not answer within a minute."
    if [[ ${SLIPWAY_BUILDER:-buildkit} == buildkit ]]; then
      echo "The log of the service \`buildkit\` says why (CI_DEBUG_SERVICES = true shows it here). It needs a runner whose security profiles allow user namespaces: docs/pipeline.md, Builders."
    fi
  } >&2
  return 1
}

write_configuration
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
    echo "\`SLIPWAY_BUILDER\` is \"$SLIPWAY_BUILDER\", which is not a builder. Use buildkit, dind or remote." >&2
    exit 1
    ;;
esac

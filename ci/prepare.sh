# Sourced before every job's script: what the runner and the variables give, where the tools look for it.
# Each part does nothing where its variable is not set. Needs bash.
#
#   . ci/prepare.sh

# A file variable holds a path, any other its content: a file with either. Prints the path.
slipway_as_file() {
  local value=$1 file=$2
  if [[ -f $value ]]; then
    printf '%s\n' "$value"
    return
  fi
  (umask 077 && mkdir -p "${file%/*}" && printf '%s\n' "$value" >"$file")
  printf '%s\n' "$file"
}

slipway_home=${CI_PROJECT_DIR:-$PWD}.tmp/slipway

# SSL_CERT_FILE replaces the system's authorities, for Go's programs and curl; Node adds to its own.
if [[ -n ${SLIPWAY_CA_CERTIFICATE:-} ]]; then
  NODE_EXTRA_CA_CERTS=$(slipway_as_file "$SLIPWAY_CA_CERTIFICATE" "$slipway_home/ca.pem")
  SSL_CERT_FILE=$slipway_home/bundle.pem
  mkdir -p "$slipway_home"
  for slipway_system in /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /dev/null; do
    [[ -e $slipway_system ]] && break
  done
  cat "$slipway_system" "$NODE_EXTRA_CA_CERTS" >"$SSL_CERT_FILE"
  export NODE_EXTRA_CA_CERTS SSL_CERT_FILE GIT_SSL_CAINFO=$SSL_CERT_FILE
fi

# The cluster: the project's file variable, or what GitLab's agent for Kubernetes left. Under a path that is
# the same for each job, since the program's provider has it as input: as another one it would be a change
# in each preview, and none that a plan allows.
if [[ -n ${SLIPWAY_KUBECONFIG:-} ]]; then
  KUBECONFIG=$(slipway_as_file "$SLIPWAY_KUBECONFIG" "$slipway_home/kubeconfig")
fi
if [[ -n ${KUBECONFIG:-} ]]; then
  (umask 077 && mkdir -p .slipway && cp "$KUBECONFIG" .slipway/kubeconfig)
  export KUBECONFIG=.slipway/kubeconfig
  [[ -z ${SLIPWAY_KUBE_CONTEXT:-} ]] || kubectl config use-context "$SLIPWAY_KUBE_CONTEXT" >/dev/null
fi

# The docker-build plugin has DOCKER_HOST as input: another value would be a change of the image. The builder knows
# its engine by itself (builder.sh).
if [[ -n ${DOCKER_HOST:-} ]]; then
  export SLIPWAY_DOCKER_HOST=$DOCKER_HOST
  unset DOCKER_HOST
fi

# What a job installs comes from the lock file alone, and runs no package's scripts.
slipway_install() { npm ci --ignore-scripts --no-audit --no-fund --prefer-offline; }

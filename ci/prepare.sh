# Puts what the runner and the CI/CD variables provide where the tools look for it. A part whose variable is not set
# does nothing. Needs bash.
#
# The template has a copy (templates/scripts.yml, by `npm run generate`), since a job needs it before it has installed
# the package that this file is in.

# Prints the path of a file with a variable's content. GitLab sets a variable of type File to a path, and any
# other variable to its content.
slipway_as_file() {
  local value=$1 file=$2
  if [[ -f $value ]]; then
    printf '%s\n' "$value"
    return
  fi
  (umask 077 && mkdir -p "${file%/*}" && printf '%s\n' "$value" >"$file")
  printf '%s\n' "$file"
}

# Beside the project's folder, each part of which may be a build's context: no image or cache takes anything of it.
slipway_home=${CI_PROJECT_DIR:-$PWD}.tmp/slipway

# GitLab's caches have to be in the project's folder. While the job runs they are not: `after_script` brings them back.
slipway_cache=$slipway_home/cache
mkdir -p "$slipway_cache"
if [[ -d ${CI_PROJECT_DIR:-$PWD}/.slipway-cache ]]; then
  rm -rf "$slipway_cache"
  mv "${CI_PROJECT_DIR:-$PWD}/.slipway-cache" "$slipway_cache"
fi
# Of Pulumi's home only the plugins are kept, and no credentials.
if [[ ${PULUMI_HOME:-} == "$slipway_home"/* ]]; then
  mkdir -p "$PULUMI_HOME" "$slipway_cache/plugins"
  ln -sfn "$slipway_cache/plugins" "$PULUMI_HOME/plugins"
fi

# A proxy: some programs read only the capital names, curl reads only `http_proxy`. The job's own services are
# never behind the proxy.
slipway_unproxied=localhost,127.0.0.1,::1,buildkit,docker
slipway_proxies=
for slipway_name in HTTP_PROXY HTTPS_PROXY NO_PROXY; do
  slipway_value=${!slipway_name:-}
  [[ -n $slipway_value ]] || { slipway_lower=${slipway_name,,} && slipway_value=${!slipway_lower:-}; }
  if [[ $slipway_name == NO_PROXY && -n $slipway_proxies && $slipway_value != "$slipway_unproxied"* ]]; then
    slipway_value=$slipway_unproxied${slipway_value:+,$slipway_value}
  fi
  [[ -n $slipway_value ]] || continue
  export "$slipway_name=$slipway_value" "${slipway_name,,}=$slipway_value"
  slipway_proxies=1
done

# SSL_CERT_FILE replaces the system's CAs for Go programs and curl; NODE_EXTRA_CA_CERTS adds to those of Node.
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

# The cluster: the variable SLIPWAY_KUBECONFIG, or the KUBECONFIG of GitLab's agent for Kubernetes. A copy, since
# `kubectl config use-context` writes to it.
if [[ -n ${SLIPWAY_KUBECONFIG:-} ]]; then
  KUBECONFIG=$(slipway_as_file "$SLIPWAY_KUBECONFIG" "$slipway_home/kubeconfig.given")
fi
if [[ -n ${KUBECONFIG:-} ]]; then
  [[ $KUBECONFIG -ef $slipway_home/kubeconfig ]] || (umask 077 && cp "$KUBECONFIG" "$slipway_home/kubeconfig")
  export KUBECONFIG=$slipway_home/kubeconfig
  [[ -z ${SLIPWAY_KUBE_CONTEXT:-} ]] || kubectl config use-context "$SLIPWAY_KUBE_CONTEXT" >/dev/null
fi

# DOCKER_HOST is an input of the docker-build plugin: another value would be a change of the image. Only the
# builder needs it (builder.sh).
if [[ -n ${DOCKER_HOST:-} ]]; then
  export SLIPWAY_DOCKER_HOST=$DOCKER_HOST
  unset DOCKER_HOST
fi

# Installs exactly the program's lock file, and runs no scripts of packages. Takes further options of npm.
slipway_install() {
  local command=(ci)
  if [[ ! -f package-lock.json && ! -f npm-shrinkwrap.json ]]; then
    echo "There is no package-lock.json in $PWD, so that each job may install other versions. Run \`npm install\` there and commit the lock file." >&2
    command=(install --no-package-lock)
  fi
  npm "${command[@]}" --ignore-scripts --no-audit --no-fund --prefer-offline "$@"
}

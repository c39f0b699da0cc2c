#!/bin/sh
# Starts the engine over TLS, with certificates that it makes first: for itself in $DOCKER_TLS_CERTDIR/server, for
# the job in $DOCKER_TLS_CERTDIR/client, as docker:dind does.
set -eu
certificates=${DOCKER_TLS_CERTDIR:?}
mkdir -p "$certificates/server" "$certificates/client" /run/containerd
umask 077

request() { openssl req -newkey rsa:2048 -nodes -keyout "$1" -subj "/CN=$2" -out "$3" 2>/dev/null; }
sign() {
  openssl x509 -req -in "$1" -out "$2" -days 2 -extfile "$3" \
    -CA "$certificates/ca.pem" -CAkey "$certificates/ca-key.pem" -CAcreateserial 2>/dev/null
}
work=$(mktemp -d)
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=docker:dind CA" \
  -keyout "$certificates/ca-key.pem" -out "$certificates/ca.pem" 2>/dev/null
echo "subjectAltName=DNS:docker,DNS:localhost,DNS:$(hostname),IP:127.0.0.1" >"$work/server.ext"
request "$certificates/server/key.pem" docker "$work/server.csr"
sign "$work/server.csr" "$certificates/server/cert.pem" "$work/server.ext"
echo "extendedKeyUsage=clientAuth" >"$work/client.ext"
request "$certificates/client/key.pem" client "$work/client.csr"
sign "$work/client.csr" "$certificates/client/cert.pem" "$work/client.ext"
cp "$certificates/ca.pem" "$certificates/server/"
# Last, and all at once: who finds the authority's file finds the others.
cp "$certificates/ca.pem" "$certificates/client/ca.pem"

exec dockerd --host=unix:///var/run/docker.sock --host=tcp://0.0.0.0:2376 --tlsverify \
  --tlscacert "$certificates/server/ca.pem" --tlscert "$certificates/server/cert.pem" \
  --tlskey "$certificates/server/key.pem"

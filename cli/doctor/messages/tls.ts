import type { KnownMessage } from "./message";

/** Messages of programs written in Go about TLS. */
export const tlsMessages: readonly KnownMessage[] = [
  {
    program: "docker, containerd, BuildKit, skopeo",
    message: "x509: certificate signed by unknown authority",
    also: ["self-signed certificate", "unable to get local issuer certificate"],
    means:
      "The program does not trust the CA that signed the server's certificate, or the server does not send its intermediate certificate.",
    isNot: "wrong credentials: they are sent only to a server whose certificate is trusted",
    next: 'Give the CA to the program that said it. Docker: /etc/docker/certs.d/<host:port>/ca.crt, then restart its daemon. containerd: /etc/containerd/certs.d/<host:port>/hosts.toml. Pulumi and BuildKit: pulumi config set caCertificate <file>, then eval "$(npx slipway env)"',
    endsPull: true,
  },
  {
    program: "docker, containerd, BuildKit, skopeo",
    message: "x509: certificate has expired or is not yet valid: current time <now> is after <end>",
    also: ["x509: certificate has expired or is not yet valid", "CERT_HAS_EXPIRED"],
    means: "The server's certificate expired at <end>, by this machine's clock.",
    isNot: "an expired token or password",
    next: "Compare the clock: date -u. If it is right, have the server's certificate renewed.",
  },
  {
    program: "docker, containerd, BuildKit, skopeo",
    message:
      "x509: certificate has expired or is not yet valid: current time <now> is before <start>",
    means:
      "By this machine's clock the server's certificate is not valid yet: the clock is probably slow.",
    isNot: "an expired certificate",
    next: "Set the clock: timedatectl set-ntp true",
  },
  {
    program: "docker, containerd, BuildKit, skopeo",
    message: "x509: certificate is valid for <names>, not <host>",
    means: "The server at this address has a certificate for <names>, and not for <host>.",
    isNot: "a missing CA",
    next: "Use one of the certificate's names, or have the certificate issued for <host> too.",
  },
  {
    program: "docker, containerd, BuildKit, skopeo",
    message:
      "x509: cannot validate certificate for <address> because it doesn't contain any IP SANs",
    means: "The registry is named by its IP address, and its certificate has host names only.",
    isNot: "a missing CA",
    next: "Use the registry's host name in `registry`: pulumi config set registry <host:port>",
  },
  {
    program: "docker, containerd, BuildKit, skopeo",
    message: "x509: certificate relies on legacy Common Name field, use SANs instead",
    means: "The server's certificate has its host name in a field that programs no longer read.",
    isNot: "a missing CA",
    next: "Have the certificate issued again with a subject alternative name.",
  },
  {
    program: "docker, containerd, BuildKit, skopeo",
    message: "http: server gave HTTP response to HTTPS client",
    means:
      "The port answers without TLS: it is the registry's internal port, or the registry is configured without a certificate.",
    isNot: "an untrusted certificate: there is none",
    next: "Use the port with TLS, such as 5050 of GitLab's `registry_external_url`. `insecure-registries` would send passwords in plain text.",
    endsPull: true,
  },
  {
    program: "docker, containerd, BuildKit, skopeo",
    message: "tls: first record does not look like a TLS handshake",
    also: ["wrong version number", "packet length too long"],
    means: "Something without TLS answers on this port: plain HTTP, or another program.",
    isNot: "an untrusted certificate",
    next: "Check the port of `registry`, and which program listens there.",
  },
  {
    program: "nginx, registry",
    message: "Client sent an HTTP request to an HTTPS server",
    also: ["The plain HTTP request was sent to HTTPS port"],
    means: "The client used http:// on a port that speaks TLS.",
    isNot: "a broken server",
    next: "Use https://, and remove the registry from `insecure-registries` or from the `http` of containerd's hosts.toml.",
  },
  {
    program: "docker, containerd, BuildKit, skopeo",
    message: "remote error: tls: <alert>",
    means:
      "The server ended the TLS handshake: <alert>. It may want a client certificate, or a newer TLS.",
    isNot: "a CA that is missing here: the other side refused",
    next: "Ask the server's administrator which TLS versions and client certificates it wants.",
  },
];

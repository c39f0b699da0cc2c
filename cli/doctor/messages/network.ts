import type { KnownMessage } from "./message";

const unreached = "wrong credentials: nothing was sent to the registry yet";

/** Messages of programs written in Go about DNS, TCP and proxies. */
export const networkMessages: readonly KnownMessage[] = [
  {
    program: "docker, containerd, BuildKit, skopeo",
    message:
      "net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)",
    means:
      "No TCP or TLS connection to the server was made in time. Usually a firewall drops the packets, or the address is wrong.",
    isNot: unreached,
    next: "Run `slipway doctor`: its steps DNS, TCP and TLS say which of them does not answer. Open the registry's port for this machine.",
  },
  {
    program: "docker, containerd, BuildKit, skopeo",
    message: "net/http: request canceled (Client.Timeout exceeded while awaiting headers)",
    also: ["context deadline exceeded (Client.Timeout exceeded while awaiting headers)"],
    means: "The server accepted the connection, but did not answer the request in time.",
    isNot: "a closed port: something listens there. It may be overloaded, or be another program",
    next: "Ask the server's administrator for its load and its log. Run `slipway doctor` to see whether it answers now.",
  },
  {
    program: "docker, containerd, BuildKit, skopeo",
    message: "net/http: TLS handshake timeout",
    means:
      "The TCP connection exists, but the TLS handshake got no answer in time: an overloaded server, a proxy that inspects TLS, or an MTU that is too large on the way.",
    isNot: "an untrusted certificate, which has a message of its own",
    next: "Run `slipway doctor` on the same machine. If it succeeds, try again; if not, compare the MTU of the network with the one of Docker or of the cluster's network.",
  },
  {
    program: "docker, containerd, BuildKit, skopeo",
    message: "dial tcp <address>: i/o timeout",
    also: ["dial tcp <address>: connect: connection timed out"],
    means:
      "Nothing answers at <address>: packets are dropped, by a firewall or because no machine has it.",
    isNot: unreached,
    next: "Check the address, then let this machine through the firewall in front of <address>.",
  },
  {
    program: "docker, containerd, BuildKit, skopeo",
    message: "dial tcp <address>: connect: connection refused",
    means:
      "The machine answers, but nothing listens at <address>: the service is stopped, or the port is another one.",
    isNot: unreached,
    next: "Check the port. On the server: `gitlab-ctl status registry`, and `registry_external_url` in gitlab.rb.",
  },
  {
    program: "docker, containerd, BuildKit, skopeo",
    message: "dial tcp <address>: connect: no route to host",
    also: ["dial tcp <address>: connect: network is unreachable"],
    means:
      "This machine's network has no way to <address>, or a firewall rejects it with that answer.",
    isNot: unreached,
    next: "Check the VPN and the routes: ip route get <address>. Then ask who runs the firewall.",
  },
  {
    program: "docker, containerd, BuildKit, skopeo",
    message: "dial tcp: lookup <host>: no such host",
    also: ["lookup <host> on <server>: no such host", "Could not resolve host: <host>"],
    means: "The DNS that this program asks does not know <host>.",
    isNot: "a closed port or wrong credentials: there is no address to connect to",
    next: "Check the spelling of <host>. A private name needs the company's DNS, on this machine and on the cluster's nodes: getent hosts <host>",
  },
  {
    program: "docker, containerd, BuildKit, skopeo",
    message: "lookup <host> on <server>: server misbehaving",
    also: ["Temporary failure in name resolution", "getaddrinfo EAI_AGAIN <host>"],
    means: "The DNS server failed to answer about <host>; the name may well exist.",
    isNot: "a wrong name: the server would say that it does not exist",
    next: "Check /etc/resolv.conf of this machine or node, and try again.",
  },
  {
    program: "docker, containerd, BuildKit, skopeo",
    message: "lookup <host> on <server>: read udp <socket>: i/o timeout",
    means: "The DNS server <server> does not answer this machine at all.",
    isNot: "a wrong host name or wrong credentials",
    next: "Check /etc/resolv.conf, and that UDP port 53 of the DNS server is open from here.",
  },
  {
    program: "docker, containerd, BuildKit, skopeo",
    message: "read tcp <from>-><address>: read: connection reset by peer",
    also: ["connection reset by peer"],
    means:
      "Something on the way, or the server, cut the connection: a firewall, a proxy, or a server that restarts.",
    isNot: "wrong credentials: a refusal has an HTTP status",
    next: "Try again. If it always happens at the same place, ask who runs the firewall or the reverse proxy.",
  },
  {
    program: "docker, containerd, BuildKit, skopeo",
    message: "unexpected EOF",
    means:
      "The connection ended in the middle of an answer: a restart, or a time or size limit of a reverse proxy.",
    isNot: "a damaged image: the layer is fetched again",
    next: "Try again. If it happens with large layers only, raise the limits of the reverse proxy in front of the registry.",
  },
  {
    program: "docker, containerd, BuildKit, skopeo",
    message: "proxyconnect tcp: <reason>",
    hidesOthers: true,
    means: "The proxy of HTTPS_PROXY was not reached: <reason>",
    isNot: "a problem of the registry: it was never asked",
    next: "Check HTTPS_PROXY. If the registry needs no proxy, add its host to NO_PROXY, for Docker's daemon and containerd too, and restart them.",
  },
  {
    program: "docker, containerd, BuildKit, skopeo",
    message: "Proxy Authentication Required",
    hidesOthers: true,
    means: "The proxy wants a user name and a password (status 407).",
    isNot: "a refusal of the registry, which answers with 401 or 403",
    next: "export HTTPS_PROXY=http://<user>:<password>@<proxy>:<port>",
  },
  {
    program: "docker, containerd, BuildKit, skopeo",
    message: "received unexpected HTTP status: <status>",
    also: [
      "unexpected status from <method> request to <url>: 50<digit>",
      "unexpected status code 50<digit>",
    ],
    means: "The registry, or the reverse proxy in front of it, has a problem of its own.",
    isNot: "wrong credentials or a wrong image",
    next: "Try again in a minute. If it stays, see GitLab's status, and on its server: gitlab-ctl tail registry",
  },
];

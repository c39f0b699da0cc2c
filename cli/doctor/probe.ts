import * as dns from "node:dns/promises";
import * as net from "node:net";
import * as tls from "node:tls";

import type { Finding } from "./step";

/** Time limit for one connection, in milliseconds. */
const connectMs = 5_000;

/** A host to connect to. */
export interface Endpoint {
  /** Its part in the story, such as "GitLab's registry". */
  readonly label: string;
  readonly host: string;
  readonly port: number;
}

/** Looks a host name up, as other programs of this machine do. */
export async function resolveHost({ host, label }: Endpoint): Promise<string[] | Finding> {
  try {
    return (await dns.lookup(host, { all: true })).map(({ address }) => address);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOTFOUND"
      ? {
          cause: `The DNS does not know \`${host}\`, the host of ${label}.`,
          remedy: `getent hosts ${host}    # check the spelling, the VPN and /etc/resolv.conf`,
        }
      : {
          cause: `The DNS server did not answer about \`${host}\`, the host of ${label}.`,
          remedy: "cat /etc/resolv.conf    # is that the right DNS server, and is it reachable?",
        };
  }
}

/** Opens a TCP connection. */
export function connectTcp(endpoint: Endpoint): Promise<Finding | undefined> {
  const { host, label, port } = endpoint;
  const address = `${host}:${port}`;
  return new Promise((resolve) => {
    const socket = net.connect({ host, port });
    const end = (finding: Finding | undefined): void => {
      socket.destroy();
      resolve(finding);
    };
    socket.setTimeout(connectMs, () => end(describeTcpFailure("ETIMEDOUT", address, label)));
    socket.once("connect", () => end(undefined));
    socket.once("error", (error) => end(describeTcpFailure(readCode(error), address, label)));
  });
}

function describeTcpFailure(code: string, address: string, label: string): Finding {
  switch (code) {
    case "ECONNREFUSED":
      return {
        cause: `Nothing listens at ${address}, the address of ${label}: the connection was refused.`,
        remedy: `curl -v https://${address}/    # is the service running, and is the port right?`,
      };
    case "EHOSTUNREACH":
    case "ENETUNREACH":
    case "EACCES":
    case "EPERM":
      return {
        cause: `There is no route to ${address}, the address of ${label} (${code}).`,
        remedy: `ip route get ${address.replace(/:\d+$/, "")}    # is the VPN up? does a firewall reject it?`,
      };
    case "ETIMEDOUT":
      return {
        cause: `Nothing answers at ${address}, the address of ${label}: a firewall drops the packets, or no machine has this address.`,
        remedy: `Let this machine connect to ${address}, in the firewall in front of it.`,
      };
    default:
      return {
        cause: `The connection to ${address}, the address of ${label}, failed (${code}).`,
        remedy: `curl -v https://${address}/`,
      };
  }
}

/** What a TLS handshake gave. */
export interface Handshake {
  /** Node's error code; undefined if the certificate is trusted. */
  readonly code: string | undefined;
  /** The certificate that the server sent, if it sent one. */
  readonly certificate: tls.PeerCertificate | undefined;
  /** Certificates that came with it. */
  readonly chainLength: number;
}

/** Makes a TLS handshake, whether or not the certificate is trusted. */
export function shakeHands({ host, port }: Endpoint, ca: string | undefined): Promise<Handshake> {
  return new Promise((resolve) => {
    const socket = tls.connect({
      host,
      port,
      ...(net.isIP(host) === 0 && { servername: host }),
      ca: [...tls.getCACertificates("default"), ...(ca ? [ca] : [])],
      // Only to read the certificate: nothing is sent.
      rejectUnauthorized: false,
    });
    const end = (handshake: Handshake): void => {
      socket.destroy();
      resolve(handshake);
    };
    const fail = (code: string): void => end({ code, certificate: undefined, chainLength: 0 });
    socket.setTimeout(connectMs, () => fail("ETIMEDOUT"));
    socket.once("error", (error) => fail(readCode(error)));
    socket.once("secureConnect", () => {
      const certificate = socket.getPeerCertificate(true);
      const error = socket.authorizationError as unknown;
      // Node checks the name itself only if it rejects.
      const nameError = tls.checkServerIdentity(host, certificate);
      const code = error ? readCode(error) : nameError && "ERR_TLS_CERT_ALTNAME_INVALID";
      end({ code, certificate, chainLength: countChain(certificate) });
    });
  });
}

function countChain(certificate: tls.DetailedPeerCertificate): number {
  const { issuerCertificate: issuer } = certificate;
  return issuer === undefined || issuer === certificate ? 1 : 1 + countChain(issuer);
}

/** Of the errors of a host's addresses, those that say most of the host. */
const telling = ["ETIMEDOUT", "ECONNREFUSED"];

function readCode(error: unknown): string {
  if (typeof error === "string") return error;
  if (error instanceof AggregateError && error.errors.length > 0) {
    const codes = error.errors.map(readCode);
    // A host has several addresses, and a machine without IPv6 has no route to some of them.
    return telling.find((code) => codes.includes(code)) ?? codes[0];
  }
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}

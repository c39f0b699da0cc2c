import { type Endpoint, type Handshake, shakeHands } from "./probe";
import type { Finding, Outcome } from "./step";

/** Days before the expiry of a certificate from which there is a warning. */
const warnDays = 14;
const millisecondsPerDay = 24 * 60 * 60 * 1000;

/** Node's codes for a certificate whose CA is not trusted here. */
const untrusted = /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+)$/;

/**
 * Makes a TLS handshake with a server and says what is wrong with it.
 *
 * @param ca CA certificates to trust in addition to Node's, as PEM
 */
export async function inspectTls(endpoint: Endpoint, ca: string | undefined): Promise<Outcome> {
  const handshake = await shakeHands(endpoint, ca);
  const { certificate, code } = handshake;
  if (code !== undefined) return { findings: [describeTlsFailure(endpoint, handshake, code)] };
  const end = new Date(certificate?.valid_to ?? "");
  const days = Math.floor((end.getTime() - Date.now()) / millisecondsPerDay);
  const detail = `certificate valid until ${formatDate(end)}`;
  if (days >= warnDays) return { detail };
  const cause = `The certificate of ${endpoint.label} expires in ${days} days, on ${formatDate(end)}.`;
  return { detail, warnings: [{ cause, remedy: "Have its administrator renew it." }] };
}

function describeTlsFailure(endpoint: Endpoint, handshake: Handshake, code: string): Finding {
  const { host, label, port } = endpoint;
  const { certificate } = handshake;
  const address = `${host}:${port}`;
  if (untrusted.test(code)) return describeUntrusted(endpoint, handshake);
  switch (code) {
    case "CERT_HAS_EXPIRED":
      return {
        cause: `The certificate of ${label} at ${address} expired on ${certificate?.valid_to}, by this machine's clock.`,
        remedy:
          "date -u    # if the clock is right, have the server's administrator renew the certificate",
      };
    case "CERT_NOT_YET_VALID":
      return {
        cause: `The certificate of ${label} at ${address} is valid from ${certificate?.valid_from}, which is in the future by this machine's clock.`,
        remedy: "timedatectl set-ntp true    # the clock of this machine is probably slow",
      };
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return {
        cause: `The certificate of ${label} at ${address} is for other names: ${listNames(handshake)}.`,
        remedy: `Use one of these names instead of \`${host}\`, or have the certificate issued for it too.`,
      };
    case "ETIMEDOUT":
      return {
        cause: `${address}, the address of ${label}, accepts connections, but does not answer a TLS handshake.`,
        remedy: `openssl s_client -connect ${address}    # an overloaded server, a proxy, or a small MTU on the way`,
        failure: "network",
      };
    case "ECONNRESET":
    case "EPIPE":
      return {
        cause: `${address}, the address of ${label}, closed the connection in the TLS handshake.`,
        remedy: `openssl s_client -connect ${address}    # does it want a client certificate? is a firewall in between?`,
        failure: "network",
      };
    default:
      return /WRONG_VERSION|EPROTO|PACKET_LENGTH|HTTP_REQUEST|UNEXPECTED/.test(code)
        ? {
            cause: `${address}, the address of ${label}, answers without TLS.`,
            remedy: `curl -i http://${address}/v2/    # use the port with TLS; passwords are never sent in plain text`,
          }
        : {
            cause: `The TLS handshake with ${address}, the address of ${label}, failed (${code}).`,
            remedy: `openssl s_client -connect ${address}`,
          };
  }
}

function describeUntrusted({ host, label, port }: Endpoint, handshake: Handshake): Finding {
  const { certificate, chainLength } = handshake;
  const address = `${host}:${port}`;
  const issuer = [certificate?.issuer.O, certificate?.issuer.CN].flat().filter(Boolean).join(", ");
  const alone = chainLength > 1 ? "" : " The server sends no intermediate certificate with it.";
  return {
    cause: `The certificate of ${label} at ${address} is signed by "${issuer}", a CA that is not trusted here.${alone}`,
    remedy: 'pulumi config set caCertificate <file with that CA> && eval "$(npx slipway env)"',
    lines: [
      `Docker:     /etc/docker/certs.d/${address}/ca.crt, then restart its daemon`,
      `containerd: /etc/containerd/certs.d/${address}/hosts.toml, with \`ca = "<file>"\`, on every node`,
      "runner:     `tls-ca-file` in its config.toml",
    ],
  };
}

function listNames({ certificate }: Handshake): string {
  return certificate?.subjectaltname?.replace(/\b(DNS|IP Address):/g, "") ?? "none";
}

function formatDate(date: Date): string {
  return Number.isNaN(date.getTime()) ? "an unknown date" : date.toISOString().slice(0, 10);
}

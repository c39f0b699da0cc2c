import type { HttpAnswer } from "../../../components/http/transport";
import { parseChallenge } from "../../../components/registry/tokenService";
import { sendOnce } from "../request";
import type { Finding, Outcome, Step } from "../step";

/** What answers at the registry's address, and which token service it names. */
export const registryStep: Step = {
  id: "registry",
  title: "Registry (/v2/)",
  failure: "gitlab",
  dependsOn: ["registry-tls"],
  run: async (inspection) => {
    const { registry } = inspection.get("target");
    const url = `https://${registry}/v2/`;
    const answer = await sendOnce(inspection, { method: "GET", url, headers: {} });
    if ("cause" in answer) return { findings: [answer] };
    const challenge = parseChallenge(answer.headers["www-authenticate"] ?? "");
    if (answer.status !== 401 || challenge === undefined) {
      return { findings: [describeOtherServer(answer, registry)] };
    }
    inspection.set("challenge", challenge);
    const outcome: Outcome = { detail: `tokens from ${new URL(challenge.realm).host}` };
    const warning = findClockDifference(answer);
    return warning === undefined ? outcome : { ...outcome, warnings: [warning] };
  },
};

function describeOtherServer({ headers, status, text }: HttpAnswer, registry: string): Finding {
  const url = `https://${registry}/v2/`;
  const look = `curl -i ${url}`;
  const port =
    "pulumi config set registry <host:port>    # see the project's page Deploy > Container registry";
  if ([502, 503, 504].includes(status)) {
    return {
      cause: `A proxy answers at ${registry}, but the registry behind it does not (status ${status}).`,
      remedy:
        "sudo gitlab-ctl status registry && sudo gitlab-ctl tail registry    # on GitLab's server",
    };
  }
  if (status >= 300 && status < 400) {
    const place = headers.location ?? "nowhere";
    return {
      cause: `${registry} redirects to ${place} instead of answering as a registry.`,
      remedy: port,
    };
  }
  if (status === 401) {
    return {
      cause: `The registry at ${registry} does not use GitLab's tokens: it asks for "${headers["www-authenticate"] ?? "nothing"}".`,
      remedy: port,
    };
  }
  const isPage =
    /^text\/html\b/i.test(headers["content-type"] ?? "") || /^\s*<(!doctype|html)/i.test(text);
  const isGitLab = /gitlab/i.test(text) || "x-gitlab-meta" in headers;
  if (status === 200 && isPage && !isGitLab) {
    return {
      cause: `${registry} answers with a web page, and not as a registry: another program, a portal or a proxy is there.`,
      remedy: look,
    };
  }
  if (status === 200 && !isPage) {
    return {
      cause: `A registry without a login answers at ${registry}: it is not the one of a GitLab project.`,
      remedy: port,
    };
  }
  if (isGitLab) {
    return {
      cause: `GitLab's web server answers at ${registry}, and not its registry: the port is another one, or the registry is off.`,
      remedy: port,
    };
  }
  return {
    cause: `No registry answers at ${registry}: ${url} has status ${status}.`,
    remedy: look,
  };
}

/** The registry accepts tokens whose times differ from its own clock by this much. */
const leewaySeconds = 60;

/** Compares the server's clock with this machine's. */
function findClockDifference({ headers }: HttpAnswer): Finding | undefined {
  const seconds = Math.round((Date.parse(headers.date ?? "") - Date.now()) / 1000);
  if (Number.isNaN(seconds) || Math.abs(seconds) <= leewaySeconds) return undefined;
  const direction = seconds > 0 ? "behind" : "ahead of";
  return {
    cause: `This machine's clock is ${Math.abs(seconds)} seconds ${direction} the registry's.`,
    remedy: "timedatectl set-ntp true    # on the machine whose clock is wrong",
  };
}

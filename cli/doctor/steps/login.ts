import {
  buildTokenRequest,
  readRefusal,
  readToken,
} from "../../../components/registry/tokenService";
import { tryParseJson } from "../../../components/json";
import type { Grant, Inspection, Login } from "../inspection";
import { describeRefusedLogin } from "../refusedLogin";
import { sendOnce } from "../request";
import type { Finding, Step } from "../step";

/** Whether GitLab accepts each credential, and what it may do. */
export const loginStep: Step = {
  id: "login",
  title: "Login",
  failure: "access",
  dependsOn: ["registry", "state"],
  run: async (inspection) => {
    const logins = [...(inspection.find("logins") ?? []), ...inspection.get("target").logins];
    if (logins.length === 0) {
      return {
        leftOut:
          "there are no credentials yet. To try some: `--username`, and SLIPWAY_REGISTRY_PASSWORD",
      };
    }
    const results = await Promise.all(logins.map((login) => logIn(inspection, login)));
    const grants = results.flatMap((result) => ("login" in result ? [result] : []));
    const findings = results.flatMap((result) => ("login" in result ? [] : [result]));
    inspection.set("grants", grants);
    return { detail: logins.map(({ label }) => label).join(", "), findings };
  },
};

/** Asks for a token, for pulling first: a request that may push is refused as a whole by a protection rule. */
async function logIn(inspection: Inspection, login: Login): Promise<Grant | Finding> {
  const pulling = await requestToken(inspection, login, "pull");
  if (!("actions" in pulling) || !login.pushes) return pulling;
  const pushing = await requestToken(inspection, login, "pull,push");
  return "actions" in pushing ? pushing : { ...pushing, cause: `Push: ${pushing.cause}` };
}

async function requestToken(
  inspection: Inspection,
  login: Login,
  actions: string,
): Promise<Grant | Finding> {
  const { path } = inspection.get("target");
  const challenge = inspection.get("challenge");
  const request = buildTokenRequest(challenge, path, actions, login);
  if (request === undefined) {
    return {
      cause: `The registry names a token service without HTTPS, ${challenge.realm}, to which no password is sent.`,
      remedy:
        "Set `external_url` of GitLab to its https address, and run: sudo gitlab-ctl reconfigure",
      failure: "gitlab",
    };
  }
  const answer = await sendOnce(inspection, request);
  if ("cause" in answer) return answer;
  const token = readToken(answer.text);
  if (answer.status === 200 && token !== undefined) {
    inspection.secrets.push(token);
    return { login, token, actions: readActions(token, path) };
  }
  return describeRefusedLogin(inspection, login, {
    status: answer.status,
    reason: readRefusal(answer.text),
    realm: challenge.realm,
  });
}

/** The actions in a token. GitLab leaves out what is not allowed, and still gives a token. */
function readActions(token: string, path: string): string[] {
  const payload = Buffer.from(token.split(".")[1] ?? "", "base64url").toString();
  const { access = [] } = (tryParseJson(payload) ?? {}) as {
    access?: { name?: string; actions?: string[] }[];
  };
  return access.filter(({ name }) => name === path).flatMap(({ actions = [] }) => actions);
}

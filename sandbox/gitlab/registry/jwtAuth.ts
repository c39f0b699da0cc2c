import type { FastifyInstance, FastifyRequest } from "fastify";

import type { GitLab } from "../gitlab";
import { findRequester } from "../access/requester";
import { grant, pushesToProtected, type Access } from "./access";
import { identify, type Identity } from "./identity";
import type { TokenSigner } from "./signer";

const registryService = "container_registry";
const tokenLifeSeconds = 5 * 60;
const userInfoLifeSeconds = 60;

/** How registry tokens are created. */
export interface RegistryTokens {
  /** Claim `iss`, which the registry compares with its configuration. */
  readonly issuer: string;
  readonly signer: TokenSigner;
}

/** An answer to a request for a token. */
interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly granted?: readonly Access[];
}

/** `GET /jwt/auth`: the token service to which the container registry sends its clients. */
export function serveJwtAuth(app: FastifyInstance, gitlab: GitLab, tokens: RegistryTokens): void {
  app.get("/jwt/auth", async (request, reply) => {
    const identity = identify(gitlab, request);
    const query = readQuery(request);
    const scopes = readScopes(query);
    const answer = await decide(gitlab, tokens, identity, query.get("service"), scopes);

    // Without the user name of the request: some people put tokens there.
    gitlab.events.record({
      action: "registry_token",
      ...findRequester(request),
      target: scopes.map(nameScope).join(" "),
      details: {
        status: answer.status,
        granted:
          answer.granted?.map(({ type, name, actions }) => `${type}:${name}:${actions.join()}`) ??
          [],
      },
    });
    return reply.code(answer.status).send(answer.body);
  });
}

async function decide(
  gitlab: GitLab,
  tokens: RegistryTokens,
  identity: Identity | undefined,
  service: string | null,
  scopes: readonly string[],
): Promise<Answer> {
  if (identity === undefined) return { status: 401, body: { errors: [accessDenied(gitlab)] } };
  if (service !== registryService) return { status: 404 };
  if (identity.abilities.length === 0) return denied("access forbidden");

  const granted = scopes
    .map((scope) => grant(gitlab, identity, scope))
    .filter((access) => access !== undefined);
  if (identity.authType === "none" && granted.length === 0) return denied("access forbidden");
  if (granted.some((access) => pushesToProtected(gitlab, identity, access))) {
    return denied("Pushing to protected repository path forbidden");
  }
  const token = await signToken(tokens, service, identity, granted);
  return { status: 200, body: { token }, granted };
}

/** Creates a refusal. GitLab repeats the status in the body. */
function denied(message: string): Answer {
  return { status: 403, body: { errors: [{ code: "DENIED", message }], http_status: 403 } };
}

async function signToken(
  { issuer, signer }: RegistryTokens,
  audience: string,
  identity: Identity,
  access: readonly Access[],
): Promise<string> {
  const { authType, user } = identity;
  const userInfo = await signer.sign(
    { user_info: describeIdentity(identity) },
    userInfoLifeSeconds,
  );
  const claims = {
    iss: issuer,
    aud: audience,
    ...(user === undefined ? {} : { sub: user.username }),
    auth_type: authType,
    access,
    user: userInfo,
  };
  return signer.sign(claims, tokenLifeSeconds);
}

function describeIdentity({ authType, user, deployToken }: Identity): object | null {
  if (user !== undefined) {
    return { token_type: authType, username: user.username, user_id: user.id };
  }
  if (deployToken !== undefined) {
    return {
      token_type: authType,
      username: deployToken.username,
      deploy_token_id: deployToken.id,
    };
  }
  return null;
}

/** Reads the scopes: one parameter with spaces between them, a repeated parameter, or both. */
function readScopes(query: URLSearchParams): string[] {
  return query
    .getAll("scope")
    .flatMap((scopes) => scopes.split(" ").filter((scope) => scope !== ""));
}

function readQuery(request: FastifyRequest): URLSearchParams {
  return new URL(request.url, "http://localhost").searchParams;
}

const scopePattern = /^(?:repository|registry):[a-z0-9._/-]{1,255}:[a-z,*]{1,64}$/;

/** Renders a scope for the event log. Anything that doesn't look like a scope is left out, as it may be secret. */
function nameScope(scope: string): string {
  return scopePattern.test(scope) ? scope : "(no scope)";
}

function accessDenied(gitlab: GitLab): { code: string; message: string } {
  const help =
    `${gitlab.url}/help/user/profile/account/two_factor_authentication_troubleshooting.md` +
    "#error-http-basic-access-denied-if-a-password-was-provided-for-git-authentication-";
  return {
    code: "UNAUTHORIZED",
    message:
      "HTTP Basic: Access denied. If a password was provided for Git authentication, the password " +
      "was incorrect or you're required to use a token instead of a password. If a token was " +
      `provided, it was either incorrect, expired, or improperly scoped. See ${help}`,
  };
}

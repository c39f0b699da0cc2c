import { jwtVerify, type JWTPayload } from "jose";

import { keys, seed, type Answer, type DeployTokenBody, type World } from "../../support/world";

/** Password of the users that {@link passwordSeed} adds. */
export const password = "correct horse battery staple";

/** The usual world, and two developers with a password: `careful` has a second factor, `typist` has none. */
export const passwordSeed = {
  ...seed,
  users: [
    ...seed.users!,
    { username: "typist", name: "Typist", password },
    { username: "careful", name: "Careful", password, twoFactor: true },
  ],
  members: [
    ...seed.members!,
    { username: "typist", role: "developer" as const, group: "web" },
    { username: "careful", role: "developer" as const, group: "web" },
  ],
};

/** Checks a registry token as the registry does, and returns its claims. */
export async function verifyToken(world: World, token: string): Promise<JWTPayload> {
  const { payload } = await jwtVerify(token, keys.publicKey, {
    issuer: "test-issuer",
    audience: "container_registry",
    currentDate: world.now,
    algorithms: ["RS256"],
  });
  return payload;
}

/** What an answer grants, as `name:actions`; an answer that isn't 200 fails. */
export async function verifyAccess(world: World, answer: Answer): Promise<string[]> {
  expect(answer).toMatchObject({ status: 200 });
  const { access } = await verifyToken(world, (answer.body as { token: string }).token);
  return (access as { name: string; actions: string[] }[]).map(
    ({ name, actions }) => `${name}:${actions.join(",")}`,
  );
}

/** User name and password of a deploy token, as basic authentication has them. */
export function login({ username, token }: DeployTokenBody): string {
  return `${username}:${token}`;
}

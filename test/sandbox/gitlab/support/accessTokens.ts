import type { World } from "./world";

/** A personal access token as it is made. */
export interface Token {
  readonly id: number;
  readonly name: string;
  readonly token: string;
  readonly user_id: number;
}

/** The user's id. */
export async function idOfUser(world: World, username: string): Promise<number> {
  return ((await world.api(`/users?username=${username}`)).body as { id: number }[])[0].id;
}

/** A token of that user's, made by an administrator. */
export async function createToken(
  world: World,
  username: string,
  args: object = {},
): Promise<Token> {
  const answer = await world.api(
    `/users/${await idOfUser(world, username)}/personal_access_tokens`,
    {
      method: "POST",
      as: "admin",
      json: { name: "made", scopes: ["api"], ...args },
    },
  );
  if (answer.status !== 201) throw new Error(`access token: ${answer.status} ${answer.text}`);
  return answer.body as Token;
}

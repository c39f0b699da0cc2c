import { Gitlab } from "@gitbeaker/rest";

import { describeContract, findRefusal } from "./workplace";

describeContract("users and their tokens", (open) => {
  it("a token tells whose it is", async () => {
    const { client } = open();

    const user = await client.Users.showCurrentUser();

    expect(user).toMatchObject({ state: "active", username: expect.any(String) as string });
    expect(await client.Users.all({ username: user.username })).toMatchObject([{ id: user.id }]);
    expect(await client.Users.show(user.id)).toMatchObject({ username: user.username });
  });

  it("a token reports itself", async () => {
    const { client } = open();

    const user = await client.Users.showCurrentUser();
    const token = await client.PersonalAccessTokens.show();

    expect(token).toMatchObject({ user_id: user.id, active: true, revoked: false });
    expect(token.scopes).toContain("api");
    expect(token).not.toHaveProperty("token");
  });

  it("an unknown token is refused", async () => {
    const { url } = open();
    const client = new Gitlab({ host: url, token: "glpat-that-nobody-has" });

    expect(await findRefusal(client.Users.showCurrentUser())).toEqual({
      status: 401,
      description: "401 Unauthorized",
    });
  });

  it("a token is rotated by itself, and its successor revoked", async () => {
    const { url, token } = open();
    const made = await fetch(`${url}/api/v4/user/personal_access_tokens`, {
      method: "POST",
      headers: { "private-token": token, "content-type": "application/json" },
      body: JSON.stringify({ name: "contract", scopes: ["self_rotate"] }),
    });
    expect(made.status).toBe(201);
    const first = (await made.json()) as { id: number; token: string };
    const client = (value: string) => new Gitlab({ host: url, token: value });

    const second = await client(first.token).PersonalAccessTokens.rotate("self");

    const value = String(second["token"]);
    expect(second.id).not.toBe(first.id);
    expect(await findRefusal(client(first.token).PersonalAccessTokens.show())).toMatchObject({
      status: 401,
    });
    expect(await client(value).PersonalAccessTokens.show()).toMatchObject({ id: second.id });
    await client(value).PersonalAccessTokens.remove();
    expect(await findRefusal(client(value).PersonalAccessTokens.show())).toMatchObject({
      status: 401,
    });
  });
});

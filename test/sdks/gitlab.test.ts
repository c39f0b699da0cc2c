import * as gitlab from "@pulumi/gitlab";
import * as pulumi from "@pulumi/pulumi";

import { FakeEngine, promiseOf } from "../support/engine";

let engine: FakeEngine;

beforeEach(async () => {
  engine = await FakeEngine.install();
});

describe.each([
  ["ProjectDeployToken", "project", gitlab.ProjectDeployToken],
  ["GroupDeployToken", "group", gitlab.GroupDeployToken],
] as const)("%s", (className, owner, Token) => {
  const type = `gitlab:index/${className[0].toLowerCase()}${className.slice(1)}:${className}`;
  const args = { [owner]: "web", scopes: ["read_registry"] } as never;

  it("asks for this version of the plugin, and has the token kept secret", async () => {
    const token = new Token("token", args);
    await engine.settle();

    const { inputs, request } = engine.find("token");
    expect(request.getType()).toBe(type);
    expect(request.getVersion()).toBe("10.1.1");
    expect(request.getAdditionalsecretoutputsList()).toEqual(["token"]);
    expect(inputs).toEqual({ [owner]: "web", scopes: ["read_registry"] });
    expect(await promiseOf(token.scopes)).toEqual(["read_registry"]);
    expect(Token.isInstance(token)).toBe(true);
    expect(Token.isInstance(undefined)).toBe(false);
  });

  it.each([owner, "scopes"])("insists on `%s`", (missing) => {
    const rest = { ...(args as object), [missing]: undefined } as never;
    expect(() => new Token("token", rest)).toThrow(`Missing required property '${missing}'`);
  });

  it("looks up a token that exists, with what is known of it", async () => {
    const token = Token.get("token", "web:7", { token: pulumi.secret("gldt-7") });

    expect(await promiseOf(token.token)).toBe("gldt-7");
    expect(await pulumi.isSecret(token.token)).toBe(true);
  });
});

describe("Provider", () => {
  it("hands over text, what is no text as JSON, and the token as a secret", async () => {
    const provider = new gitlab.Provider("self-hosted", {
      baseUrl: "https://gitlab.example.com/api/v4/",
      headers: { "X-Team": "web" },
      retries: 3,
      insecure: false,
      token: "glpat-1",
    });
    await engine.settle();

    const { inputs, request } = engine.find("self-hosted");
    expect(request.getType()).toBe("pulumi:providers:gitlab");
    expect(inputs).toEqual({
      baseUrl: "https://gitlab.example.com/api/v4/",
      headers: '{"X-Team":"web"}',
      retries: "3",
      insecure: "false",
      token: { secret: "glpat-1" },
    });
    expect(gitlab.Provider.isInstance(provider)).toBe(true);
    expect(gitlab.Provider.isInstance(undefined)).toBe(false);
  });
});

describe("config", () => {
  it("reads the stack's configuration", () => {
    pulumi.runtime.setAllConfig({
      "gitlab:baseUrl": "https://gitlab.example.com/api/v4/",
      "gitlab:retries": "3",
      "gitlab:insecure": "false",
      "gitlab:headers": '{"X-Team":"web"}',
    });

    expect(gitlab.config).toMatchObject({
      baseUrl: "https://gitlab.example.com/api/v4/",
      retries: 3,
      insecure: false,
      headers: { "X-Team": "web" },
      token: undefined,
    });
  });
});

import * as gitlab from "@pulumi/gitlab";
import * as pulumi from "@pulumi/pulumi";

import { FakeEngine, promiseOf } from "../support/engine";

let engine: FakeEngine;

beforeEach(async () => {
  engine = await FakeEngine.install();
});

const scopes = ["read_registry"];

describe("ProjectDeployToken", () => {
  it("asks for this version of the plugin, and has the token kept secret", async () => {
    const token = new gitlab.ProjectDeployToken("token", { project: "web/site", scopes });
    await engine.settle();

    const { inputs, request } = engine.find("token");
    expect(request.getType()).toBe("gitlab:index/projectDeployToken:ProjectDeployToken");
    expect(request.getVersion()).toBe("10.1.1");
    expect(request.getAdditionalsecretoutputsList()).toEqual(["token"]);
    expect(inputs).toEqual({ project: "web/site", scopes });
    expect(await promiseOf(token.scopes)).toEqual(scopes);
    expect(gitlab.ProjectDeployToken.isInstance(token)).toBe(true);
    expect(gitlab.GroupDeployToken.isInstance(token)).toBe(false);
  });

  it("insists on project and scopes", () => {
    const create = (args: object) => new gitlab.ProjectDeployToken("token", args as never);
    expect(() => create({ scopes })).toThrow("Missing required property 'project'");
    expect(() => create({ project: "web" })).toThrow("Missing required property 'scopes'");
  });

  it("looks up a token that exists, with what is known of it", async () => {
    const known = { token: pulumi.secret("gldt-7"), expired: false };
    const token = gitlab.ProjectDeployToken.get("token", "web:7", known);

    expect(await promiseOf(token.token)).toBe("gldt-7");
    expect(await promiseOf(token.expired)).toBe(false);
    expect(await pulumi.isSecret(token.token)).toBe(true);
  });
});

describe("GroupDeployToken", () => {
  it("asks for this version of the plugin, and has the token kept secret", async () => {
    const token = new gitlab.GroupDeployToken("token", { group: "web", scopes });
    await engine.settle();

    const { inputs, request } = engine.find("token");
    expect(request.getType()).toBe("gitlab:index/groupDeployToken:GroupDeployToken");
    expect(request.getVersion()).toBe("10.1.1");
    expect(request.getAdditionalsecretoutputsList()).toEqual(["token"]);
    expect(inputs).toEqual({ group: "web", scopes });
    expect(gitlab.GroupDeployToken.isInstance(token)).toBe(true);
    expect(gitlab.ProjectDeployToken.isInstance(token)).toBe(false);
  });

  it("insists on group and scopes", () => {
    const create = (args: object) => new gitlab.GroupDeployToken("token", args as never);
    expect(() => create({ scopes })).toThrow("Missing required property 'group'");
    expect(() => create({ group: "web" })).toThrow("Missing required property 'scopes'");
  });

  it("looks up a token that exists, with what is known of it", async () => {
    const token = gitlab.GroupDeployToken.get("token", "web:7", { token: pulumi.secret("gldt-7") });

    expect(await promiseOf(token.token)).toBe("gldt-7");
    expect(await pulumi.isSecret(token.token)).toBe(true);
  });
});

describe("getProject", () => {
  it("looks up a project by its path", async () => {
    const found = await gitlab.getProject({ pathWithNamespace: "web/site" });

    expect(engine.calls).toEqual([
      {
        token: "gitlab:index/getProject:getProject",
        args: { pathWithNamespace: "web/site" },
      },
    ]);
    expect(found.visibilityLevel).toBe("private");
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
    const texts = {
      baseUrl: "https://gitlab.example.com/api/v4/",
      cacertFile: "ca.pem",
      clientCert: "client.pem",
      clientKey: "client.key",
      configFile: "glab.yml",
      context: "gitlab.example.com",
      token: "glpat-1",
    };
    const others = {
      earlyAuthCheck: true,
      enableAutoCiSupport: false,
      headers: { "X-Team": "web" },
      insecure: false,
      retries: 3,
    };
    const stored = [
      ...Object.entries(texts),
      ...Object.entries(others).map(([key, value]) => [key, JSON.stringify(value)]),
    ].map(([key, value]) => [`gitlab:${key}`, value]);
    pulumi.runtime.setAllConfig(Object.fromEntries(stored) as Record<string, string>);

    expect({ ...gitlab.config }).toEqual({ ...texts, ...others });
  });
});

describe("a reference to a resource", () => {
  const signature = "4dabf18193072939515e22adb298388d";
  const reference = "5cf8f73096256a8f31e491e813e4eb8e";

  it.each([
    ["ProjectDeployToken", () => new gitlab.ProjectDeployToken("one", { project: "web", scopes })],
    ["GroupDeployToken", () => new gitlab.GroupDeployToken("one", { group: "web", scopes })],
    ["Provider", () => new gitlab.Provider("one")],
  ] as const)("becomes a %s again", async (className, create) => {
    const original = create();
    await engine.settle();
    const urn = await promiseOf<string>(original.urn);

    const restored: unknown = pulumi.runtime.deserializeProperty({
      [signature]: reference,
      urn,
      packageVersion: "10.1.1",
    });

    expect(restored).not.toBe(original);
    expect(gitlab[className].isInstance(restored)).toBe(true);
    expect(await promiseOf<string>((restored as pulumi.Resource).urn)).toBe(urn);
  });
});

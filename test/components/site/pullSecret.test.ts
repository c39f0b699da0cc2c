import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import {
  PullSecret,
  type PullSecretArgs,
  renderDockerConfig,
} from "../../../components/site/pullSecret";
import { FakeEngine, promiseOf } from "../../support/engine";

const registry = "gitlab.example.com:5050";
const login = { username: "reader", password: "gldt-1/+ü" };
let engine: FakeEngine;

beforeEach(async () => {
  engine = await FakeEngine.install();
});

async function create(args: Partial<PullSecretArgs> = {}, name = "pull") {
  const secret = new PullSecret(name, { registry, ...login, ...args });
  await engine.settle();
  return secret;
}

function dockerConfigOf(name = "pull"): unknown {
  const { inputs } = engine.find(name, "kubernetes:core/v1:Secret");
  const { secret } = inputs.data as { secret: Record<string, string> };
  return JSON.parse(Buffer.from(secret[".dockerconfigjson"], "base64").toString());
}

describe("PullSecret", () => {
  it("is a Docker configuration under a fixed name", async () => {
    await create();

    expect(engine.tree()).toEqual([
      "kubernetes:core/v1:Secret pull < pull",
      "slipway:index:PullSecret pull < stack",
    ]);
    expect(engine.find("pull", "kubernetes:core/v1:Secret").inputs).toEqual({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "gitlab-registry" },
      type: "kubernetes.io/dockerconfigjson",
      data: {
        secret: {
          ".dockerconfigjson": Buffer.from(renderDockerConfig(registry, login)).toString("base64"),
        },
      },
    });
  });

  it("takes a name, a namespace and an e-mail address", async () => {
    await create({ secretName: "other", namespace: "web", email: "web@example.com" });

    const { inputs } = engine.find("pull", "kubernetes:core/v1:Secret");
    expect(inputs.metadata).toEqual({ name: "other", namespace: "web" });
    expect(dockerConfigOf()).toMatchObject({ auths: { [registry]: { email: "web@example.com" } } });
  });

  it("keeps a password secret that was given as plain text", async () => {
    const secret = await create();

    const encoded = Buffer.from(`reader:${login.password}`).toString("base64");
    expect(engine.clearText()).not.toContain("gldt-1");
    expect(engine.clearText()).not.toContain(encoded);
    expect(await pulumi.isSecret(secret.secretName)).toBe(false);
  });

  it("registers the secret's name", async () => {
    const secret = await create();

    expect(await promiseOf(secret.secretName)).toBe("gitlab-registry");
    expect(engine.outputsOf("pull")).toEqual({ secretName: "gitlab-registry" });
    expect(engine.find("pull", "slipway:index:PullSecret").inputs).toEqual({});
  });

  it("lets the pods of service accounts pull with it too", async () => {
    await create({ namespace: "web", serviceAccounts: ["default", "builder"] });

    for (const account of ["default", "builder"]) {
      const { inputs, parent, request, type } = engine.find(`pull-${account}`);
      expect({ parent, type }).toEqual({
        parent: "pull",
        type: "pulumi-nodejs:dynamic/slipway:PullSecretEntry",
      });
      expect(inputs).toEqual({
        __provider: expect.any(String) as string,
        namespace: "web",
        account,
        secret: "gitlab-registry",
      });
      // So it is removed before the secret is.
      expect(request.getDependenciesList()).toEqual([
        expect.stringMatching(/kubernetes:core\/v1:Secret::pull$/),
      ]);
    }
  });

  it("hands the way to the cluster on to who changes service accounts", async () => {
    const cluster = { kubeconfig: pulumi.secret("apiVersion: v1"), context: "web" };
    await create({ namespace: "web", serviceAccounts: ["default"], cluster });

    expect(engine.find("pull-default").inputs).toMatchObject({
      kubeconfig: { secret: "apiVersion: v1" },
      context: "web",
    });
  });

  it("stands twice in one program", async () => {
    await create();
    await create({ secretName: "other", password: "gldt-2" }, "other");

    expect(new Set(engine.tree()).size).toBe(4);
    expect(dockerConfigOf("other")).toMatchObject({
      auths: { [registry]: { password: "gldt-2" } },
    });
  });

  it("hands a provider on to the secret", async () => {
    const cluster = new k8s.Provider("cluster", {});
    new PullSecret("pull", { registry, ...login }, { providers: [cluster] });
    await engine.settle();

    expect(engine.find("pull", "kubernetes:core/v1:Secret").provider).toBe("cluster");
  });
});

describe("renderDockerConfig", () => {
  it("writes user, password and both in base64", () => {
    expect(JSON.parse(renderDockerConfig(registry, login))).toEqual({
      auths: { [registry]: { ...login, auth: "cmVhZGVyOmdsZHQtMS8rw7w=" } },
    });
  });

  it("adds an e-mail address", () => {
    const rendered = renderDockerConfig(registry, { ...login, email: "web@example.com" });
    expect(JSON.parse(rendered)).toMatchObject({
      auths: { [registry]: { email: "web@example.com" } },
    });
  });
});

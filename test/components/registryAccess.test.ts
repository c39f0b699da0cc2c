import * as pulumi from "@pulumi/pulumi";

import { RegistryAccess } from "../../components/registryAccess";
import { FakeEngine, promiseOf, tokenOf } from "../support/engine";

const now = new Date("2025-11-24T10:00:00Z");
const projectToken = "gitlab:index/projectDeployToken:ProjectDeployToken";
let engine: FakeEngine;

beforeEach(async () => {
  engine = await FakeEngine.install();
});

async function create(args: Partial<ConstructorParameters<typeof RegistryAccess>[1]> = {}) {
  const access = new RegistryAccess("registry", { project: "web/gatsby-site", now, ...args });
  await engine.settle();
  return access;
}

describe("RegistryAccess", () => {
  it("makes a token that may write and one that may only read", async () => {
    await create();

    expect(engine.tree()).toEqual([
      `${projectToken} registry-pull < registry`,
      `${projectToken} registry-push < registry`,
      "slipway:index:RegistryAccess registry < stack",
    ]);
    expect(engine.find("registry-push").inputs).toEqual({
      project: "web/gatsby-site",
      name: "slipway/gatsby-site/dev/push",
      username: "slipway-gatsby-site-dev-push",
      scopes: ["read_registry", "write_registry"],
      expiresAt: "2026-03-08T00:00:00Z",
    });
    expect(engine.find("registry-pull").inputs).toEqual({
      project: "web/gatsby-site",
      name: "slipway/gatsby-site/dev/pull",
      username: "slipway-gatsby-site-dev-pull",
      scopes: ["read_registry"],
      expiresAt: "2026-03-08T00:00:00Z",
    });
  });

  it("makes the tokens in a group that is given", async () => {
    await create({ group: "web" });

    expect(engine.find("registry-pull")).toMatchObject({
      type: "gitlab:index/groupDeployToken:GroupDeployToken",
      inputs: { group: "web", scopes: ["read_registry"] },
    });
    expect(engine.find("registry-push").inputs).not.toHaveProperty("project");
  });

  it("decides the expiry by the length of a window", async () => {
    await create({ rotateEveryDays: 1 });

    expect(engine.find("registry-pull").inputs.expiresAt).toBe("2025-11-26T00:00:00Z");
  });

  it("creates a new token before it deletes the old one", async () => {
    await create();

    for (const name of ["registry-pull", "registry-push"]) {
      const { request } = engine.find(name);
      expect(request.getDeletebeforereplacedefined()).toBe(true);
      expect(request.getDeletebeforereplace()).toBe(false);
    }
  });

  it("hands the passwords out as secrets only", async () => {
    const access = await create();

    expect(await promiseOf(access.pull.password)).toBe(tokenOf("registry-pull"));
    expect(await promiseOf(access.push.password)).toBe(tokenOf("registry-push"));
    expect(await pulumi.isSecret(access.pull.password)).toBe(true);
    expect(await pulumi.isSecret(access.push.password)).toBe(true);
    expect(await pulumi.isSecret(access.pull.username)).toBe(false);
    expect(engine.find("registry-pull").request.getAdditionalsecretoutputsList()).toEqual([
      "token",
    ]);
    expect(engine.clearText()).not.toContain("gldt-");
  });

  it("registers its public fields as outputs", async () => {
    await create();

    expect(engine.outputsOf("registry")).toEqual({
      push: {
        username: "slipway-gatsby-site-dev-push",
        password: { secret: tokenOf("registry-push") },
      },
      pull: {
        username: "slipway-gatsby-site-dev-pull",
        password: { secret: tokenOf("registry-pull") },
      },
      pushTokenExpiresAt: "2026-03-08T00:00:00Z",
      pullTokenExpiresAt: "2026-03-08T00:00:00Z",
    });
    expect(engine.find("registry").inputs).toEqual({});
  });

  it("reads the clock when no time is given", async () => {
    await create({ now: undefined });

    const expiry = new Date(engine.find("registry-pull").inputs.expiresAt as string);
    const days = (expiry.getTime() - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(60);
    expect(days).toBeLessThanOrEqual(120);
  });

  it("stands twice in one program", async () => {
    await create();
    new RegistryAccess("other", { project: "web/other", now });
    await engine.settle();

    expect(new Set(engine.tree()).size).toBe(6);
  });

  it("hands a provider on to its tokens", async () => {
    const gitlab = await import("@pulumi/gitlab");
    const provider = new gitlab.Provider("self-hosted", { token: "glpat-1" });
    new RegistryAccess("registry", { project: "web/gatsby-site" }, { providers: [provider] });
    await engine.settle();

    expect(engine.find("registry-pull").provider).toBe("self-hosted");
    expect(engine.find("registry-push").provider).toBe("self-hosted");
  });
});

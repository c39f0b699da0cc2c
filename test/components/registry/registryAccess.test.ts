import * as pulumi from "@pulumi/pulumi";

import {
  RegistryAccess,
  type RegistryAccessArgs,
} from "../../../components/registry/registryAccess";
import { FakeEngine, promiseOf, tokenOf } from "../../support/engine";

const projectToken = "gitlab:index/projectDeployToken:ProjectDeployToken";
// Within the window that ends on 2026-01-21, in which `a` is in use.
const now = new Date("2025-11-24T10:00:00Z");
const expiresAt = "2026-03-22T00:00:00Z";
let engine: FakeEngine;

beforeEach(async () => {
  engine = await FakeEngine.install();
});

afterEach(() => {
  jest.restoreAllMocks();
});

async function create(args: Partial<RegistryAccessArgs> = {}) {
  const access = new RegistryAccess("registry", { project: "web/gatsby-site", now, ...args });
  await engine.settle();
  return access;
}

describe("RegistryAccess", () => {
  it("makes a token that may write and two that may only read", async () => {
    await create();

    expect(engine.tree()).toEqual([
      `${projectToken} registry-pull-a < registry`,
      `${projectToken} registry-pull-b < registry`,
      `${projectToken} registry-push < registry`,
      "slipway:index:RegistryAccess registry < stack",
    ]);
    expect(engine.find("registry-push").inputs).toEqual({
      project: "web/gatsby-site",
      name: "slipway/gatsby-site/dev/push",
      username: "slipway-gatsby-site-dev-push",
      scopes: ["read_registry", "write_registry"],
      expiresAt,
    });
    for (const slot of ["a", "b"]) {
      expect(engine.find(`registry-pull-${slot}`).inputs).toEqual({
        project: "web/gatsby-site",
        name: `slipway/gatsby-site/dev/pull-${slot}`,
        username: "slipway-gatsby-site-dev-pull",
        scopes: ["read_registry"],
        expiresAt,
      });
    }
  });

  it("makes the tokens in a group that is given, with names of the project's own", async () => {
    await create({ group: "web" });

    expect(engine.find("registry-pull-a")).toMatchObject({
      type: "gitlab:index/groupDeployToken:GroupDeployToken",
      inputs: {
        group: "web",
        name: "slipway/web/gatsby-site/gatsby-site/dev/pull-a",
        scopes: ["read_registry"],
      },
    });
    expect(engine.find("registry-push").inputs).not.toHaveProperty("project");
  });

  it.each([
    ["a window", {}, "a", "b"],
    ["the next one", { now: new Date("2026-01-21T00:00:00Z") }, "b", "a"],
    ["the one after", { now: new Date("2026-03-22T00:00:00Z") }, "a", "b"],
    ["a forced rotation", { rotation: 1 }, "b", "a"],
    ["a forced rotation more", { rotation: 2 }, "a", "b"],
  ])("in %s uses one pull token and keeps the other", async (_, args, used, kept) => {
    const access = await create(args);

    expect(await promiseOf(access.pull!.password)).toBe(tokenOf(`registry-pull-${used}`));
    const ignoredBy = (slot: string) =>
      engine.find(`registry-pull-${slot}`).request.getIgnorechangesList();
    expect(ignoredBy(used)).toEqual([]);
    expect(ignoredBy(kept)).toEqual(["name", "expiresAt"]);
  });

  it("registers the same on every day of a window", async () => {
    const inputs = async (day: string) => {
      engine = await FakeEngine.install();
      await create({ now: new Date(day) });
      return engine.registrations.map((one) => ({ ...one, request: undefined }));
    };

    expect(await inputs("2026-01-20T23:59:59.999Z")).toEqual(
      await inputs("2025-11-22T00:00:00.000Z"),
    );
  });

  it("tells a forced rotation by the token's name", async () => {
    await create({ rotation: 3 });

    const { name } = engine.find("registry-pull-b").inputs;
    expect(name).toBe("slipway/gatsby-site/dev/pull-b/3");
    expect(engine.find("registry-push").inputs.name).toBe("slipway/gatsby-site/dev/push/3");
  });

  it("decides the expiry by the length of a window", async () => {
    await create({ rotateEveryDays: 1 });

    expect(engine.find("registry-push").inputs.expiresAt).toBe("2025-11-26T00:00:00Z");
  });

  it("creates a new token before it deletes the old one", async () => {
    await create();

    for (const name of ["registry-pull-a", "registry-pull-b", "registry-push"]) {
      const { request } = engine.find(name);
      expect(request.getDeletebeforereplacedefined()).toBe(true);
      expect(request.getDeletebeforereplace()).toBe(false);
    }
  });

  it("goes on with the token of a stack that had one for pulling", async () => {
    await create();

    const aliases = engine.find("registry-pull-a").request.getAliasesList();
    expect(aliases.map((alias) => alias.getSpec()?.getName())).toEqual(["registry-pull"]);
    expect(engine.find("registry-pull-b").request.getAliasesList()).toEqual([]);
  });

  it("hands the passwords out as secrets only", async () => {
    const access = await create();

    expect(await promiseOf(access.push.password)).toBe(tokenOf("registry-push"));
    expect(await pulumi.isSecret(access.pull!.password)).toBe(true);
    expect(await pulumi.isSecret(access.push.password)).toBe(true);
    expect(await pulumi.isSecret(access.pull!.username)).toBe(false);
    expect(engine.find("registry-pull-a").request.getAdditionalsecretoutputsList()).toEqual([
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
        password: { secret: tokenOf("registry-pull-a") },
      },
      pushTokenExpiresAt: expiresAt,
      pullTokenExpiresAt: expiresAt,
    });
    expect(engine.find("registry").inputs).toEqual({});
  });

  it("makes nothing to pull with where that is not needed", async () => {
    const access = await create({ needsPull: false });

    expect(access.pull).toBeUndefined();
    expect(await promiseOf(access.pullTokenExpiresAt)).toBeUndefined();
    expect(engine.tree()).toHaveLength(2);
  });

  it("takes credentials that exist already, and keeps them secret", async () => {
    const existing = {
      pull: { username: "reader", password: "gldt-of-the-group", expiresAt: "2027-01-31" },
      push: { username: "gitlab-ci-token", password: "glcbt-64_x" },
    };
    const access = await create({ existing });

    expect(engine.tree()).toEqual(["slipway:index:RegistryAccess registry < stack"]);
    expect(await promiseOf(access.pull!.username)).toBe("reader");
    expect(await promiseOf(access.pull!.password)).toBe("gldt-of-the-group");
    expect(await pulumi.isSecret(access.push.password)).toBe(true);
    expect(await promiseOf(access.pullTokenExpiresAt)).toBe("2027-01-31");
    expect(await promiseOf(access.pushTokenExpiresAt)).toBeUndefined();
    expect(engine.clearText()).not.toMatch(/gldt-of-the-group|glcbt/);
  });

  it("reads the clock when no time is given", async () => {
    await create({ now: undefined });

    const expiry = new Date(engine.find("registry-push").inputs.expiresAt as string);
    const days = (expiry.getTime() - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(60);
    expect(days).toBeLessThanOrEqual(120);
  });

  it("stands twice in one program", async () => {
    await create();
    new RegistryAccess("other", { project: "web/other", now });
    await engine.settle();

    expect(new Set(engine.tree()).size).toBe(8);
  });

  it("hands a provider on to its tokens", async () => {
    const gitlab = await import("@pulumi/gitlab");
    const provider = new gitlab.Provider("self-hosted", { token: "glpat-1" });
    new RegistryAccess("registry", { project: "web/gatsby-site" }, { providers: [provider] });
    await engine.settle();

    for (const name of ["registry-pull-a", "registry-pull-b", "registry-push"]) {
      expect(engine.find(name).provider).toBe("self-hosted");
    }
  });
});

describe("RegistryAccess, of tokens that are in use", () => {
  const spy = () => ({
    info: jest.spyOn(pulumi.log, "info").mockResolvedValue(),
    warn: jest.spyOn(pulumi.log, "warn").mockResolvedValue(),
  });

  it("says nothing while they are those of the window", async () => {
    const { info, warn } = spy();
    await create({ inUse: { push: expiresAt, pull: expiresAt } });

    expect(info).not.toHaveBeenCalled();
    expect(warn).not.toHaveBeenCalled();
  });

  it("says nothing of a stack that has none yet", async () => {
    const { info, warn } = spy();
    await create({ inUse: { push: undefined } });

    expect(info).not.toHaveBeenCalled();
    expect(warn).not.toHaveBeenCalled();
  });

  it("tells that a rotation is due, and warns when it is urgent", async () => {
    const { info, warn } = spy();
    const access = await create({
      inUse: { push: "2026-01-21T00:00:00Z", pull: "2025-11-30T00:00:00Z" },
    });

    expect(info).toHaveBeenCalledWith(
      `rotation due: The push token expires in 57 days, at 2026-01-21T00:00:00Z. This update replaces it by one that expires at ${expiresAt}.`,
      access,
    );
    expect(warn).toHaveBeenCalledWith(
      `rotation due: The pull token expires in 5 days, at 2025-11-30T00:00:00Z. This update replaces it by one that expires at ${expiresAt}.`,
      access,
    );
  });

  it("warns of credentials that exist already, not of the tokens before them", async () => {
    const { info, warn } = spy();
    await create({
      inUse: { pull: "2025-11-25T00:00:00Z" },
      existing: { pull: { username: "reader", password: "x", expiresAt: "2025-12-01" } },
      warnDays: 7,
    });

    expect(info).not.toHaveBeenCalled();
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]?.[0]).toBe(
      "The pull token expires in 6 days, at 2025-12-01. Create a new one and configure it in `credentials`.",
    );
  });

  it("fails over a token that GitLab lets die before the next window", async () => {
    const error = jest.spyOn(pulumi.log, "error").mockResolvedValue();
    engine = await FakeEngine.install({
      computed: { [projectToken]: () => ({ token: "gldt-1", expiresAt: "2026-01-20T00:00:00Z" }) },
    });
    const access = await create();
    await promiseOf(pulumi.all([access.pullTokenExpiresAt, access.pushTokenExpiresAt]));

    for (const role of ["push", "pull"]) {
      expect(error).toHaveBeenCalledWith(
        expect.stringMatching(
          `^The ${role} token expires at 2026-01-20T00:00:00Z, before it is due`,
        ),
        access,
      );
    }
  });
});

import { createHash } from "node:crypto";

import { renderUsers } from "../../../components/site/basicAuth";
import { FakeEngine } from "../../support/engine";
import { createSite, deploymentOf } from "../../support/site";

let engine: FakeEngine;

beforeEach(async () => {
  engine = await FakeEngine.install();
});

const basicAuth = { editor: "correct horse", client: "battery staple" };

describe("A site that is not public yet", () => {
  it("asks for a name and a password, which are in a Secret alone", async () => {
    await createSite(engine, { environment: { basicAuth } });

    const { inputs, parent } = engine.find("gatsby-site-users", "kubernetes:core/v1:Secret");
    expect(parent).toBe("gatsby-site");
    const file = Buffer.from(renderUsers("gatsby-site", basicAuth)).toString("base64");
    expect(inputs).toMatchObject({
      metadata: { name: "gatsby-site-users", namespace: "gatsby-site-dev" },
      data: { secret: { htpasswd: file } },
    });
    const { data } = engine.find("gatsby-site-environment").inputs as {
      data: Record<string, string>;
    };
    expect(data["environment.conf"]).toContain(
      'auth_basic "This site is not public yet";\nauth_basic_user_file /etc/nginx/users/htpasswd;\n',
    );
    expect(JSON.stringify(data)).not.toMatch(/editor|client/);
    for (const password of Object.values(basicAuth)) {
      expect(engine.clearText()).not.toContain(password);
      expect(JSON.stringify(engine.registrations.map((one) => one.inputs))).not.toContain(password);
    }
  });

  it("is checked where nobody is asked", async () => {
    await createSite(engine, { environment: { basicAuth }, pathPrefix: "/docs" });

    const { pod } = deploymentOf(engine);
    expect(pod.volumes).toContainEqual({
      name: "users",
      secret: { secretName: "gatsby-site-users" },
    });
    expect(pod.containers[0]).toMatchObject({
      readinessProbe: { httpGet: { path: "/healthz" } },
      livenessProbe: { httpGet: { path: "/healthz" } },
      volumeMounts: expect.arrayContaining([
        { name: "users", mountPath: "/etc/nginx/users", readOnly: true },
      ]) as object[],
    });
  });

  it("is public without users", async () => {
    await createSite(engine, { environment: { basicAuth: {} } });

    expect(engine.tree().join()).not.toContain("users");
    expect(JSON.stringify(engine.registrations.map((one) => one.inputs))).not.toContain("auth_");
  });

  it("is refused for an image's own web server, which would ask nobody", async () => {
    const args = { webServer: "image", environment: { basicAuth } } as const;
    await expect(createSite(engine, args)).rejects.toThrow(/^`basicAuth` has no effect with/);
  });
});

describe("renderUsers", () => {
  it("salts each hash by site and user, and always the same", () => {
    const lines = renderUsers("site", { a: "password", b: "password" }).split("\n");
    expect(lines).toHaveLength(3);
    const [first, second] = lines.map((line) => line.slice(2));
    expect(first).not.toBe(second);
    expect(renderUsers("other", { a: "password" })).not.toContain(first);
    expect(renderUsers("site", { a: "password" })).toBe(`${lines[0]}\n`);

    const bytes = Buffer.from(first.replace("{SSHA}", ""), "base64");
    const [hash, salt] = [bytes.subarray(0, 20), bytes.subarray(20)];
    expect(salt).toHaveLength(16);
    expect(createHash("sha1").update("password").update(salt).digest()).toEqual(hash);
  });
});

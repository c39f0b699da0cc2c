import * as pulumi from "@pulumi/pulumi";

import { FakeEngine } from "../../support/engine";
import { createSite, deploymentOf } from "../../support/site";

let engine: FakeEngine;
let warnings: string[];

beforeEach(async () => {
  engine = await FakeEngine.install();
  warnings = [];
  jest.spyOn(pulumi.log, "warn").mockImplementation((message) => {
    warnings.push(message);
    return Promise.resolve();
  });
});

afterEach(() => jest.restoreAllMocks());

describe("A site whose image has a web server of its own", () => {
  const image = { webServer: "image", containerPort: 80 } as const;

  it("writes where nginx writes, listens below 1024, and asks for no path of Slipway's", async () => {
    await createSite(engine, { ...image, environment: { isIndexed: true } });

    const { pod } = deploymentOf(engine);
    expect(pod.securityContext).toEqual({
      runAsNonRoot: true,
      runAsUser: 10001,
      runAsGroup: 10001,
      fsGroup: 10001,
      seccompProfile: { type: "RuntimeDefault" },
      sysctls: [{ name: "net.ipv4.ip_unprivileged_port_start", value: "80" }],
    });
    expect(pod.containers[0]).toMatchObject({
      ports: [{ name: "http", containerPort: 80 }],
      readinessProbe: { httpGet: { path: "/", port: "http" }, periodSeconds: 5, timeoutSeconds: 2 },
      livenessProbe: { tcpSocket: { port: "http" }, periodSeconds: 10, timeoutSeconds: 2 },
      securityContext: {
        allowPrivilegeEscalation: false,
        capabilities: { drop: ["ALL"] },
        readOnlyRootFilesystem: true,
      },
      volumeMounts: [
        { name: "tmp", mountPath: "/tmp" },
        { name: "run", mountPath: "/run" },
        { name: "cache", mountPath: "/var/cache/nginx" },
      ],
    });
    expect(pod.volumes).toEqual([
      { name: "tmp", emptyDir: { sizeLimit: "64Mi" } },
      { name: "run", emptyDir: { sizeLimit: "64Mi" } },
      { name: "cache", emptyDir: { sizeLimit: "64Mi" } },
    ]);
  });

  it("gets no files of the environment, which nothing would read", async () => {
    await createSite(engine, { ...image, environment: { isIndexed: false } });

    expect(engine.registrations.map(({ type }) => type)).not.toContain(
      "kubernetes:core/v1:ConfigMap",
    );
  });

  it.each([
    [
      true,
      "`Cache-Control`, so that browsers ask again for files that never change, and without a content policy",
    ],
    [
      false,
      "`X-Robots-Tag: noindex`, so that search engines may list this site, without `Cache-Control`, so that browsers ask again for files that never change, and without a content policy",
    ],
  ])("says what it lacks, where search engines may list it: %s", async (isIndexed, missing) => {
    await createSite(engine, { ...image, environment: { isIndexed } });

    expect(warnings).toEqual([
      `The image's own web server answers without ${missing}. A second build of the same files may have another digest. Slipway's Dockerfile has all of this: \`npx slipway init --dockerfile slipway\` writes it beside the site's own.`,
    ]);
  });

  it("refuses values for the pages before it creates anything", async () => {
    const environment = { publicConfig: { notice: "a" } };
    await expect(createSite(engine, { ...image, environment })).rejects.toThrow(
      "`publicConfig` has no effect with `webServer` \"image\": the image's own web server does not serve `/config.json`. Remove `publicConfig`, or use Slipway's Dockerfile.",
    );
    expect(engine.registrations).toEqual([]);
  });

  it("runs as the user that can read its files, and writes to further folders", async () => {
    await createSite(engine, { ...image, userId: 101, writablePaths: ["/data", "/run"] });

    const { pod } = deploymentOf(engine);
    expect(pod.securityContext).toMatchObject({ runAsUser: 101, runAsGroup: 101, fsGroup: 101 });
    expect(pod.containers[0].volumeMounts).toEqual([
      { name: "tmp", mountPath: "/tmp" },
      { name: "run", mountPath: "/run" },
      { name: "cache", mountPath: "/var/cache/nginx" },
      { name: "writable-1", mountPath: "/data" },
    ]);
  });
});

describe("A site without a page at its root", () => {
  it("is ready once its port accepts connections", async () => {
    await createSite(engine, { readinessPath: "" });

    const { pod } = deploymentOf(engine);
    expect(pod.containers[0]).toMatchObject({
      readinessProbe: { tcpSocket: { port: "http" }, periodSeconds: 5, timeoutSeconds: 2 },
      livenessProbe: { httpGet: { path: "/healthz", port: "http" } },
    });
    expect(warnings).toEqual([]);
  });
});

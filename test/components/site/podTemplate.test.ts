import type { RuntimeConfig } from "../../../components/site/runtimeConfig";
import { FakeEngine } from "../../support/engine";
import { createSite, deploymentOf, pullSecret, serviceType, siteImage } from "../../support/site";

let engine: FakeEngine;

beforeEach(async () => {
  engine = await FakeEngine.install();
});

describe("A site's pods", () => {
  it("deploys with sound defaults", async () => {
    await createSite(engine, { pullSecret });

    const labels = { app: "gatsby-site" };
    expect(deploymentOf(engine).metadata).toEqual({
      name: "gatsby-site",
      namespace: "gatsby-site-dev",
      labels,
      // 300 seconds without progress, and 15 for each of two pods.
      annotations: { "pulumi.com/timeoutSeconds": "330" },
    });
    expect(deploymentOf(engine).spec).toEqual({
      replicas: 2,
      selector: { matchLabels: labels },
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      progressDeadlineSeconds: 300,
      revisionHistoryLimit: 3,
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: "gatsby-site",
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          imagePullSecrets: [{ name: "gitlab-registry" }],
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 10001,
            runAsGroup: 10001,
            fsGroup: 10001,
            seccompProfile: { type: "RuntimeDefault" },
          },
          topologySpreadConstraints: [
            {
              maxSkew: 1,
              topologyKey: "kubernetes.io/hostname",
              whenUnsatisfiable: "ScheduleAnyway",
              labelSelector: { matchLabels: labels },
            },
          ],
          containers: [
            {
              name: "gatsby-site",
              image: siteImage,
              imagePullPolicy: "IfNotPresent",
              ports: [{ name: "http", containerPort: 8080 }],
              resources: {
                requests: { cpu: "25m", memory: "32Mi", "ephemeral-storage": "32Mi" },
                limits: { cpu: "250m", memory: "128Mi", "ephemeral-storage": "128Mi" },
              },
              readinessProbe: {
                httpGet: { path: "/", port: "http" },
                periodSeconds: 5,
                timeoutSeconds: 2,
              },
              livenessProbe: {
                httpGet: { path: "/healthz", port: "http" },
                periodSeconds: 10,
                timeoutSeconds: 2,
              },
              lifecycle: { preStop: { sleep: { seconds: 5 } } },
              securityContext: {
                allowPrivilegeEscalation: false,
                capabilities: { drop: ["ALL"] },
                readOnlyRootFilesystem: true,
              },
              volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
            },
          ],
          volumes: [{ name: "tmp", emptyDir: { sizeLimit: "64Mi" } }],
        },
      },
    });
  });

  it("keeps as many old ReplicaSets as configured, none included", async () => {
    await createSite(engine, { revisionHistoryLimit: 0 });
    expect(deploymentOf(engine).spec.revisionHistoryLimit).toBe(0);
  });

  it("takes replicas, resources, labels, probes and a deadline", async () => {
    const resources = { limits: { memory: "1Gi" } };
    await createSite(engine, {
      replicas: 5,
      resources,
      labels: { team: "web", app: "overridden" },
      readinessPath: "/ready",
      livenessPath: "/live",
      progressDeadlineSeconds: 120,
    });

    const { metadata, pod, spec } = deploymentOf(engine);
    expect(metadata).toMatchObject({ labels: { app: "gatsby-site", team: "web" } });
    expect(spec).toMatchObject({
      replicas: 5,
      progressDeadlineSeconds: 120,
      selector: { matchLabels: { app: "gatsby-site" } },
      template: { metadata: { labels: { app: "gatsby-site", team: "web" } } },
    });
    expect(pod.containers[0]).toMatchObject({
      resources,
      readinessProbe: { httpGet: { path: "/ready" } },
      livenessProbe: { httpGet: { path: "/live" } },
    });
  });

  it.each([
    [{}, { httpGet: { path: "/docs/", port: "http" } }],
    [{ readinessPath: "/" }, { httpGet: { path: "/docs/", port: "http" } }],
    [{ readinessPath: "/docs/de/" }, { httpGet: { path: "/docs/de/", port: "http" } }],
    [{ readinessPath: "" }, { tcpSocket: { port: "http" } }],
  ])("asks for the site's root below its path prefix, with %j", async (args, check) => {
    await createSite(engine, { pathPrefix: "/docs", ...args });

    const [{ livenessProbe, readinessProbe }] = deploymentOf(engine).pod.containers;
    expect(readinessProbe).toEqual({ ...check, periodSeconds: 5, timeoutSeconds: 2 });
    expect(livenessProbe).toMatchObject({ httpGet: { path: "/healthz" } });
  });

  it("annotates the Deployment, and not its pods", async () => {
    await createSite(engine, { annotations: { "slipway/commit": "1ecfd275" } });

    const { metadata, spec } = deploymentOf(engine);
    expect(metadata).toMatchObject({
      annotations: { "pulumi.com/timeoutSeconds": "330", "slipway/commit": "1ecfd275" },
    });
    expect(JSON.stringify(spec)).not.toContain("1ecfd275");
  });

  it("mounts what depends on where it runs, where the image's nginx looks for it", async () => {
    await createSite(engine, {
      environment: { publicConfig: { notice: "Staging" }, isIndexed: false },
    });

    expect(engine.find("gatsby-site-environment")).toMatchObject({
      type: "kubernetes:core/v1:ConfigMap",
      parent: "gatsby-site",
      inputs: {
        metadata: {
          name: "gatsby-site-environment",
          namespace: "gatsby-site-dev",
          labels: { app: "gatsby-site" },
        },
        data: {
          "config.json": '{\n  "notice": "Staging"\n}\n',
          "environment.conf": [
            "# Lines for the server block of site/nginx.conf, of the environment that the site runs in.",
            "set $header_content_security_policy \"frame-ancestors 'self'; object-src 'self'; base-uri 'self'\";",
            'set $header_referrer_policy "strict-origin-when-cross-origin";',
            'set $header_x_content_type_options "nosniff";',
            'add_header X-Robots-Tag "noindex" always;',
            "location = /config.json {",
            "  root /etc/nginx/site.d;",
            "}",
            "",
          ].join("\n"),
        },
      },
    });
    const { pod } = deploymentOf(engine);
    expect(pod).toMatchObject({
      volumes: [
        { name: "tmp" },
        { name: "environment", configMap: { name: "gatsby-site-environment" } },
      ],
    });
    expect(pod.containers[0].volumeMounts).toEqual([
      { name: "tmp", mountPath: "/tmp" },
      { name: "environment", mountPath: "/etc/nginx/site.d", readOnly: true },
    ]);
  });

  it("lets search engines in unless told otherwise", async () => {
    await createSite(engine, { environment: {} });

    const { data } = engine.find("gatsby-site-environment").inputs as {
      data: Record<string, string>;
    };
    expect(data["environment.conf"]).not.toContain("noindex");
    expect(data["config.json"]).toBe("{}\n");
  });

  it("restarts the pods when the environment changes, and only then", async () => {
    const checksumOf = async (environment: RuntimeConfig): Promise<unknown> => {
      engine = await FakeEngine.install();
      await createSite(engine, { environment });
      const { template } = deploymentOf(engine).spec as unknown as {
        template: { metadata: { annotations: Record<string, string> } };
      };
      return template.metadata.annotations["checksum/environment"];
    };

    const before = await checksumOf({ publicConfig: { notice: "a" } });
    expect(before).toMatch(/^[0-9a-f]{64}$/);
    expect(await checksumOf({ publicConfig: { notice: "a" } })).toBe(before);
    expect(await checksumOf({ publicConfig: { notice: "b" } })).not.toBe(before);
    expect(await checksumOf({ publicConfig: { notice: "a" }, isIndexed: false })).not.toBe(before);
  });

  it("lets a container listen below 1024 without root", async () => {
    await createSite(engine, { containerPort: 80 });

    const { pod } = deploymentOf(engine);
    expect(pod.containers[0].ports).toEqual([{ name: "http", containerPort: 80 }]);
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      sysctls: [{ name: "net.ipv4.ip_unprivileged_port_start", value: "80" }],
    });
  });

  it("gives another port another container, whose port has the same name", async () => {
    const lastContainer = { name: "gatsby-site", port: 8080 };
    await createSite(engine, { containerPort: 80, lastContainer });

    // What asks for the port by its name finds it in the old pods and in the new ones.
    expect(deploymentOf(engine).pod.containers).toMatchObject([
      {
        name: "gatsby-site-80",
        ports: [{ name: "http", containerPort: 80 }],
        readinessProbe: { httpGet: { port: "http" } },
        livenessProbe: { httpGet: { port: "http" } },
      },
    ]);
    expect(engine.find("gatsby-site-service", serviceType).inputs.spec).toMatchObject({
      ports: [{ name: "http", port: 80, targetPort: "http" }],
    });
  });
});

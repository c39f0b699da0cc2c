import * as k8s from "@pulumi/kubernetes";

import {
  computeUniqueName,
  GatsbySite,
  type GatsbySiteArgs,
} from "../../../components/site/gatsbySite";
import type { RuntimeConfig } from "../../../components/site/runtimeConfig";
import { FakeEngine, promiseOf, unknown } from "../../support/engine";

const image = `gitlab.example.com:5050/web/gatsby-site@sha256:${"d".repeat(64)}`;
const pullSecret = {
  registry: "gitlab.example.com:5050",
  username: "reader",
  password: "gldt-1/+ü",
};
const deploymentType = "kubernetes:apps/v1:Deployment";
const serviceType = "kubernetes:core/v1:Service";
let engine: FakeEngine;

beforeEach(async () => {
  engine = await FakeEngine.install();
});

async function create(args: Partial<GatsbySiteArgs> = {}, name = "gatsby-site") {
  const site = new GatsbySite(name, { image, ...args });
  await engine.settle();
  return site;
}

interface Pod {
  securityContext: Record<string, unknown>;
  containers: Record<string, unknown>[];
}

function deploymentOf(name = "gatsby-site") {
  const { inputs } = engine.find(name, deploymentType);
  const spec = inputs.spec as { template: { spec: Pod } } & Record<string, unknown>;
  return { metadata: inputs.metadata, spec, pod: spec.template.spec };
}

/** `Kind namespace/name` of all objects, sorted. */
function listObjects({ registrations }: FakeEngine): string[] {
  return registrations
    .filter(({ type }) => type.startsWith("kubernetes:"))
    .map(({ inputs }) => {
      const { name, namespace } = inputs.metadata as Record<string, string>;
      return `${String(inputs.kind)} ${namespace}/${name}`;
    })
    .sort();
}

describe("GatsbySite", () => {
  it("makes everything that a site needs, below itself", async () => {
    await create({ pullSecret, host: "www.example.com" });

    expect(engine.tree()).toEqual([
      "kubernetes:apps/v1:Deployment gatsby-site < gatsby-site",
      "kubernetes:core/v1:Namespace gatsby-site-namespace < gatsby-site",
      "kubernetes:core/v1:Secret gatsby-site-pull < gatsby-site-pull",
      "kubernetes:core/v1:Service gatsby-site-service < gatsby-site",
      "kubernetes:core/v1:ServiceAccount gatsby-site-account < gatsby-site",
      "kubernetes:networking.k8s.io/v1:Ingress gatsby-site-ingress < gatsby-site",
      "slipway:index:GatsbySite gatsby-site < stack",
      "slipway:index:PullSecret gatsby-site-pull < gatsby-site",
    ]);
  });

  it("leaves out what nobody asked for", async () => {
    await create({ namespace: "web" });

    expect(engine.tree()).toEqual([
      "kubernetes:apps/v1:Deployment gatsby-site < gatsby-site",
      "kubernetes:core/v1:Service gatsby-site-service < gatsby-site",
      "kubernetes:core/v1:ServiceAccount gatsby-site-account < gatsby-site",
      "slipway:index:GatsbySite gatsby-site < stack",
    ]);
    expect(deploymentOf().metadata).toMatchObject({ namespace: "web" });
    expect(deploymentOf().pod).not.toHaveProperty("imagePullSecrets");
  });

  it("deploys with sound defaults", async () => {
    await create({ pullSecret });

    const labels = { app: "gatsby-site" };
    expect(deploymentOf().metadata).toEqual({
      name: "gatsby-site",
      namespace: "gatsby-site-dev",
      labels,
      // 60 seconds without progress, and 15 for each of two pods.
      annotations: { "pulumi.com/timeoutSeconds": "90" },
    });
    expect(deploymentOf().spec).toEqual({
      replicas: 2,
      selector: { matchLabels: labels },
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      progressDeadlineSeconds: 60,
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
              image,
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

  it("takes replicas, resources, labels, probes and a deadline", async () => {
    const resources = { limits: { memory: "1Gi" } };
    await create({
      replicas: 5,
      resources,
      labels: { team: "web", app: "overridden" },
      readinessPath: "/ready",
      livenessPath: "/live",
      progressDeadlineSeconds: 300,
    });

    const { metadata, pod, spec } = deploymentOf();
    expect(metadata).toMatchObject({ labels: { app: "gatsby-site", team: "web" } });
    expect(spec).toMatchObject({
      replicas: 5,
      progressDeadlineSeconds: 300,
      selector: { matchLabels: { app: "gatsby-site" } },
      template: { metadata: { labels: { app: "gatsby-site", team: "web" } } },
    });
    expect(pod.containers[0]).toMatchObject({
      resources,
      readinessProbe: { httpGet: { path: "/ready" } },
      livenessProbe: { httpGet: { path: "/live" } },
    });
  });

  it("annotates the Deployment, and not its pods", async () => {
    await create({ annotations: { "slipway/commit": "1ecfd275" } });

    const { metadata, spec } = deploymentOf();
    expect(metadata).toMatchObject({
      annotations: { "pulumi.com/timeoutSeconds": "90", "slipway/commit": "1ecfd275" },
    });
    expect(JSON.stringify(spec)).not.toContain("1ecfd275");
  });

  it("mounts what depends on where it runs, where the image's nginx looks for it", async () => {
    await create({ environment: { publicConfig: { notice: "Staging" }, isIndexed: false } });

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
            'add_header X-Robots-Tag "noindex" always;',
            "location = /config.json {",
            "  root /etc/nginx/site.d;",
            "}",
            "",
          ].join("\n"),
        },
      },
    });
    const { pod } = deploymentOf();
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
    await create({ environment: {} });

    const { data } = engine.find("gatsby-site-environment").inputs as {
      data: Record<string, string>;
    };
    expect(data["environment.conf"]).not.toContain("noindex");
    expect(data["config.json"]).toBe("{}\n");
  });

  it("restarts the pods when the environment changes, and only then", async () => {
    const checksumOf = async (environment: RuntimeConfig): Promise<unknown> => {
      engine = await FakeEngine.install();
      await create({ environment });
      const { template } = deploymentOf().spec as unknown as {
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
    await create({ containerPort: 80 });

    const { pod } = deploymentOf();
    expect(pod.containers[0].ports).toEqual([{ name: "http", containerPort: 80 }]);
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      sysctls: [{ name: "net.ipv4.ip_unprivileged_port_start", value: "80" }],
    });
  });

  it("makes a namespace that accepts restricted pods only", async () => {
    await create();

    expect(engine.find("gatsby-site-namespace").inputs.metadata).toEqual({
      name: "gatsby-site-dev",
      labels: { app: "gatsby-site", "pod-security.kubernetes.io/enforce": "restricted" },
    });
  });

  it("gives the pods an account without a token", async () => {
    await create();

    expect(engine.find("gatsby-site-account").inputs).toMatchObject({
      metadata: { name: "gatsby-site", namespace: "gatsby-site-dev" },
      automountServiceAccountToken: false,
    });
  });

  it("answers on port 80 without waiting for pods", async () => {
    const site = await create();

    expect(engine.find("gatsby-site-service").inputs).toMatchObject({
      metadata: {
        name: "gatsby-site",
        namespace: "gatsby-site-dev",
        annotations: { "pulumi.com/skipAwait": "true" },
      },
      spec: {
        type: "ClusterIP",
        selector: { app: "gatsby-site" },
        ports: [{ name: "http", port: 80, targetPort: "http" }],
      },
    });
    expect(await promiseOf(site.url)).toBe("http://10.96.7.8");
  });

  it("writes an IPv6 address as URLs do", async () => {
    engine = await FakeEngine.install({
      computed: { [serviceType]: () => ({ spec: { clusterIP: "fd00::7" } }) },
    });
    expect(await promiseOf((await create()).url)).toBe("http://[fd00::7]");
  });

  it("knows no address in the preview of a first deployment, whatever the dry run returns", async () => {
    engine = await FakeEngine.install({ preview: true });
    await create();

    expect(engine.outputsOf("gatsby-site")).toMatchObject({ url: unknown });
  });

  it("knows the address of a Service that exists in a preview", async () => {
    engine = await FakeEngine.install({ preview: true, deployed: true });
    await create();

    expect(engine.outputsOf("gatsby-site")).toMatchObject({ url: "http://10.96.7.8" });
  });

  it("knows no address of a Service without one", async () => {
    engine = await FakeEngine.install({
      preview: true,
      computed: { [serviceType]: () => ({ spec: { type: "ClusterIP" } }) },
    });
    await create();

    expect(engine.outputsOf("gatsby-site")).toMatchObject({ url: unknown });
  });

  it("serves a host through an Ingress", async () => {
    const site = await create({ host: "www.example.com" });

    const { metadata, spec } = engine.find("gatsby-site-ingress").inputs;
    expect(metadata).toMatchObject({ annotations: { "pulumi.com/skipAwait": "true" } });
    expect(spec).toEqual({
      rules: [
        {
          host: "www.example.com",
          http: {
            paths: [
              {
                path: "/",
                pathType: "Prefix",
                backend: { service: { name: "gatsby-site", port: { name: "http" } } },
              },
            ],
          },
        },
      ],
    });
    expect(await promiseOf(site.url)).toBe("http://www.example.com");
  });

  it("serves it over TLS with a certificate", async () => {
    const site = await create({
      host: "www.example.com",
      tlsSecret: "www-tls",
      ingressClass: "nginx",
    });

    expect(engine.find("gatsby-site-ingress").inputs.spec).toMatchObject({
      ingressClassName: "nginx",
      tls: [{ hosts: ["www.example.com"], secretName: "www-tls" }],
    });
    expect(await promiseOf(site.url)).toBe("https://www.example.com");
  });

  it("keeps the credentials in the pull secret", async () => {
    await create({ pullSecret: { ...pullSecret, secretName: "other" } });

    expect(engine.clearText()).not.toContain("gldt-1");
    expect(deploymentOf().pod).toMatchObject({ imagePullSecrets: [{ name: "other" }] });
    expect(engine.find("gatsby-site-pull", "kubernetes:core/v1:Secret").inputs.metadata).toEqual({
      name: "other",
      namespace: "gatsby-site-dev",
    });
  });

  it("registers its public fields as outputs", async () => {
    await create();

    expect(engine.outputsOf("gatsby-site")).toEqual({
      url: "http://10.96.7.8",
      namespace: "gatsby-site-dev",
      deployment: "gatsby-site",
    });
    expect(engine.find("gatsby-site", "slipway:index:GatsbySite").inputs).toEqual({});
  });

  it("shares nothing with another stack's site in a namespace that both use", async () => {
    const environment = { publicConfig: {}, isIndexed: false };
    const all = { namespace: "web", pullSecret, environment, host: "www.example.com" };
    await create(all);
    await create(all, "docs");
    const ofDev = listObjects(engine);
    engine = await FakeEngine.install({ stack: "prod" });
    await create(all);
    const ofProd = listObjects(engine);

    expect(ofProd).toEqual([
      "ConfigMap web/gatsby-site-prod-environment",
      "Deployment web/gatsby-site-prod",
      "Ingress web/gatsby-site-prod",
      "Secret web/gitlab-registry-gatsby-site-prod",
      "Service web/gatsby-site-prod",
      "ServiceAccount web/gatsby-site-prod",
    ]);
    const everything = [...ofDev, ...ofProd];
    expect(new Set(everything).size).toBe(18);
    expect(deploymentOf().pod).toMatchObject({
      imagePullSecrets: [{ name: "gitlab-registry-gatsby-site-prod" }],
      volumes: [{ name: "tmp" }, { configMap: { name: "gatsby-site-prod-environment" } }],
    });
    // A Service finds the pods of its own Deployment alone.
    const selector = { app: "gatsby-site-prod" };
    expect(deploymentOf().spec).toMatchObject({
      selector: { matchLabels: selector },
      template: { metadata: { labels: selector } },
    });
    expect(engine.find("gatsby-site-service").inputs.spec).toMatchObject({ selector });
  });

  it("takes another name for the pull secret", async () => {
    await create({ namespace: "web", pullSecret: { ...pullSecret, secretName: "other" } });

    expect(deploymentOf().pod).toMatchObject({ imagePullSecrets: [{ name: "other" }] });
  });

  it("stands twice in one program", async () => {
    await create();
    await create({}, "docs");

    expect(new Set(engine.tree()).size).toBe(10);
    expect(deploymentOf("docs").metadata).toMatchObject({
      name: "docs",
      namespace: "gatsby-site-docs-dev",
    });
    expect(deploymentOf("docs").spec.selector).toEqual({ matchLabels: { app: "docs" } });
  });

  it("hands a provider on to everything in the cluster", async () => {
    const cluster = new k8s.Provider("cluster", {});
    const args = { image, pullSecret, host: "www.example.com" };
    new GatsbySite("gatsby-site", args, { providers: [cluster] });
    await engine.settle();

    const used = engine.registrations
      .filter(({ type }) => type.startsWith("kubernetes:"))
      .map(({ provider }) => provider);
    expect(used).toEqual(Array(6).fill("cluster"));
  });
});

describe("GatsbySite.whenReady", () => {
  it("withholds a value until the Deployment's pods are ready", async () => {
    let release = () => {};
    const rollout = new Promise<object>((resolve) => (release = () => resolve({})));
    engine = await FakeEngine.install({ computed: { [deploymentType]: () => rollout } });
    const site = new GatsbySite("gatsby-site", { image });
    const handedOut = jest.fn();
    const value = promiseOf(site.whenReady("value")).then(handedOut);

    await promiseOf(site.url);
    expect(handedOut).not.toHaveBeenCalled();

    release();
    await value;
    expect(handedOut).toHaveBeenCalledWith("value");
    await engine.settle();
  });
});

describe("GatsbySite in a preview", () => {
  it("shows an image as unknown that is not built yet", async () => {
    engine = await FakeEngine.install({ preview: true });
    const { unknown: notKnown } = await import("@pulumi/pulumi");
    await create({ image: notKnown as unknown as string });

    expect(deploymentOf().pod.containers[0].image).toBe(unknown);
  });
});

describe("computeUniqueName", () => {
  it.each([
    [["gatsby-site", "gatsby-site", "dev"], "gatsby-site-dev"],
    [["marketing", "docs", "prod"], "marketing-docs-prod"],
    [["Marketing_Site", "gatsby-site", "feature.x"], "marketing-site-gatsby-site-feature-x"],
    [["_site", "_site", "dev-"], "site-dev"],
  ])("makes %j %s", (parts, expected) => {
    expect(computeUniqueName(...parts)).toBe(expected);
  });
});

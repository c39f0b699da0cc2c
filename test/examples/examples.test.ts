import { parse } from "yaml";

import { version, peerDependencies } from "../../package.json";
import { type FakeEngine, promiseOf } from "../support/engine";
import {
  examples,
  inCopyOfExamples,
  readExample,
  runExample,
  writeToCopy,
} from "./support/example";
import { findTypeProblems } from "./support/types";

inCopyOfExamples();

const findImage = (engine: FakeEngine) =>
  engine.find("site-image", "docker-build:index:Image").inputs;
const digest = `sha256:${"d".repeat(64)}`;

/** What is in the cluster, without `gatsby-site` in the names. */
const listObjects = (engine: FakeEngine) =>
  engine
    .tree()
    .filter((line) => line.startsWith("kubernetes:"))
    .map((line) => line.replace(/^.*:(\w+) gatsby-site(\S*) .*$/, "$1$2"));

describe("the examples", () => {
  it("are those that the page lists", () => {
    const page = readExample(".", "README.md");
    const listed = [...page.matchAll(/^\| \[([\w-]+)\]\(\1\)/gm)].map(([, name]) => name);
    expect([...new Set(examples.map((name) => name.split("/")[0]))]).toEqual(listed.sort());
  });

  it("have no mistake in their types, where one would be found", () => {
    const call = 'new GatsbySite("site", { imag: "registry.example.com/site" })';
    const mistake = writeToCopy(
      "mistake.ts",
      `import { GatsbySite } from "slipway";\nexport const site = ${call};\n`,
    );
    // The others are one line of JavaScript.
    expect(findTypeProblems(["examples/own-program/index.ts", mistake])).toEqual([
      expect.stringMatching(/mistake\.ts: .*'imag' does not exist in type 'GatsbySiteArgs'/),
    ]);
  });

  it.each(examples)(
    "install this version of the package, with the SDKs that it needs: %s",
    (name) => {
      const { dependencies } = JSON.parse(readExample(name, "package.json")) as {
        dependencies: Record<string, string>;
      };
      const { slipway, ...sdks } = dependencies;
      expect(slipway).toMatch(new RegExp(`^file:(\\.\\./){2,3}slipway-${version}\\.tgz$`));
      expect({ ...sdks, "@pulumi/policy": peerDependencies["@pulumi/policy"] }).toEqual(
        peerDependencies,
      );
    },
  );

  it("are refused if their configuration has a mistake", async () => {
    await expect(runExample("smallest-site", { replicas: "many" })).rejects.toThrow(
      /`replicas` is "many"/,
    );
  });
});

describe("the smallest site", () => {
  it("is in a namespace of its own, without an Ingress", async () => {
    const { engine } = await runExample("smallest-site");
    expect(findImage(engine).registries).toMatchObject([{ address: "registry.gitlab.com" }]);
    expect(listObjects(engine)).toEqual([
      "Deployment",
      "ConfigMap-environment",
      "Namespace-namespace",
      "Secret-pull",
      "Service-service",
      "ServiceAccount-account",
      "NetworkPolicy-network",
      "PodDisruptionBudget-budget",
    ]);
  });
});

describe("a repository with two sites", () => {
  it.each(["shop", "docs"])("gives %s its own image, tokens, namespace and host", async (site) => {
    const { engine } = await runExample(`two-sites/${site}`);
    const { spec } = engine.find("gatsby-site", "kubernetes:apps/v1:Deployment").inputs;
    expect(spec).toMatchObject({
      template: {
        spec: { containers: [{ image: `registry.gitlab.com/web/sites/${site}@${digest}` }] },
      },
    });
    expect(engine.find("registry-push").inputs.username).toBe(`slipway-web-${site}-dev-push`);
    expect(engine.find("gatsby-site-namespace").inputs.metadata).toMatchObject({
      name: `web-${site}-gatsby-site-dev`,
    });
    expect(engine.find("gatsby-site-ingress").inputs.spec).toMatchObject({
      rules: [{ host: `${site}.dev.example.com` }],
    });
  });
});

describe("a self-hosted GitLab with its own CA", () => {
  it("is trusted by the build and by GitLab's provider, and its registry has a port", async () => {
    const { engine } = await runExample("private-ca");
    const { registries, secrets } = findImage(engine);
    expect(secrets).toMatchObject({
      secret: { ca: expect.stringContaining("BEGIN CERTIFICATE") as string },
    });
    expect(registries).toMatchObject([{ address: "gitlab.thelinuxlabs.com:5050" }]);
    expect(engine.find("gitlab").inputs).toMatchObject({
      baseUrl: "https://gitlab.thelinuxlabs.com/api/v4/",
    });
  });
});

describe("an existing namespace with someone else's Ingress", () => {
  it("gets neither a namespace nor an Ingress, but the Service that the Ingress names", async () => {
    const { engine } = await runExample("shared-namespace");
    expect(listObjects(engine).join()).not.toMatch(/Namespace|Ingress/);
    const { metadata, spec } = parse(readExample("shared-namespace", "ingress.yaml")) as {
      metadata: { namespace: string };
      spec: { rules: { http: { paths: { path: string; backend: { service: object } }[] } }[] };
    };
    const backend = spec.rules[0].http.paths.find(({ path }) => path === "/")?.backend.service;
    const service = engine.find("gatsby-site-service").inputs as {
      metadata: { name: string; namespace: string };
      spec: { ports: { name: string }[] };
    };
    expect(service.metadata.namespace).toBe(metadata.namespace);
    expect(backend).toEqual({
      name: service.metadata.name,
      port: { name: service.spec.ports[0].name },
    });
  });
});

describe("components in another program", () => {
  it("deploy the site, and an API of the program that pulls with the same token", async () => {
    const { engine, outputs } = await runExample("own-program");
    expect(engine.tree().filter((line) => line.endsWith("< stack"))).toEqual([
      "kubernetes:apps/v1:Deployment api < stack",
      "pulumi:providers:gitlab gitlab < stack",
      "pulumi:providers:kubernetes cluster < stack",
      "slipway:index:GatsbySite portal < stack",
      "slipway:index:PullSecret api-pull < stack",
      "slipway:index:RegistryAccess registry < stack",
      "slipway:index:SiteImage site-image < stack",
    ]);
    expect(engine.find("api").inputs.spec).toMatchObject({
      template: {
        spec: {
          imagePullSecrets: [{ name: "api-pull" }],
          containers: [{ image: "gitlab.example.com:5050/web/portal/api:v1.4.0" }],
        },
      },
    });
    const read = (name: string) => engine.find(name, "kubernetes:core/v1:Secret").inputs.data;
    expect(read("api-pull")).toEqual(read("portal-pull"));
    expect(await promiseOf(outputs.url)).toBe("http://portal.dev.example.com");
  });
});

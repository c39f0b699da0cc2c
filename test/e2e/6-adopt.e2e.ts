import { copyFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import pWaitFor from "p-wait-for";
import { request } from "undici";

import { checkout, inSandbox, shell } from "./support/checkout";
import { configureStack } from "./support/configuration";
import { connectGitLab, ofProject, registry, type TestGitLab } from "./support/gitlab";
import { removalOf } from "./support/removal";
import { SteadyLoad } from "./support/steadyLoad";

const minuteMs = 60_000;
const stack = "adopted";
const namespace = "by-hand";
const inNamespace = `--namespace ${namespace}`;

/** What a team applies by hand, with the name of the image left open. */
const manifest = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: gatsby-site, labels: { app: gatsby-site } }
spec:
  replicas: 1
  selector: { matchLabels: { app: gatsby-site } }
  template:
    metadata: { labels: { app: gatsby-site } }
    spec:
      imagePullSecrets: [{ name: gitlab-registry }]
      containers:
        - name: gatsby-site
          image: __IMAGE__
          ports: [{ containerPort: 8080 }]
          readinessProbe: { httpGet: { path: /, port: 8080 } }
---
apiVersion: v1
kind: Service
metadata: { name: gatsby-site }
spec:
  selector: { app: gatsby-site }
  ports: [{ port: 80, targetPort: 8080 }]
`;

/** Also of a run that was killed. */
const remove = `${removalOf(stack)}; kubectl delete namespace ${namespace} --ignore-not-found`;

const adopt = (options = "") => inSandbox(`npx slipway adopt ${stack} ${options} --yes`);
const listNames = (kind: string) =>
  inSandbox(`kubectl get ${kind} ${inNamespace} --output name`).then((text) =>
    text.trim().split("\n").filter(Boolean),
  );

let gitlab: TestGitLab;
let token: { readonly id: number; readonly username: string; readonly token: string };
let url: string;
let load: SteadyLoad;

/** The stack's own configuration, which only its pods serve, by a new connection: an open one stays with its pod. */
const readConfig = async (): Promise<string> =>
  (await request(`${url}/config.json`, { reset: true })).body.text();

/** Waits until a text is in the configuration, or is not: the node's rules follow the Service a moment later. */
const waitForConfig = (text: string, isThere = true): Promise<void> =>
  pWaitFor(async () => (await readConfig()).includes(text) === isThere, {
    interval: 100,
    timeout: { milliseconds: 10_000, message: `"${text}" is ${isThere ? "not " : ""}there.` },
  });

beforeAll(async () => {
  gitlab = await connectGitLab();
  await inSandbox(remove);
  const wanted = { name: "by-hand", scopes: ["read_registry"] };
  token = await gitlab.api("POST", `/${ofProject}/deploy_tokens`, wanted);
  const image = (await inSandbox("pulumi stack output image --stack dev")).trim();
  const file = join(checkout, "by-hand.yaml");
  writeFileSync(file, manifest);
  await inSandbox(
    [
      `kubectl create namespace ${namespace}`,
      `kubectl create secret docker-registry gitlab-registry ${inNamespace} --docker-server=${registry} --docker-username=${token.username} --docker-password=${token.token}`,
      `sed "s|__IMAGE__|${image}|" ${file} | kubectl apply ${inNamespace} --filename -`,
      `kubectl rollout status deployment/gatsby-site ${inNamespace} --timeout 2m`,
    ].join(" && "),
  );
  const address = await inSandbox(
    `kubectl get service gatsby-site ${inNamespace} --output jsonpath={.spec.clusterIP}`,
  );
  url = `http://${address.trim()}`;
  load = new SteadyLoad(url, { perSecond: 50 });
}, 5 * minuteMs);

afterAll(async () => {
  await load.stop();
  for (const file of ["by-hand.yaml", `Pulumi.${stack}.yaml`]) rmSync(join(checkout, file));
  await shell(`eval "$(make -s env)"; ${remove}`);
  await gitlab.api("DELETE", `/${ofProject}/deploy_tokens/${token.id}`);
  await gitlab.close();
}, 5 * minuteMs);

describe("a site that was deployed by hand", () => {
  it(
    "has a stack beside it, in its namespace, that changes nothing of it",
    async () => {
      copyFileSync(join(checkout, "Pulumi.dev.yaml"), join(checkout, `Pulumi.${stack}.yaml`));
      const digest = (await inSandbox("pulumi stack output digest --stack dev")).trim();
      const publicConfig = { notice: "From the stack." };
      configureStack(checkout, stack, { namespace, digest, publicConfig });
      await inSandbox(`npx slipway up ${stack} --yes`);

      expect(await listNames("deployments")).toEqual([
        "deployment.apps/gatsby-site",
        "deployment.apps/gatsby-site-adopted",
      ]);
      expect(await readConfig()).not.toContain("From the stack.");
    },
    5 * minuteMs,
  );

  it(
    "is taken over, and taken back",
    async () => {
      expect(await adopt()).toContain(
        "Service gatsby-site: app=gatsby-site -> app=gatsby-site-adopted, port 80 -> http (was 8080)",
      );
      await waitForConfig("From the stack.");

      await adopt("--undo");
      await waitForConfig("From the stack.", false);
      await adopt();
      await waitForConfig("From the stack.");
    },
    3 * minuteMs,
  );

  it(
    "is removed with its pull secret, and its Service goes on, through the stack's next release too",
    async () => {
      await adopt("--finish");
      expect(await listNames("deployments")).toEqual(["deployment.apps/gatsby-site-adopted"]);
      expect(await listNames("secrets")).not.toContain("secret/gitlab-registry");
      expect(await listNames("services")).toContain("service/gatsby-site");

      configureStack(checkout, stack, { publicConfig: { notice: "The next release." } });
      await inSandbox(`npx slipway up ${stack} --yes`);
      await waitForConfig("The next release.");
    },
    5 * minuteMs,
  );

  it(
    "has not failed one request meanwhile, at fifty a second",
    async () => {
      const { failures, requests } = await load.stop();
      expect(failures).toEqual([]);
      expect(requests).toBeGreaterThan(50);
    },
    minuteMs,
  );
});

import { inSandbox } from "../../e2e/support/checkout";
import { diagnose, expectFailure, inNamespace, whilePatched } from "../../e2e/support/doctor";
import type { DoctorWorld } from "./world";

interface PodFault {
  readonly name: string;
  /** Fields of the container. */
  readonly container?: object | (() => object);
  /** Fields of the pod. */
  readonly pod?: object;
  /** What the cluster says once the fault has shown. */
  readonly word: string;
  readonly cause: RegExp;
}

const minuteMs = 60_000;
const shell = (script: string): object => ({ command: ["sh", "-c", script] });
const probe = (path: string, port: number | string): object => ({
  httpGet: { path, port },
  periodSeconds: 1,
  failureThreshold: 1,
});

/** The pods of the site: why they do not start, or do not get ready. */
export function testDeployment(world: DoctorWorld): void {
  const registry = "gitlab.thelinuxlabs.com:5050";
  const faults: PodFault[] = [
    {
      name: "a container that crashes",
      container: shell("echo 'nginx: [emerg] host not found in upstream \"api\"' >&2; exit 1"),
      word: "CrashLoopBackOff",
      cause: /^The container `gatsby-site` ends with exit code 1 as soon as it is started/,
    },
    {
      name: "a container that ends",
      container: shell("exit 0"),
      word: "CrashLoopBackOff",
      cause: /^The container `gatsby-site` ends with exit code 0 as soon as it is started/,
    },
    {
      name: "a program that is not there",
      container: { command: ["/no/such/program"] },
      word: "no such file or directory",
      cause: /^The container `gatsby-site` (can't start|does not run)\. /,
    },
    {
      name: "a container that needs more memory than it may have",
      container: shell("tail /dev/zero"),
      word: "OOMKilled",
      cause: /^The container `gatsby-site` does not run\. .*memory/i,
    },
    {
      name: "a readiness probe of a page that is not there",
      container: { readinessProbe: probe("/no-such-page", 8080) },
      word: "Readiness probe failed",
      cause: /^The container `gatsby-site` runs, but is not ready\. .*404/,
    },
    {
      name: "a readiness probe of a wrong port",
      container: { readinessProbe: probe("/", 9999) },
      word: "Readiness probe failed",
      cause: /^The container `gatsby-site` runs, but is not ready\. .*(9999|port|listen)/i,
    },
    {
      name: "a liveness probe that fails",
      container: {
        livenessProbe: probe("/no-such-page", 8080),
        readinessProbe: probe("/no", 8080),
      },
      word: "Liveness probe failed",
      cause: /^The container `gatsby-site` .*(probe|ready|exit code)/i,
    },
    {
      name: "a node selector that no node has",
      pod: { nodeSelector: { disk: "ssd" } },
      word: "FailedScheduling",
      cause: /^No node can run the pod\. /,
    },
    {
      name: "a request that no node can give",
      container: { resources: { requests: { cpu: "900" }, limits: { cpu: "900" } } },
      word: "FailedScheduling",
      cause: /^No node can run the pod\. .*cpu/i,
    },
    {
      name: "a ConfigMap that is not there",
      container: { envFrom: [{ configMapRef: { name: "no-such-map" } }] },
      word: "CreateContainerConfigError",
      cause: /^The container `gatsby-site` can't start\. .*no-such-map/,
    },
    {
      name: "a secret that is not there",
      container: {
        env: [{ name: "A", valueFrom: { secretKeyRef: { name: "no-such-secret", key: "a" } } }],
      },
      word: "CreateContainerConfigError",
      cause: /^The container `gatsby-site` can't start\. .*no-such-secret/,
    },
    {
      name: "a volume whose ConfigMap is not there",
      pod: {
        volumes: [
          { name: "tmp", emptyDir: {} },
          { name: "environment", configMap: { name: "no-such-volume" } },
        ],
      },
      word: "FailedMount",
      cause: /^The pod does not start\. .*no-such-volume/,
    },
    {
      name: "a tag that is not there",
      container: { image: `${registry}/web/gatsby-site:no-such-tag` },
      word: "ImagePullBackOff",
      cause: /^The node can't pull `.*:no-such-tag`\. .*no-such-tag/,
    },
    {
      name: "a repository that is not there",
      container: { image: `${registry}/web/no-such-site:main` },
      word: "ImagePullBackOff",
      cause: /^The node can't pull `.*\/web\/no-such-site:main`\. /,
    },
    {
      name: "a registry whose name the node does not know",
      container: { image: "registry.invalid/web/site:main" },
      word: "ImagePullBackOff",
      cause: /^The node can't pull `registry\.invalid\/web\/site:main`\. .*(DNS|name)/,
    },
    {
      name: "a registry that does not run, for the node",
      container: { image: "gitlab.thelinuxlabs.com:5999/web/site:main" },
      word: "ImagePullBackOff",
      cause: /^The node can't pull `.*:5999\/web\/site:main`\. (?!.*(password|login|token)).+/i,
    },
    {
      name: "an image's name that is none",
      container: { image: "gitlab.thelinuxlabs.com:5050/Web/Site:main" },
      word: "InvalidImageName",
      cause: /^The node can't pull `.*\/Web\/Site:main`\. /,
    },
    {
      name: "a container with more rights than Pod Security allows",
      container: { securityContext: { allowPrivilegeEscalation: true } },
      word: "violates PodSecurity",
      cause: /^The cluster refuses to create the pods\. .*Pod Security level restricted/,
    },
  ];

  it.each(faults.map((fault) => [fault.name, fault] as const))(
    "%s",
    async (_, { cause, container = {}, pod, word }) => {
      const fields = typeof container === "function" ? (container as () => object)() : container;
      const run = () => diagnose("dev --no-pod");
      expectFailure(await whilePatched(fields, word, run, pod), { deployment: cause }, 18);
    },
    4 * minuteMs,
  );

  it(
    "a Deployment that somebody deleted",
    async () => {
      const file = ".sandbox/deployment.json";
      const deployment = `deployment gatsby-site ${inNamespace}`;
      await inSandbox(`kubectl get ${deployment} --output json > ${file}`);
      try {
        await inSandbox(`kubectl delete ${deployment}`);
        const cause = /^The namespace `gatsby-site-dev` has no Deployment `gatsby-site`, or/;
        expectFailure(await diagnose("dev --no-pod"), { deployment: cause }, 18);
      } finally {
        await inSandbox(`kubectl create --filename ${file}; kubectl rollout status ${deployment}`);
      }
    },
    3 * minuteMs,
  );

  it(
    "pods that run another image, which somebody has set",
    async () => {
      const image = world.image.replace(/@.*/, ":env-dev");
      const seen = await whilePatched({ image }, "env-dev", () => diagnose("dev --no-pod"));
      expectFailure(seen, {}, 0);
    },
    3 * minuteMs,
  );
}

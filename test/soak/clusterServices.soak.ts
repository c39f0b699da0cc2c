import { Resolver } from "node:dns/promises";

import pWaitFor from "p-wait-for";

import { checkout, createCheckout, git, inSandbox, make, shell } from "../e2e/support/checkout";
import { configureStack } from "../e2e/support/configuration";
import { listChanges } from "../e2e/support/elsewhere";
import { SteadyLoad } from "../e2e/support/steadyLoad";

const minuteMs = 60_000;
const namespace = "gatsby-site-dev";
const kubectl = `kubectl --namespace ${namespace}`;

beforeAll(async () => {
  createCheckout();
  await make("up");
}, 60 * minuteMs);

afterAll(() => shell("make down"), 5 * minuteMs);

describe("metrics-server in the sandbox", () => {
  let url: string;

  const readReplicas = (): Promise<string> =>
    inSandbox(
      `${kubectl} get deployment gatsby-site -o jsonpath='{.spec.replicas} {.status.readyReplicas}'`,
    );

  beforeAll(async () => {
    await make("metrics");
    configureStack(checkout, "dev", {
      replicas: undefined,
      // Of 25m: more than nginx needs without requests, and less than with eighty a second.
      autoscaling: { minReplicas: 1, maxReplicas: 3, targetCPUUtilization: 30 },
    });
    await inSandbox("npx slipway up dev --yes");
    url = (await inSandbox("pulumi stack output url --stack dev")).trim();
  }, 20 * minuteMs);

  // Other files count the site's pods.
  afterAll(async () => {
    git(checkout, "checkout", "--", "Pulumi.dev.yaml");
    await inSandbox(
      `npx slipway up dev --yes && ${kubectl} scale deployment gatsby-site --replicas 1 && PULUMI_K8S_ENABLE_PATCH_FORCE=true npx slipway up dev --yes`,
    );
  }, 6 * minuteMs);

  it(
    "has figures for `kubectl top`, with all certificates checked",
    async () => {
      expect(await inSandbox("kubectl top nodes --no-headers")).toMatch(/^slipway\s+\d+m/m);
      const top = () => shell(`eval "$(make -s env)"; ${kubectl} top pods --no-headers`);
      await pWaitFor(async () => /^gatsby-site-\S+\s+\d+m\s+\d+Mi/m.test((await top()).output), {
        interval: 2000,
        timeout: 2 * minuteMs,
      });
      const spec = await inSandbox(
        "kubectl get apiservice v1beta1.metrics.k8s.io -o jsonpath='{.spec.insecureSkipTLSVerify}'",
      );
      expect(spec).toBe("");
    },
    3 * minuteMs,
  );

  it(
    "lets the autoscaler add pods under load, whose number the next release keeps",
    async () => {
      expect(await readReplicas()).toBe("1 1");
      const { failures, requests } = await SteadyLoad.during(
        `${url}/about/`,
        { perSecond: 80 },
        async () => {
          await pWaitFor(async () => (await readReplicas()) === "3 3", {
            interval: 3000,
            timeout: { milliseconds: 6 * minuteMs, message: "The autoscaler added no pods." },
          });
          configureStack(checkout, "dev", { publicConfig: { notice: "a new release" } });
          const updated = await inSandbox("npx slipway up dev --yes");
          expect(updated).not.toContain("field conflict");
          // The autoscaler's number is what was asked for, so there is nothing to say about it.
          expect(updated).not.toContain("keeps 3 pods");
        },
      );
      expect(await readReplicas()).toBe("3 3");
      const preview = await inSandbox("pulumi preview --stack dev --json 2>/dev/null");
      expect(listChanges(preview)).toEqual([]);
      expect(failures).toEqual([]);
      expect(requests).toBeGreaterThan(1000);
    },
    12 * minuteMs,
  );
});

describe("CoreDNS in the sandbox, beside metrics-server", () => {
  let node: string;

  beforeAll(async () => {
    const started = await shell("make dns");
    [, node = ""] = /CoreDNS at (\S+)$/m.exec(started.output) ?? [];
  }, 20 * minuteMs);

  it("answers pods with the addresses of Services and of GitLab", async () => {
    const run = (command: string) =>
      inSandbox(`${kubectl} exec deployment/gatsby-site -- ${command}`);
    const address = await inSandbox(
      `${kubectl} get service gatsby-site -o jsonpath='{.spec.clusterIP}'`,
    );
    expect(await run("getent hosts gatsby-site")).toContain(address);
    expect(await run(`getent hosts gatsby-site.${namespace}.svc.cluster.local`)).toContain(address);
    expect(await run("getent hosts gitlab.thelinuxlabs.com")).toContain(node);
  });

  it("answers with NXDOMAIN for a name that does not exist, and only then", async () => {
    const resolver = new Resolver({ timeout: 5000, tries: 2 });
    resolver.setServers([node]);
    // Node's code of NXDOMAIN is ENOTFOUND, and of a name without such an address ENODATA.
    for (const name of [`no-such.${namespace}.svc.cluster.local`, "www.example.com"]) {
      await expect(resolver.resolve4(name)).rejects.toMatchObject({ code: "ENOTFOUND" });
    }
    const known = `gatsby-site.${namespace}.svc.cluster.local`;
    await expect(resolver.resolve6(known)).rejects.toMatchObject({ code: "ENODATA" });
    const [{ name, port }] = await resolver.resolveSrv(`_http._tcp.${known}`);
    expect([name, port]).toEqual([known, 80]);
  });

  it(
    "stays in the next `make up`, and is gone after `make down`, as is metrics-server with its API",
    async () => {
      await make("up");
      const [kept, apis] = ["ls .sandbox/test/services", "kubectl get apiservices --output name"];
      expect(await inSandbox(kept)).toMatch(/^coredns\.json\n(.*\n)*metrics-server\.json$/m);
      expect(await inSandbox(apis)).toContain("metrics.k8s.io");
      await make("down");
      await make("up");
      const services = await inSandbox(kept);
      expect(services).toMatch(/^dns\.json$/m);
      expect(services).not.toMatch(/coredns|metrics/);
      // With an API that nothing serves, the cluster would delete no namespace.
      expect(await inSandbox(apis)).not.toContain("metrics.k8s.io");
    },
    10 * minuteMs,
  );
});

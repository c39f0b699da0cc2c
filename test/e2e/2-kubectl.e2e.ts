import pWaitFor from "p-wait-for";

import { inSandbox, shell } from "./support/checkout";

const minuteMs = 60_000;
const namespace = "gatsby-site-dev";
const kubectl = `kubectl --namespace ${namespace}`;

describe("kubectl in the sandbox, as on a company's cluster", () => {
  let service: string;

  beforeAll(async () => {
    service = (await inSandbox(`${kubectl} get services --output name`)).trim();
    await inSandbox('curl --silent --fail "$(pulumi stack output url --stack dev)/about/"');
  }, minuteMs);

  it("shows what a pod logs", async () => {
    expect(await inSandbox(`${kubectl} logs deployment/gatsby-site`)).toContain("GET /about/");
  });

  it("runs a program in a pod, whose DNS is the cluster's", async () => {
    const run = (command: string) =>
      inSandbox(`${kubectl} exec deployment/gatsby-site -- ${command}`);
    const address = (
      await inSandbox(`${kubectl} get ${service} --output 'jsonpath={.spec.clusterIP}'`)
    ).trim();
    const [, name] = service.split("/");

    expect(await run("cat /etc/resolv.conf")).toMatch(
      new RegExp(
        `^search ${namespace}\\.svc\\.cluster\\.local svc\\.cluster\\.local cluster\\.local`,
        "m",
      ),
    );
    expect(await run(`getent hosts ${name}`)).toContain(address);
    expect(await run(`getent hosts ${name}.${namespace}.svc.cluster.local`)).toContain(address);
    expect(await run("getent hosts gitlab.thelinuxlabs.com")).toMatch(/^10\.213\.\d+\.2\s/);
  });

  it(
    "forwards a port to a Service",
    async () => {
      const forwarded = shell(
        `eval "$(make -s env)"; exec timeout 30 ${kubectl} port-forward ${service} 18080:80`,
      );
      const page = async () => fetch("http://127.0.0.1:18080/about/").catch(() => undefined);

      await pWaitFor(async () => (await page())?.status === 200, {
        interval: 200,
        timeout: 25_000,
      });
      // `timeout` ends it.
      expect((await forwarded).output).toContain("Handling connection for 18080");
    },
    minuteMs,
  );

  it("has no event of a missing DNS", async () => {
    const query = "--all-namespaces --field-selector reason=MissingClusterDNS --output name";

    expect(await inSandbox(`kubectl get events ${query}`)).toBe("");
  });
});

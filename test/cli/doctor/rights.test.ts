import type { Kubectl } from "../../../cli/doctor/kubectl";
import { findMissingRights } from "../../../cli/doctor/rights";

interface Question {
  readonly spec: { readonly resourceAttributes: { group: string; resource: string; verb: string } };
}

type Site = Parameters<typeof findMissingRights>[2];

/** What the doctor asks the cluster about: groups and resources that an update creates. */
async function listAsked(site: Partial<Site>): Promise<string[]> {
  let asked: readonly Question[] = [];
  const create = ({ items }: { items: readonly Question[] }) => {
    asked = items;
    return Promise.resolve({ code: 1, stdout: "", stderr: "" });
  };
  const kubectl = { create } as unknown as Kubectl;
  const defaults: Site = {
    autoscaling: undefined,
    host: undefined,
    namespace: undefined,
    networkPolicy: "none",
    replicas: 1,
    webServer: "slipway",
  };
  await findMissingRights(kubectl, "web", { ...defaults, ...site });
  return asked
    .map(({ spec }) => spec.resourceAttributes)
    .filter(({ verb }) => verb === "create")
    .map(({ group, resource }) => (group === "" ? resource : `${resource}.${group}`));
}

describe("findMissingRights", () => {
  const always = ["deployments.apps", "services", "configmaps", "secrets", "serviceaccounts"];

  it("asks about what every site has", async () => {
    expect(await listAsked({ namespace: "web" })).toEqual(always);
  });

  it.each([
    ["a namespace of its own", { namespace: undefined }, "namespaces"],
    ["a host", { host: "www.example.com" }, "ingresses.networking.k8s.io"],
    ["several pods", { replicas: 2 }, "poddisruptionbudgets.policy"],
    ["closed pods", { networkPolicy: "closed" as const }, "networkpolicies.networking.k8s.io"],
  ])("asks about what a site with %s has beside it", async (_, site, expected) => {
    expect(await listAsked({ namespace: "web", ...site })).toEqual([...always, expected]);
  });

  it("asks about an autoscaler, and the budget of its pods", async () => {
    const autoscaling = { minReplicas: 1, maxReplicas: 3, targetCPUUtilization: 80 };
    expect(await listAsked({ namespace: "web", autoscaling })).toEqual([
      ...always,
      "horizontalpodautoscalers.autoscaling",
      "poddisruptionbudgets.policy",
    ]);
  });
});

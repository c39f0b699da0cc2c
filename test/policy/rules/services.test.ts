import { checkResource, unknown } from "../support/check";

describe("service-exposure", () => {
  const check = (spec: object, settings = {}) =>
    checkResource(
      "service-exposure",
      { type: "kubernetes:core/v1:Service", props: { spec } },
      { settings },
    );

  it.each(["LoadBalancer", "NodePort"])("refuses %s", async (type) => {
    expect(await check({ type })).toEqual([
      `\`spec.type\` is "${type}": the Service is reached from outside of the cluster, past the Ingress and its TLS. Use "ClusterIP" and an Ingress, or add \`web\` to the policy's setting \`services\`.`,
    ]);
  });

  it("refuses addresses outside of the cluster", async () => {
    expect(await check({ externalIPs: ["192.0.2.1"] })).toEqual([
      "`spec.externalIPs` has an address: the Service is reached from outside of the cluster. Remove the field. Use an Ingress, or add `web` to the policy's setting `services`.",
    ]);
  });

  it("accepts the type that the stack's key asks for, of the site's own Service alone", async () => {
    const stack = { serviceType: "LoadBalancer" };
    const type = "kubernetes:core/v1:Service";
    const ask = (wanted: string, parents: readonly string[]) =>
      checkResource(
        "service-exposure",
        { type, parents, props: { spec: { type: wanted } } },
        { stack },
      );
    const site = ["slipway:index:GatsbySite"];
    expect(await ask("LoadBalancer", site)).toEqual([]);
    expect(await ask("LoadBalancer", [])).toHaveLength(1);
    expect(await ask("NodePort", site)).toHaveLength(1);
  });

  it("accepts a Service of the cluster, one that is listed, and unknown types", async () => {
    expect(await check({})).toEqual([]);
    expect(await check({ type: "ClusterIP" })).toEqual([]);
    expect(await check({ type: "LoadBalancer" }, { services: ["web"] })).toEqual([]);
    expect(await check({ type: unknown.text, externalIPs: unknown.list })).toEqual([]);
  });
});

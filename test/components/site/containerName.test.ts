import { chooseContainerName, findLastContainer } from "../../../components/site/containerName";

const long = `web-${"x".repeat(59)}`;

describe("chooseContainerName", () => {
  it.each([
    ["a new site's", undefined, 80, "site"],
    ["the same port's", { name: "site", port: 80 }, 80, "site"],
    ["the same port's after a change", { name: "site-80", port: 80 }, 80, "site-80"],
    ["another port's", { name: "site", port: 8080 }, 80, "site-80"],
    ["the first port's again", { name: "site-80", port: 80 }, 8080, "site"],
    ["a third port's", { name: "site-80", port: 80 }, 81, "site"],
  ])("returns %s name", (_, last, port, expected) => {
    expect(chooseContainerName("site", port, last)).toBe(expected);
  });

  it("keeps to the limit of Kubernetes", () => {
    const name = chooseContainerName(long, 65535, { name: long, port: 8080 });
    expect([name, name.length]).toEqual([`web-${"x".repeat(53)}-65535`, 63]);
  });
});

describe("findLastContainer", () => {
  const type = "kubernetes:apps/v1:Deployment";
  const deployment = (containers: object[]) => ({
    urn: `urn:pulumi:dev::web::slipway:index:GatsbySite$${type}::site`,
    type,
    outputs: { spec: { template: { spec: { containers } } } },
  });

  it("finds the container whose port is the site's, beside one that the cluster has added", () => {
    const found = findLastContainer("site", [
      deployment([
        { name: "mesh", ports: [{ name: "admin", containerPort: 15000 }] },
        { name: "site-80", ports: [{ name: "http", containerPort: 80 }] },
      ]),
    ]);
    expect(found).toEqual({ name: "site-80", port: 80 });
  });

  it.each([
    ["no Deployment", []],
    ["another site's", [deployment([{ name: "site", ports: [{ name: "http" }] }])]],
    ["no port of that name", [deployment([{ name: "site" }])]],
  ])("finds none where there is %s", (what, resources) => {
    const name = what === "another site's" ? "docs" : "site";
    expect(findLastContainer(name, resources)).toBeUndefined();
  });
});

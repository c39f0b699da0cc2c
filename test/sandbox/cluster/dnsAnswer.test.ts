import { answerQuery, type Names } from "../../../sandbox/cluster/dns/answer";

const names: Names = {
  hosts: new Map([["gitlab.thelinuxlabs.com", "10.213.1.2"]]),
  findService: (name, namespace) =>
    Promise.resolve(
      new Map([
        ["site.web", ["10.213.1.130"]],
        ["headless.web", ["10.244.0.5", "10.244.0.6"]],
        ["waiting.web", []],
      ]).get(`${name}.${namespace}`),
    ),
};

const ask = (name: string, type: "A" | "AAAA" = "A") =>
  answerQuery({ type: "query", id: 7, questions: [{ name, type }] }, names);

describe("answerQuery", () => {
  it.each([
    ["a Service", "site.web.svc.cluster.local", ["10.213.1.130"]],
    [
      "a Service without a cluster address",
      "headless.web.svc.cluster.local",
      ["10.244.0.5", "10.244.0.6"],
    ],
    ["a Service without pods", "waiting.web.svc.cluster.local", []],
    ["capitals", "Site.Web.svc.Cluster.Local", ["10.213.1.130"]],
    ["a known host", "gitlab.thelinuxlabs.com", ["10.213.1.2"]],
  ])("finds the addresses of %s", async (_, name, addresses) => {
    const reply = await ask(name);

    expect(reply).toMatchObject({ type: "response", id: 7, questions: [{ name, type: "A" }] });
    expect(reply.flags! & 0xf).toBe(0);
    expect(reply.answers).toEqual(addresses.map((data) => ({ type: "A", name, ttl: 5, data })));
  });

  it("has no other records of a name that exists", async () => {
    const { flags, answers } = await ask("site.web.svc.cluster.local", "AAAA");

    expect([flags! & 0xf, answers]).toEqual([0, []]);
  });

  it.each([
    "other.web.svc.cluster.local",
    "site.svc.cluster.local",
    "a.site.web.svc.cluster.local",
    // What a pod's search list makes of a host's name.
    "gitlab.thelinuxlabs.com.web.svc.cluster.local",
    "registry.npmjs.org",
  ])("says that %s does not exist", async (name) => {
    const { flags, answers } = await ask(name);

    expect([flags! & 0xf, answers]).toEqual([3, undefined]);
  });

  it("refuses a query without a question", async () => {
    const { flags } = await answerQuery({ type: "query", id: 7 }, names);

    expect(flags! & 0xf).toBe(1);
  });
});

import * as pulumi from "@pulumi/pulumi";

import { tiers } from "../../components/release/release";
import { createPolicies, readStack, rules } from "../../policy/index";
import pack from "../../policy/package.json";
import root from "../../package.json";

describe("the policies", () => {
  it.each(tiers)("have the levels of the tier %s", (tier) => {
    const policies = createPolicies({ tier, registry: undefined, pullSecret: undefined });
    expect(policies.map(({ enforcementLevel, name }) => [name, enforcementLevel])).toEqual(
      rules.map(({ levels, name }) => [name, levels[tier]]),
    );
  });

  it("never get milder from one tier to the next", () => {
    const order = ["disabled", "advisory", "mandatory"];
    for (const { levels } of rules) {
      const strictness = tiers.map((tier) => order.indexOf(levels[tier]));
      expect(strictness).toEqual(strictness.toSorted());
    }
  });

  it("have names of their own, and say what to do", () => {
    expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length);
    for (const { description, remedy } of rules)
      expect([description, remedy].join()).toMatch(/\.$/);
  });

  it("have the package's version, which Pulumi prints", () => {
    expect(pack.version).toBe(root.version);
  });
});

describe("what the policies know of a stack", () => {
  const readWith = (config: Record<string, string>) => {
    pulumi.runtime.setAllConfig(
      Object.fromEntries(
        Object.entries(config).map(([key, value]) => [`${pulumi.getProject()}:${key}`, value]),
      ),
    );
    return readStack();
  };

  it("is in its configuration", () => {
    const config = { tier: "staging", registry: "gitlab.example.com:5050", pullSecret: "always" };
    expect(readWith(config)).toEqual(config);
  });

  it("asks for the type of its Service, and for none if that can't be read", () => {
    expect(readWith({ service: '{"type":"NodePort"}' }).serviceType).toBe("NodePort");
    for (const service of ['{"annotations":{}}', '{"type":1}', "LoadBalancer"]) {
      expect(readWith({ service }).serviceType).toBeUndefined();
    }
  });

  it("is a stack for development if nothing is configured", () => {
    expect(readWith({})).toEqual({ tier: "development" });
  });

  it("is a stack for production if the tier does not exist", () => {
    expect(readWith({ tier: "prod" }).tier).toBe("production");
  });
});

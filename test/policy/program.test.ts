import type { Struct } from "google-protobuf/google/protobuf/struct_pb";

import type { Registration } from "../support/engine";
import { inSmallestProject, type Options, run } from "../support/program";
import { checkEverything, type TestResource } from "./support/check";

const stack = { registry: "gitlab.example.com:5050", pullSecret: "auto" };

/** A release that comes from this checkout, in a tier that otherwise takes only what another stack runs. */
const direct = { "gatsby-site:skipStaging": "true", "gatsby-site:allowDirty": "true" };

/** A preview after an edit: the plugin has no digest before the build. */
const edited: Options = {
  preview: true,
  deployed: true,
  computed: { "docker-build:index:Image": () => ({ digest: "" }) },
};

inSmallestProject();

/** The resources as the engine gives them to a policy pack. */
function describeAll(registrations: readonly Registration[]): TestResource[] {
  // As the pack's server reads them: secrets unwrapped, unknown values as the engine marks them.
  const { deserializeProperties } = jest.requireActual<{
    deserializeProperties: (properties: Struct | undefined, keepSecrets: boolean) => object;
  }>("@pulumi/policy/deserialize");
  const described = registrations.map(({ name, request, type }) => {
    const parent = request.getParent().split("::")[2]?.split("$").at(-1);
    const props = deserializeProperties(request.getObject(), false);
    return { type, name, parents: parent === undefined ? [] : [parent], props };
  });
  const find = (urn: string) =>
    described.filter(({ name, type }) => urn.endsWith(`${type}::${name}`));
  return registrations.map(({ request }, index) => ({
    ...described[index],
    type: request.getType(),
    provider: find(request.getProvider().split("::").slice(0, -1).join("::"))[0]?.props,
    dependsOn: Object.fromEntries(
      [...request.getPropertydependenciesMap().entries()].map(([property, dependencies]) => [
        property,
        (dependencies as { getUrnsList(): string[] }).getUrnsList().flatMap(find),
      ]),
    ),
  }));
}

describe("the program's own resources", () => {
  it.each([
    ["development", {}],
    ["staging", {}],
    ["production", direct],
  ] as const)("pass in a stack for %s, in an update and in a preview", async (tier, values) => {
    for (const options of [{}, edited]) {
      const { engine } = await run({ ...values, "gatsby-site:tier": tier }, options);
      const resources = describeAll(engine.registrations);
      // Otherwise nothing was checked.
      expect(resources.find(({ name }) => name === "gatsby-site-pull")).toBeDefined();
      expect(await checkEverything(resources, { ...stack, tier })).toEqual([]);
    }
  });

  it("pass with a Service that the configuration makes public", async () => {
    const { engine } = await run({
      ...direct,
      "gatsby-site:tier": "production",
      "gatsby-site:service": '{"type":"NodePort"}',
    });
    const resources = describeAll(engine.registrations);
    const asked = { ...stack, tier: "production", serviceType: "NodePort" } as const;
    expect(await checkEverything(resources, asked)).toEqual([]);
    expect(await checkEverything(resources, { ...asked, serviceType: undefined })).toEqual([
      expect.stringMatching(
        /^mandatory service-exposure gatsby-site-service: `spec.type` is "Node/,
      ),
    ]);
  });

  it("are given as they are: their provider, and what their properties come from", async () => {
    const { engine } = await run();
    const secret = describeAll(engine.registrations).find(
      ({ type }) => type === "kubernetes:core/v1:Secret",
    );
    expect(secret?.provider).toMatchObject({ enableSecretMutable: "true" });
    expect(secret?.dependsOn?.data?.map(({ name }) => name)).toEqual([
      expect.stringMatching(/^registry-pull-[ab]$/),
    ]);
  });

  it("keep what they push: policies can't see `retainOnDelete`", async () => {
    const { engine } = await run();
    const images = engine.registrations.filter(({ type }) => type.startsWith("docker-build:"));
    expect(images.map(({ name, request }) => [name, request.getRetainondelete()])).toEqual(
      images.map(({ name }) => [name, true]),
    );
    expect(images.length).toBeGreaterThan(1);
  });
});

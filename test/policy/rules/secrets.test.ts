import { checkResource, type TestResource, unknown } from "../support/check";
import { createContainer } from "../support/deployment";

describe("plain-secret", () => {
  const check = (resource: TestResource, settings = {}) =>
    checkResource("plain-secret", resource, { settings });
  const createVariable = (variable: object) => createContainer({ env: [variable] });
  const token = `glpat-${"0123456789abcdefghij"}`;

  it("refuses a variable that is a secret by its name or its value, and does not print it", async () => {
    const end =
      "in plain text. Everyone who may read the pod can read it. Put it into a Secret and refer to that: `valueFrom.secretKeyRef`.";
    expect(await check(createVariable({ name: "API_TOKEN", value: "hidden" }))).toEqual([
      `The variable \`API_TOKEN\` of container \`web\` has, by its name, a secret ${end}`,
    ]);
    expect(await check(createVariable({ name: "A", value: token }))).toEqual([
      `The variable \`A\` of container \`web\` has a token of GitLab ${end}`,
    ]);
    expect(
      await check(createVariable({ name: "A", value: "https://me:hidden@b.example" })),
    ).toEqual([`The variable \`A\` of container \`web\` has a URL with a password ${end}`]);
  });

  it("refuses build arguments and entries of ConfigMaps", async () => {
    const buildArgs = { NPM_TOKEN: "hidden", NODE_IMAGE: "node:24" };
    expect(await check({ type: "docker-build:index:Image", props: { buildArgs } })).toEqual([
      "The build argument `NPM_TOKEN` has, by its name, a secret in plain text. Everyone who can pull the image can read it. Use a build secret: `pulumi config set --secret --path buildSecrets.<name>`, and `RUN --mount=type=secret` in the Dockerfile.",
    ]);
    const props = { build: { args: { NPM_TOKEN: "hidden" } } };
    expect(await check({ type: "docker:index/image:Image", props })).toHaveLength(1);
    const data = { "config.json": JSON.stringify({ token }) };
    expect(await check({ type: "kubernetes:core/v1:ConfigMap", props: { data } })).toEqual([
      "The entry `config.json` of the ConfigMap has a token of GitLab in plain text. Everyone who may read ConfigMaps can read it. Put it into a Secret.",
    ]);
  });

  it("accepts references, paths, harmless names and what is unknown", async () => {
    const valueFrom = { secretKeyRef: { name: "a", key: "b" } };
    for (const variable of [
      { name: "API_TOKEN", valueFrom },
      { name: "API_TOKEN_FILE", value: "/run/token" },
      { name: "TOKENS", value: "on" },
      { name: "API_TOKEN", value: "" },
      { name: "API_TOKEN", value: unknown.text },
    ]) {
      expect(await check(createVariable(variable))).toEqual([]);
    }
    const settings = { names: ["PUBLIC_TOKEN"] };
    expect(await check(createVariable({ name: "PUBLIC_TOKEN", value: "a" }), settings)).toEqual([]);
  });
});

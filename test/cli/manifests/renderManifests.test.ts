import { parseAllDocuments } from "yaml";

import { type RegisteredObject, renderManifests } from "../../../cli/manifests/renderManifests";

const mark = (value: unknown) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value,
});

function register(type: string, inputs: object, name = "site"): RegisteredObject {
  const [, version = "", kind = ""] = type.split(":");
  const apiVersion = version.replace("core/", "");
  return { type, name, inputs: { apiVersion, kind, ...inputs } };
}

/** Values of the documents, as Kubernetes reads them. */
const parse = (text: string): unknown[] =>
  parseAllDocuments(text, { version: "1.1" }).map((document) => document.toJS() as unknown);

describe("renderManifests", () => {
  it("renders objects in their order, what they are first", () => {
    const text = renderManifests([
      register("kubernetes:core/v1:Namespace", { metadata: { name: "web" } }),
      register("kubernetes:apps/v1:Deployment", {
        metadata: { name: "site", namespace: "web" },
        spec: { replicas: 2 },
      }),
    ]);
    expect(text).toBe(`apiVersion: v1
kind: Namespace
metadata:
  name: web
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: site
  namespace: web
spec:
  replicas: 2
`);
  });

  it("leaves out what is no object of Kubernetes, and patches of others' objects", () => {
    const patch = register("kubernetes:core/v1:ServiceAccountPatch", {});
    expect(
      renderManifests([
        { type: "pulumi:providers:kubernetes", name: "cluster", inputs: {} },
        { type: "kubernetes:helm.sh/v3:Release", name: "chart", inputs: { chart: "nginx" } },
        { ...patch, inputs: { ...patch.inputs, kind: "ServiceAccount" } },
      ]),
    ).toBe("");
  });

  it("leaves out a Secret's data, marked as secret or not, and says so", () => {
    const text = renderManifests([
      register("kubernetes:core/v1:Secret", {
        metadata: { name: "pull" },
        type: "Opaque",
        data: { token: "Z2xkdC0x" },
        stringData: mark({ token: "gldt-1" }),
      }),
    ]);
    expect(text).toContain("# Its data is a secret and left out.\n");
    expect(parse(text)).toEqual([
      { apiVersion: "v1", kind: "Secret", metadata: { name: "pull" }, type: "Opaque" },
    ]);
  });

  it("replaces secrets and unknown values elsewhere by placeholders", () => {
    const text = renderManifests([
      register("kubernetes:core/v1:ConfigMap", {
        metadata: { name: "a" },
        data: { token: mark("gldt-1"), ip: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" },
      }),
      register("kubernetes:core/v1:Pod", {
        metadata: { name: "b" },
        spec: [mark({ x: "gldt-1" })],
      }),
    ]);
    expect(parse(text)).toMatchObject([
      { data: { token: "[secret]", ip: "[unknown]" } },
      { spec: ["[secret]"] },
    ]);
    expect(text).not.toContain("gldt-1");
  });

  it("keeps texts texts, also the ones that YAML 1.1 reads as something else", () => {
    const data = { a: "on", b: "1e3", c: "2024-01-01", d: "0o7", e: "", f: "two\nlines\n", g: "~" };
    const text = renderManifests([
      register("kubernetes:core/v1:ConfigMap", { metadata: { name: "a" }, data }),
    ]);
    expect(parse(text)).toMatchObject([{ data }]);
    expect(text).toMatch(/ a: "on"$/m);
    expect(text).toContain("  f: |\n    two\n    lines\n");
  });

  it("gives an object without a name the one that Pulumi derives", () => {
    const text = renderManifests([register("kubernetes:core/v1:ConfigMap", {}, "settings")]);
    expect(parse(text)).toMatchObject([{ metadata: { generateName: "settings-" } }]);
  });
});

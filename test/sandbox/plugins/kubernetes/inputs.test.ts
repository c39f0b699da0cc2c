import { compare } from "../../../../sandbox/plugins/kubernetes/diff";
import { diffObject } from "../../../../sandbox/plugins/kubernetes/diffObject";
import { checkInputs, markSecrets } from "../../../../sandbox/plugins/kubernetes/inputs";
import { adoptFields } from "../../../../sandbox/plugins/kubernetes/ownership";
import { Secret, UNKNOWN } from "../../../../sandbox/plugins/properties";
import type { JsonObject, PropertyMap } from "../../../../sandbox/plugins/properties";

const request = {
  urn: "urn",
  type: "kubernetes:core/v1:ConfigMap",
  name: "web",
  olds: {},
  randomSeed: Buffer.from("seed"),
};
const map = { apiVersion: "v1", kind: "ConfigMap" };

describe("checkInputs", () => {
  it("puts what names no namespace into the provider's, and what has none into none", () => {
    const named = { ...map, metadata: { name: "web" } };
    const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "web" } };

    expect(checkInputs({ ...request, news: named }, "site").metadata).toEqual({
      name: "web",
      namespace: "site",
    });
    expect(checkInputs({ ...request, news: namespace }, "site")).toEqual(namespace);
  });

  it("keeps the automatic name an object has, and gives another one another seed", () => {
    const name = (olds: PropertyMap, seed: string) =>
      checkInputs({ ...request, news: map, olds, randomSeed: Buffer.from(seed) }, "site");
    const first = name({}, "one");

    expect(first).toHaveProperty("metadata.name", expect.stringMatching(/^web-[0-9a-f]{8}$/));
    expect(name(first, "two")).toEqual(first);
    expect(name({}, "two")).not.toEqual(first);
  });

  it("obeys the stack's rule for automatic names", () => {
    const check = (autonaming: { proposedName: string; disabled: boolean }) =>
      checkInputs({ ...request, news: map, autonaming }, "site");

    expect(check({ proposedName: "dev-web", disabled: false })).toHaveProperty(
      "metadata.name",
      "dev-web",
    );
    expect(() => check({ proposedName: "", disabled: true })).toThrow("`metadata.name` is missing");
  });

  it("keeps unknown values, and the data of a Secret secret", () => {
    const news = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "pull", namespace: UNKNOWN },
      stringData: { plain: "text" },
    };

    expect(checkInputs({ ...request, news }, "site")).toEqual({
      ...news,
      stringData: new Secret({ plain: "text" }),
    });
  });
});

describe("markSecrets", () => {
  it("makes a list secret of which one element is", () => {
    const like = { args: [{ a: "1" }, { a: new Secret("2") }] };

    expect(markSecrets({ args: [{ a: "1" }, { a: "2" }] }, like)).toEqual({
      args: new Secret([{ a: "1" }, { a: "2" }]),
    });
  });
});

describe("diffObject", () => {
  const metadata = { name: "web", namespace: "site" };
  const diff = (
    inputs: JsonObject,
    live: JsonObject,
    news: PropertyMap,
    ignoreChanges: string[] = [],
  ) =>
    diffObject(
      {
        ...request,
        id: "site/web",
        oldInputs: inputs,
        olds: { ...map, metadata, ...live, __inputs: { ...map, metadata, ...inputs } },
        news: { ...map, metadata, ...news },
        ignoreChanges,
      },
      { secrets: true, configMaps: true },
    );

  it.each<[string, JsonObject, JsonObject, PropertyMap]>([
    [
      "zero values that the API server leaves out",
      { a: { b: false, c: 0 } },
      { a: {} },
      { a: { b: false, c: 0 } },
    ],
    [
      "quantities in another form",
      { limits: { cpu: "0.5" } },
      { limits: { cpu: "500m" } },
      { limits: { cpu: "0.5" } },
    ],
    [
      "what only the cluster set",
      { a: { b: 1 } },
      { a: { b: 1, d: 2 }, status: {} },
      { a: { b: 1 } },
    ],
  ])("finds nothing in %s", (_, inputs, live, news) => {
    expect(diff(inputs, live, news).detailed.size).toBe(0);
  });

  it("finds what somebody changed in the cluster", () => {
    const { detailed } = diff({ data: { a: "1" } }, { data: { a: "2" } }, { data: { a: "1" } });

    expect([...detailed]).toEqual([["data.a", { kind: "UPDATE" }]]);
  });

  it("finds nothing in what the option `ignoreChanges` names", () => {
    const [inputs, live] = [{ data: { "a.b": "1", c: "1" } }, { data: { "a.b": "2", c: "2" } }];

    expect([...diff(inputs, live, inputs, ['data["a.b"]']).detailed.keys()]).toEqual(["data.c"]);
    expect([...diff(inputs, live, inputs, ["data"]).detailed.keys()]).toEqual([]);
  });

  it("replaces what moves to another namespace, the new one first", () => {
    const answer = diff({}, {}, { metadata: { ...metadata, namespace: "other" } });

    expect([...answer.detailed]).toEqual([["metadata.namespace", { kind: "UPDATE_REPLACE" }]]);
    expect(answer.deleteBeforeReplace).toBe(false);
  });

  it("replaces an immutable ConfigMap whose data changes, whatever the provider says", () => {
    const frozen = { immutable: true, data: { a: "1" } };
    const answer = diff(frozen, frozen, { immutable: true, data: { a: "2" } });

    expect([...answer.detailed]).toEqual([["data.a", { kind: "UPDATE_REPLACE" }]]);
    expect(answer.deleteBeforeReplace).toBe(true);
  });
});

describe("compare", () => {
  it("names added, removed and unknown values, in maps and lists", () => {
    const live = { keep: 1, gone: 1, list: ["a", { b: 1, c: 2 }, "z"] };
    const news = { keep: UNKNOWN, "with.dot": 1, list: ["a", { b: 3 }] };

    expect(Object.fromEntries(compare(live, live, news, []))).toEqual({
      keep: { kind: "UPDATE" },
      '["with.dot"]': { kind: "ADD" },
      gone: { kind: "DELETE", inputDiff: true },
      "list[1].b": { kind: "UPDATE" },
      "list[1].c": { kind: "DELETE", inputDiff: true },
      "list[2]": { kind: "DELETE", inputDiff: true },
    });
  });

  it("replaces when a removed or added part holds a field that can't change", () => {
    const replacing = [["spec", "selector"]];

    expect([...compare({}, {}, { spec: { selector: { a: 1 } } }, replacing).values()]).toEqual([
      { kind: "ADD_REPLACE" },
    ]);
    expect([...compare({}, {}, { spec: { replicas: 1 } }, replacing).values()]).toEqual([
      { kind: "ADD" },
    ]);
  });
});

describe("adoptFields", () => {
  const entry = (
    manager: string,
    operation: string,
    fieldsV1: JsonObject,
    more: JsonObject = {},
  ) => ({
    manager,
    operation,
    fieldsV1,
    ...more,
  });

  it("joins the creation's fields with the manager's own, and leaves others theirs", () => {
    const controller = entry(
      "kube-controller-manager",
      "Update",
      { "f:status": {} },
      { subresource: "status" },
    );
    const managedFields = [
      entry("pulumi-kubernetes", "Update", { "f:data": { "f:a": {} } }),
      controller,
      entry("mine", "Apply", { "f:data": { "f:b": {} } }),
    ];

    expect(adoptFields({ metadata: { managedFields } }, "mine")).toEqual([
      entry("mine", "Apply", { "f:data": { "f:a": {}, "f:b": {} } }),
      controller,
    ]);
  });

  it("has nothing to do once the manager's own is all there is", () => {
    const managedFields = [entry("mine", "Apply", {})];

    expect(adoptFields({ metadata: { managedFields } }, "mine")).toBeUndefined();
  });
});

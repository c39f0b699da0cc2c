import { unknownValue } from "../../../cli/report/previewJson";
import { listPropertyChanges } from "../../../cli/report/propertyChanges";
import { stepOf } from "./support/previews";

const update = { kind: "update", inputDiff: false };

/** `path: before > after`, which is all there is to see in most cases. */
function listOf(step: Parameters<typeof listPropertyChanges>[0]): string[] {
  return listPropertyChanges(step).map(
    ({ path, before, after }) => `${path}: ${before ?? "-"} > ${after ?? "-"}`,
  );
}

describe("listPropertyChanges", () => {
  it("shows the old and the new value at each path", () => {
    const step = stepOf("update", {
      before: { spec: { replicas: 1, ports: [{ port: 80 }] } },
      after: { spec: { replicas: 2, ports: [{ port: 81 }] } },
      detailedDiff: { "spec.replicas": update, "spec.ports[0].port": update },
    });
    expect(listOf(step)).toEqual(["spec.ports[0].port: 80 > 81", "spec.replicas: 1 > 2"]);
  });

  it("goes down to what differs, where the provider names something larger", () => {
    const step = stepOf("update", {
      before: { spec: { a: 1, same: true, list: [1, 2] } },
      after: { spec: { b: 2, same: true, list: [1, 3, 4] } },
      detailedDiff: { spec: update },
    });
    expect(listOf(step)).toEqual([
      "spec.a: 1 > -",
      "spec.b: - > 2",
      "spec.list[1]: 2 > 3",
      "spec.list[2]: - > 4",
    ]);
  });

  it("compares the inputs where the provider says nothing of where", () => {
    const step = stepOf("update", {
      before: { a: 1, b: 1 },
      after: { a: 1, b: 2 },
      detailedDiff: null,
    });
    expect(listOf(step)).toEqual(["b: 1 > 2"]);
  });

  it("names what differs without values where nobody has them", () => {
    const step = stepOf("update", { before: {}, after: {}, diffReasons: ["checksum"] });
    expect(listOf(step)).toEqual(["checksum: - > -"]);
  });

  it("says which values only the update will know", () => {
    const step = stepOf("update", {
      before: { image: "a" },
      after: { image: unknownValue },
      detailedDiff: { image: update },
    });
    expect(listOf(step)).toEqual(['image: "a" > (known after the update)']);
  });

  it("says which property replaces the resource", () => {
    const step = stepOf("replace", {
      before: { name: "a", size: 1 },
      after: { name: "b", size: 2 },
      detailedDiff: { name: { kind: "update-replace", inputDiff: true }, size: update },
    });
    expect(listPropertyChanges(step).map(({ path, replaces }) => [path, replaces])).toEqual([
      ["name", true],
      ["size", false],
    ]);
    const reasons = stepOf("replace", {
      before: { name: "a" },
      after: { name: "b" },
      replaceReasons: ["name"],
    });
    expect(listPropertyChanges(reasons)).toEqual([
      { path: "name", before: '"a"', after: '"b"', replaces: true },
    ]);
  });

  it("leaves out what the SDK notes for itself", () => {
    const step = stepOf("create", { after: { __defaults: ["x"], size: 1 } });
    expect(listOf(step)).toEqual(["size: - > 1"]);
  });

  it("cuts a long value, and says by how much", () => {
    const step = stepOf("create", { after: { text: "x".repeat(1000) } });
    expect(listOf(step)[0]).toMatch(/x\.\.\. \(802 more characters\)$/);
  });

  it("shows nothing of a Kubernetes Secret's data, whatever the provider marks", () => {
    const step = stepOf("update", {
      type: "kubernetes:core/v1:Secret",
      before: { stringData: { key: "old-value" }, metadata: { name: "a" } },
      after: { stringData: { key: "new-value" }, metadata: { name: "a" } },
      detailedDiff: { "stringData.key": update },
    });
    expect(listOf(step)).toEqual(["data: [secret] > [secret]"]);
  });

  it("shows nothing of a property whose name says that it is secret", () => {
    const step = stepOf("create", {
      after: { token: "abc", nested: [{ password: "abc" }], kubeconfig: "x" },
    });
    expect(JSON.stringify(listPropertyChanges(step))).not.toContain("abc");
  });
});

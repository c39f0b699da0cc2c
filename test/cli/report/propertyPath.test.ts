import * as fc from "fast-check";

import { formatPath, parsePath, valueAt } from "../../../cli/report/propertyPath";

describe("parsePath", () => {
  it.each([
    ["replicas", ["replicas"]],
    ["spec.containers[0].image", ["spec", "containers", 0, "image"]],
    ['metadata.annotations["pulumi.com/x"]', ["metadata", "annotations", "pulumi.com/x"]],
    ['data["a\\"b"].c', ["data", 'a"b', "c"]],
    ["[2]", [2]],
    ["a-b.c", ["a-b", "c"]],
  ])("reads %s", (text, path) => {
    expect(parsePath(text)).toEqual(path);
  });

  it("reads what formatPath writes", () => {
    const member = fc.string({
      minLength: 1,
      unit: fc.constantFrom(...'ab.c[]"\\/-_$1 '.split("")),
    });
    fc.assert(
      fc.property(fc.array(fc.oneof(member, fc.nat(99)), { minLength: 1 }), (path) => {
        expect(parsePath(formatPath(path))).toEqual(path);
      }),
    );
  });
});

describe("valueAt", () => {
  it("finds what is there, and nothing that isn't", () => {
    const value = { spec: { containers: [{ image: "nginx" }] } };
    expect(valueAt(value, ["spec", "containers", 0, "image"])).toBe("nginx");
    expect(valueAt(value, ["spec", "containers", 1, "image"])).toBeUndefined();
    expect(valueAt(value, ["constructor"])).toBeUndefined();
  });
});

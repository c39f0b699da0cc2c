import {
  decode,
  decodeMap,
  encode,
  hasSecret,
  hasUnknown,
  Secret,
  toJson,
  UNKNOWN,
  unwrapMap,
} from "../../../sandbox/plugins/properties";
import type { Json, PropertyValue } from "../../../sandbox/plugins/properties";
import { collectSecrets, redact } from "../../../sandbox/plugins/redact";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const UNKNOWN_STRING = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const secret = (value: Json) => ({ [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270", value });
const output = (fields: Record<string, Json>) => ({
  [SIGNATURE]: "d0e6a833031e9bbcd3f4e8bde6ca49a4",
  ...fields,
});

describe("properties", () => {
  it.each<[string, Json, PropertyValue]>([
    ["plain values", { a: [1, "b", true] }, { a: [1, "b", true] }],
    ["a secret within a list", [secret("x")], [new Secret("x")]],
    ["an unknown within a secret", secret(UNKNOWN_STRING), new Secret(UNKNOWN)],
  ])("come back as they were sent: %s", (_, wire, value) => {
    expect(decode(wire)).toEqual(value);
    expect(encode(value)).toEqual(wire);
  });

  it.each<[string, Json, PropertyValue]>([
    ["an unknown number", "3eeb2bf0-c639-47a8-9e75-3b44932eb421", UNKNOWN],
    ["an output", output({ value: 1 }), 1],
    ["a secret output", output({ value: 1, secret: true }), new Secret(1)],
    ["an unknown output", output({}), UNKNOWN],
    ["a resource", { [SIGNATURE]: "5cf8f73096256a8f31e491e813e4eb8e", urn: "urn", id: "id" }, "id"],
  ])("are read from %s", (_, wire, value) => {
    expect(decode(wire)).toEqual(value);
  });

  it("leave out nulls, as the engine does", () => {
    expect(decodeMap({ a: null, b: 1 })).toEqual({ b: 1 });
  });

  it("tell where secrets and unknowns are, however deep", () => {
    const deep = { a: [{ b: new Secret({ c: UNKNOWN }) }] };

    expect([hasSecret(deep), hasUnknown(deep)]).toEqual([true, true]);
    expect(unwrapMap(deep)).toEqual({ a: [{ b: { c: UNKNOWN } }] });
    expect([hasSecret({ a: 1 }), hasUnknown({ a: 1 })]).toEqual([false, false]);
  });

  it("don't go to an API while they are marked", () => {
    expect(() => toJson({ a: new Secret("x") })).toThrow("plain values only");
    expect(() => toJson({ a: UNKNOWN })).toThrow("plain values only");
  });
});

describe("redact", () => {
  it("replaces secrets, longest first, and what they say in base64", () => {
    const inner = Buffer.from("user:password").toString("base64");
    const secrets = collectSecrets({
      a: new Secret({ auth: inner }),
      b: new Secret(["password"]),
      c: "open",
    });

    expect(redact(`user:password, password, ${inner}, open`, secrets)).toBe(
      "[secret], [secret], [secret], open",
    );
  });

  it("leaves words alone that are too short to be credentials", () => {
    expect(redact("a user", ["user"])).toBe("a user");
  });
});

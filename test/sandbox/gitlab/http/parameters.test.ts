import { day, instant } from "../../../../sandbox/gitlab/http/dates";
import { integers, listOf, words, wordsOf } from "../../../../sandbox/gitlab/http/lists";
import { boolean, integer, oneOf, text } from "../../../../sandbox/gitlab/http/parameters";
import { World } from "../support/world";

const invalid = { problem: "is invalid" };

describe("boolean", () => {
  const spellings = {
    true: ["1", "on", "On", "ON", "t", "true", "True", "TRUE", "T", "y", "yes", "Yes", "YES", "Y"],
    false: [
      "0",
      "off",
      "Off",
      "OFF",
      "f",
      "false",
      "False",
      "FALSE",
      "F",
      "n",
      "no",
      "No",
      "NO",
      "N",
    ],
  };

  it.each([
    ...[...spellings.true, 1, true].map((given) => [given, true] as const),
    ...[...spellings.false, 0, false].map((given) => [given, false] as const),
    ["", undefined] as const,
  ])("reads %p as %p", (given, value) => {
    expect(boolean(given)).toEqual({ value });
  });

  it.each(["tRUE", "oN", " true", "truthy", "2", 2, 1.5, [true], {}])("refuses %p", (given) => {
    expect(boolean(given)).toEqual(invalid);
  });
});

describe("integer", () => {
  it.each<[unknown, number | undefined]>([
    ["7", 7],
    ["+7", 7],
    ["-7", -7],
    [" 7 ", 7],
    ["007", 7],
    ["1_000", 1000],
    [7, 7],
    [7.9, 7],
    ["", undefined],
  ])("reads %p as %p", (given, value) => {
    expect(integer(given)).toEqual({ value });
  });

  it.each(["7.0", "7a", "1__0", "_1", "0x7", "one", " ", true, [7], {}, 1e300])(
    "refuses %p",
    (given) => {
      expect(integer(given)).toEqual(invalid);
    },
  );
});

describe("text", () => {
  it.each([
    ["a", "a"],
    ["", ""],
    [7, "7"],
    [true, "true"],
  ])("reads %p as %p", (given, value) => {
    expect(text(given)).toEqual({ value });
  });

  it.each([[["a"]], [{}]])("refuses %p", (given) => {
    expect(text(given)).toEqual(invalid);
  });
});

describe("oneOf", () => {
  const parse = oneOf(["asc", "desc"]);

  it("takes a word as it is spelled", () => {
    expect(parse("asc")).toEqual({ value: "asc" });
    expect(["ASC", "", 1].map(parse)).toEqual(
      Array(3).fill({ problem: "does not have a valid value" }),
    );
    expect(parse(["asc"])).toEqual(invalid);
  });
});

describe("lists", () => {
  it.each<[unknown, string[]]>([
    ["a,b", ["a", "b"]],
    [" a , b ", ["a", "b"]],
    [
      ["a", "b,c"],
      ["a", "b", "c"],
    ],
    [
      ["a", null, 7],
      ["a", "7"],
    ],
    ["", []],
    [7, []],
    [{ 0: "a" }, []],
  ])("words reads %p as %p", (given, value) => {
    expect(words(given)).toEqual({ value });
  });

  it.each<[unknown, number[]]>([
    ["1,2", [1, 2]],
    [
      ["1", 2],
      [1, 2],
    ],
    ["none", [0]],
    ["", []],
    [7, []],
  ])("integers reads %p as %p", (given, value) => {
    expect(integers(given)).toEqual({ value });
  });

  it("wordsOf separates at commas, listOf does not", () => {
    const refused = { problem: "does not have a valid value" };
    expect(wordsOf(["a", "b"])("a, b")).toEqual({ value: ["a", "b"] });
    expect(wordsOf(["a", "b"])(["a", "c"])).toEqual(refused);
    expect(listOf(["a", "b"])("a")).toEqual({ value: ["a"] });
    expect(listOf(["a", "b"])(["a", "b"])).toEqual({ value: ["a", "b"] });
    expect(listOf(["a", "b"])({ 0: "b" })).toEqual({ value: ["b"] });
    expect(listOf(["a", "b"])("a,b")).toEqual(refused);
    expect(listOf(["a", "b"])(1)).toEqual(refused);
  });
});

describe("dates", () => {
  it.each([
    ["2026-01-02", "2026-01-02", "2026-01-02T00:00:00.000Z"],
    ["2026-1-2", "2026-01-02", "2026-01-02T00:00:00.000Z"],
    ["2026/01/02", "2026-01-02", "2026-01-02T00:00:00.000Z"],
    ["20260102", "2026-01-02", "2026-01-02T00:00:00.000Z"],
    ["20260102T030405Z", "2026-01-02", "2026-01-02T03:04:05.000Z"],
    ["2026-01-02T03:04:05.678901Z", "2026-01-02", "2026-01-02T03:04:05.678Z"],
    // Python's `str()` of a time, with and without a zone.
    ["2026-01-02 03:04:05.678901", "2026-01-02", "2026-01-02T03:04:05.678Z"],
    ["2026-01-02 03:04:05+02:00", "2026-01-02", "2026-01-02T01:04:05.000Z"],
    ["2026-01-02t03:04z", "2026-01-02", "2026-01-02T03:04:00.000Z"],
    ["2026-01-02T03:04:05+0200", "2026-01-02", "2026-01-02T01:04:05.000Z"],
    ["2026-01-02T03:04:05-08", "2026-01-02", "2026-01-02T11:04:05.000Z"],
    // Ruby's `to_s`.
    ["2026-01-02 03:04:05 UTC", "2026-01-02", "2026-01-02T03:04:05.000Z"],
    // A header's date, and JavaScript's `toString()`.
    ["Fri, 02 Jan 2026 03:04:05 GMT", "2026-01-02", "2026-01-02T03:04:05.000Z"],
    [
      "Fri Jan 02 2026 03:04:05 GMT+0200 (Eastern European Standard Time)",
      "2026-01-02",
      "2026-01-02T01:04:05.000Z",
    ],
    ["2 Jan 2026", "2026-01-02", "2026-01-02T00:00:00.000Z"],
    ["Jan 2, 2026", "2026-01-02", "2026-01-02T00:00:00.000Z"],
  ])("reads %p", (given, date, time) => {
    expect([day(given), instant(given)]).toEqual([{ value: date }, { value: time }]);
  });

  it("reads empty text as none", () => {
    expect([day(""), instant("")]).toEqual([{ value: undefined }, { value: undefined }]);
  });

  it.each([
    "soon",
    "2026-02-30",
    "2026-13-01",
    "2026-01-02T25:00",
    "202601",
    20260102,
    true,
    ["2026-01-02"],
    {},
  ])("refuses %p", (given) => {
    expect([day(given), instant(given)]).toEqual([invalid, invalid]);
  });
});

describe("a client in Python", () => {
  const world = new World();
  beforeAll(() => world.start());
  afterAll(() => world.stop());

  it.each([
    "/projects/web%2Fgatsby-site/deploy_tokens?active=True",
    "/projects/web%2Fgatsby-site/registry/repositories?tags=True&tags_count=True",
    "/projects?membership=True&simple=False&no_such_parameter[]=1",
    "/projects/web%2Fgatsby-site/deploy_tokens?active=",
  ])("gets an answer to %s", async (path) => {
    expect(await world.api(path, { as: "owner" })).toMatchObject({ status: 200 });
  });

  it("is told what is no boolean", async () => {
    const answer = await world.api("/projects/web%2Fgatsby-site/deploy_tokens?active=maybe", {
      as: "owner",
    });

    expect(answer).toMatchObject({ status: 400, body: { error: "active is invalid" } });
  });
});

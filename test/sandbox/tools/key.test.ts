import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { computeDebianKey } from "../../../sandbox/tools/debian";
import { computeGoKey } from "../../../sandbox/tools/goModule";
import type { GoSource } from "../../../sandbox/tools/catalogue";

const source: GoSource = { kind: "go", version: "1.0.0", packages: { a: "." }, minutes: 3 };
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-key-"));
  mkdirSync(join(folder, "replaced"));
  write("go.mod", "module a");
  write("main.go", "package main");
});

afterEach(() => rmSync(folder, { recursive: true }));

describe("computeGoKey", () => {
  it.each([
    ["go.mod", "module b"],
    ["go.sum", "a v1 h1:x"],
    ["main.go", "package other"],
    ["replaced/go.mod", "module c"],
    ["replaced/new.go", "package c"],
  ])("changes with %s", (name, content) => {
    const before = computeGoKey(folder, source);
    write(name, content);

    expect(computeGoKey(folder, source)).not.toBe(before);
  });

  it("changes with the linker's flags, and with what is built", () => {
    const keys = [
      source,
      { ...source, linkerFlags: "-X main.version=1" },
      { ...source, packages: { b: "." } },
      { ...source, aliases: ["b"] },
    ].map((one) => computeGoKey(folder, one));

    expect(new Set(keys).size).toBe(4);
  });

  it("stays with what doesn't change the programs", () => {
    const before = computeGoKey(folder, source);
    write("README.md", "# A");

    expect(computeGoKey(folder, { ...source, minutes: 5 })).toBe(before);
  });
});

describe("computeDebianKey", () => {
  it("changes with the package and with what of it is used", () => {
    const keys = [
      { kind: "debian" as const, package: "a", files: { a: "a" } },
      { kind: "debian" as const, package: "b", files: { a: "a" } },
      { kind: "debian" as const, package: "a", files: { a: "b" } },
    ].map(computeDebianKey);

    expect(new Set(keys).size).toBe(3);
  });
});

function write(name: string, content: string): void {
  writeFileSync(join(folder, name), content);
}

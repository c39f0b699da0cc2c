import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { UserError } from "../../../cli/errors";
import { findGivenBackend, isTruncated, repairFileBackend } from "../../../cli/pulumi/fileBackend";

let root: string;
let stacks: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "back end-"));
  stacks = join(root, ".pulumi", "stacks", "gatsby-site");
  mkdirSync(stacks, { recursive: true });
  writeFileSync(join(stacks, "dev.json"), "{}");
  writeFileSync(join(stacks, "dev.json.attrs"), "");
  writeFileSync(join(stacks, "prod.json"), "");
  writeFileSync(join(stacks, "prod.json.attrs"), "{}");
});

afterEach(() => rmSync(root, { recursive: true }));

describe("repairFileBackend", () => {
  it("removes attributes that were cut off, and nothing else", () => {
    expect(repairFileBackend(pathToFileURL(root).href)).toEqual([join(stacks, "dev.json.attrs")]);
    expect(readdirSync(stacks).sort()).toEqual(["dev.json", "prod.json", "prod.json.attrs"]);
  });

  it.each(["https://api.pulumi.com", "s3://state", "file:///nowhere/at/all"])(
    "leaves %s alone",
    (url) => {
      expect(repairFileBackend(url)).toEqual([]);
      expect(existsSync(join(stacks, "dev.json.attrs"))).toBe(true);
    },
  );
});

describe("isCutOff", () => {
  it.each([
    ["`pulumi stack export` failed:\n  failed to load checkpoint: EOF", true],
    ["unexpected end of JSON input", true],
    ["no stack named 'dev' found", false],
  ])("looks at %j", (message, expected) => {
    expect(isTruncated(new UserError(message))).toBe(expected);
  });
});

describe("findGivenBackend", () => {
  it.each(["https://api.pulumi.com", "s3://state?region=eu", "file:///state", "file://~/state"])(
    "takes %s from the environment",
    (url) => expect(findGivenBackend({ PULUMI_BACKEND_URL: url })).toBe(url),
  );

  it.each([undefined, "", "file://.", "file://state", "file://../state"])(
    "leaves %s to Pulumi",
    (url) => expect(findGivenBackend({ PULUMI_BACKEND_URL: url })).toBeUndefined(),
  );
});

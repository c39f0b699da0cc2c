import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { UserError } from "../../../cli/errors";
import { changeStackFile } from "../../../cli/pulumi/stackFile";

let cwd: string;
const file = () => join(cwd, "Pulumi.prod.yaml");
const read = () => readFileSync(file(), "utf8");

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "slipway-cli-"));
  writeFileSync(join(cwd, "Pulumi.yaml"), "name: gatsby-site\n");
});
afterEach(() => rmSync(cwd, { recursive: true }));

describe("changeStackFile", () => {
  it("sets and removes keys, and leaves comments, order and secrets", () => {
    writeFileSync(
      file(),
      "encryptionsalt: v1:abc\nconfig:\n  # first\n  site:a: '1'\n  site:b: old # why\n  site:s:\n    secure: v1:xyz\n  site:c: gone\n",
    );
    expect(changeStackFile(cwd, "prod", { "site:b": "new", "site:c": undefined })).toBe(true);
    expect(read()).toBe(
      "encryptionsalt: v1:abc\nconfig:\n  # first\n  site:a: '1'\n  site:b: new # why\n  site:s:\n    secure: v1:xyz\n",
    );
  });

  it("does nothing when all is as it shall be", () => {
    writeFileSync(file(), "config:\n  site:a: x\n");
    chmodSync(file(), 0o444);
    expect(changeStackFile(cwd, "prod", { "site:a": "x", "site:b": undefined })).toBe(false);
  });

  it("makes the file of a stack that has none yet", () => {
    expect(changeStackFile(cwd, "prod", { "site:release": "promote" })).toBe(true);
    expect(read()).toBe("config:\n  site:release: promote\n");
  });

  it("makes the part for configuration where a file has only a key", () => {
    writeFileSync(file(), "encryptionsalt: v1:abc\n");
    changeStackFile(cwd, "prod", { "site:release": "promote" });
    expect(read()).toBe("encryptionsalt: v1:abc\nconfig:\n  site:release: promote\n");
  });

  it("keeps text that looks like something else", () => {
    changeStackFile(cwd, "prod", { "site:a": "1", "site:b": "true" });
    expect(read()).toBe('config:\n  site:a: "1"\n  site:b: "true"\n');
  });

  it("leaves nothing behind beside it", () => {
    changeStackFile(cwd, "prod", { "site:a": "x" });
    expect(readdirSync(cwd)).toEqual(["Pulumi.prod.yaml", "Pulumi.yaml"]);
  });

  it("touches no file that it can't read", () => {
    writeFileSync(file(), "config: [unclosed\n");
    expect(() => changeStackFile(cwd, "prod", { "site:a": "x" })).toThrow(UserError);
    expect(read()).toBe("config: [unclosed\n");
  });
});

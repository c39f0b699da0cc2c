import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";

import { findPulumi } from "../../../cli/process/pulumiProgram";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "find-pulumi-"));
  mkdirSync(join(folder, "deploy"));
});

afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, text = "#!/bin/sh\n"): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  chmodSync(file, 0o755);
  return file;
}

/** npm's package, with a resolver that does what is given. */
function install(resolver: string): void {
  write("node_modules/.bin/pulumi");
  write("node_modules/pulumi/package.json", '{ "name": "pulumi", "version": "3.259.0" }');
  write("node_modules/pulumi/lib/resolve.js", `exports.resolve = async () => { ${resolver} };`);
}

const find = (...folders: string[]): string =>
  findPulumi(
    { PATH: folders.map((name) => join(folder, name)).join(delimiter) },
    join(folder, "deploy"),
  );

describe("findPulumi", () => {
  it("finds the Pulumi on PATH, although npx puts that of npm's package before it", () => {
    install('throw new Error("It must not be asked.");');
    const program = write("usr/bin/pulumi");
    expect(find("node_modules/.bin", "other", "usr/bin")).toBe(program);
  });

  it("finds the program that npm's package downloads, whatever the installer prints", () => {
    install('console.log("=== Installing Pulumi ==="); return "/home/versions/bin/pulumi";');
    expect(find("node_modules/.bin", "usr/bin")).toBe("/home/versions/bin/pulumi");
  });

  it("is not there without either", () => {
    expect(find("usr/bin")).toBe("pulumi");
  });

  it("says what to do if the download fails", () => {
    install('throw new Error("fetch failed");');
    expect(() => find("node_modules/.bin")).toThrow(
      "Pulumi is not on PATH, and npm's package `pulumi` could not download it: the reason is above. Install Pulumi (https://www.pulumi.com/docs/install/), or allow https to get.pulumi.com.",
    );
  });
});

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

import { stringify } from "yaml";

const repository = resolve(__dirname, "..", "..", "..", "..");

/** What a stack of {@link SiteProject} is configured with, without `project`, `registry` and GitLab's address. */
export type Values = Readonly<Record<string, unknown>>;

/** A site and its program, as `slipway init` writes that, in a folder of its own. */
export class SiteProject {
  /** Folder of Pulumi.yaml. */
  public readonly folder: string;

  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), "slipway-manifests-"));
    this.write("site/Dockerfile", "FROM scratch\n");
    this.write(
      "Pulumi.yaml",
      stringify({
        name: "handbook",
        runtime: { name: "nodejs" },
        config: {
          project: { value: "group/handbook" },
          registry: { value: "gitlab.example.com:5050" },
          "gitlab:baseUrl": { value: "https://gitlab.example.com/api/v4/" },
        },
      }),
    );
    this.write("package.json", '{ "name": "handbook-deploy", "private": true }\n');
    this.write(
      "index.ts",
      'import createStack = require("slipway/program");\nexport = createStack;\n',
    );
    // Stands for the installed package: its program is this checkout's.
    const program = JSON.stringify(join(repository, "index.ts"));
    this.write("node_modules/slipway/program.js", `module.exports = require(${program});\n`);
    const packages = join(repository, "node_modules", "@pulumi");
    symlinkSync(packages, join(this.folder, "node_modules", "@pulumi"));
  }

  /** Writes the file of a stack. Keys without namespace are the program's. */
  public configure(stack: string, values: Values): void {
    const config = Object.fromEntries(
      Object.entries(values).map(([key, value]) => [
        key.includes(":") ? key : `handbook:${key}`,
        value,
      ]),
    );
    this.write(`Pulumi.${stack}.yaml`, stringify({ config }));
  }

  public write(file: string, text: string): void {
    const path = join(this.folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  public remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { renderProgram } from "../../cli/init/program";
import { checkout, git } from "../../test/e2e/support/checkout";
import { registry } from "../../test/e2e/support/gitlab";
import { ensurePackage, installed } from "../../test/e2e/support/package";
import type { BenchSandbox } from "./sandbox";

const name = "installed";

/** A program as `slipway init` writes it, with the package installed, which has deployed the sample site. */
export class InstalledProgram {
  private constructor(private readonly sandbox: BenchSandbox) {}

  /** Installs the package, and deploys the site once. */
  public static async create(sandbox: BenchSandbox): Promise<InstalledProgram> {
    ensurePackage();
    const files = renderProgram({
      name,
      folder: ".",
      stacks: ["dev"],
      gitlab: { url: `https://${registry.split(":")[0]}`, path: "web/gatsby-site" },
      registry,
      imageName: name,
      context: "site",
      dockerfile: "site/Dockerfile",
      site: "site",
      dependencies: {},
      remarks: [],
    });
    mkdirSync(installed, { recursive: true });
    for (const file of ["Pulumi.yaml", "index.js", ".gitignore"]) {
      writeFileSync(join(installed, file), files[file]);
    }
    writeFileSync(join(installed, "Pulumi.dev.yaml"), "config: {}\n");
    cpSync(join(checkout, "site"), join(installed, "site"), { recursive: true });
    git(installed, "init", "--quiet");
    git(installed, "add", "--all");
    git(installed, "-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "--quiet", "-m", "a");
    const program = new InstalledProgram(sandbox);
    await program.slipway("up", "dev", "--yes");
    return program;
  }

  /** Runs `pulumi` in the program's folder. */
  public pulumi(...args: string[]): Promise<string> {
    return this.sandbox.run(["pulumi", ...args], { cwd: installed });
  }

  /** Runs the package's own `slipway` there. */
  public slipway(...args: string[]): Promise<string> {
    const command = join(installed, "node_modules", "slipway", "cli", "slipway.js");
    return this.sandbox.run(["node", command, ...args], { cwd: installed });
  }
}

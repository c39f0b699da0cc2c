import * as fs from "node:fs";
import * as path from "node:path";

import { parse } from "yaml";

import { renderValues } from "../../../cli/pulumi/updateRecord";
import { tryReadStackFile } from "../../../components/release/stackFiles";
import { createCertificate } from "../../support/certificates";
import type { FakeEngine } from "../../support/engine";
import { GitRepository } from "../../support/gitRepository";
import { leavePipeline } from "../../support/pipeline";
import { install, type Outputs } from "../../support/program";

const repository = path.resolve(__dirname, "..", "..", "..");

/** The copy in which the tests of a file run. */
let copy: string;

/** Folders of the examples, relative to examples/. */
export const examples = fs
  .readdirSync(path.join(repository, "examples"), { recursive: true, encoding: "utf8" })
  .filter((file) => path.basename(file) === "Pulumi.yaml" && !file.includes("node_modules"))
  .map((file) => path.dirname(file))
  .sort();

/** A file of an example. */
export function readExample(example: string, file: string): string {
  return fs.readFileSync(path.join(repository, "examples", example, file), "utf8");
}

/** Writes a file beside the copied examples. @returns its path */
export function writeToCopy(name: string, text: string): string {
  const file = path.join(copy, name);
  fs.writeFileSync(file, text);
  return file;
}

/** An example's only stack, and its configuration as Pulumi hands it to the program. */
export function readStack(example: string) {
  const folder = path.join(repository, "examples", example);
  const files = fs.readdirSync(folder);
  const [stack, ...others] = files.flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
  if (stack === undefined || others.length > 0) throw new Error(`${example}: not one stack`);
  const { name: project } = parse(readExample(example, "Pulumi.yaml")) as { name: string };
  const values = renderValues(tryReadStackFile(project, stack, folder) ?? {});
  return { project, stack, values };
}

/**
 * Runs the tests of a file in a copy of the examples and of the sample site, whose CA is a new one: no example is
 * changed by what it runs.
 */
export function inCopyOfExamples(): void {
  const home = process.cwd();
  const git = new GitRepository();

  beforeAll(async () => {
    copy = git.folder;
    const filter = (file: string) =>
      !["node_modules", ".cache", "public"].includes(path.basename(file));
    for (const folder of ["examples", "site"]) {
      fs.cpSync(path.join(repository, folder), path.join(copy, folder), {
        recursive: true,
        filter,
      });
    }
    const ca = await createCertificate({ commonName: "Example Root", isAuthority: true });
    const file = path.join(copy, "examples", "private-ca", "ca.pem");
    fs.writeFileSync(file, ca);
    git.commit();
    process.setMaxListeners(0);
    process.env.GITLAB_TOKEN = "glpat-of-the-person";
    delete process.env.KUBECONFIG;
    // As `eval "$(npx slipway env)"` does.
    process.env.NODE_EXTRA_CA_CERTS = process.env.SSL_CERT_FILE = file;
    leavePipeline();
  });

  afterAll(() => {
    process.chdir(home);
    git.remove();
  });
}

/** Runs an example as Pulumi would, with its own configuration and further values of its project. */
export async function runExample(
  example: string,
  further: Readonly<Record<string, string>> = {},
): Promise<{ engine: FakeEngine; outputs: Outputs }> {
  const { project, stack, values } = readStack(example);
  const own = Object.entries(further).map(([key, value]) => [`${project}:${key}`, value]);
  process.chdir(path.join(copy, "examples", example));
  const engine = await install(
    { ...values, ...(Object.fromEntries(own) as object) },
    { project, stack },
  );
  const file = path.join(repository, "examples", example);
  const program = jest.requireActual<Outputs | (() => Promise<Outputs>)>(file);
  const outputs = typeof program === "function" ? await program() : program;
  await engine.settle();
  return { engine, outputs };
}

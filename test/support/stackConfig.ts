import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import type { Problem } from "../../components/problem";
import { checkConfig } from "../../config/problems";
import { createCertificate } from "./certificates";

/** A digest in the form of an image's. */
export const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

/** The smallest environment: a token. */
export const env = { GITLAB_TOKEN: "glpat-1" };

/** Full name of the configured stack. */
export const stackName = "organization/gatsby-site/dev";

/** Runs the tests of a file in a folder with the certificates `ca.pem` and `server.pem`. */
export function inFolderWithCertificates(): void {
  const home = process.cwd();
  let folder: string;

  beforeAll(async () => {
    // Paths in the configuration are relative to the program.
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "slipway-config-"));
    const authority = { commonName: "Example Root", isAuthority: true };
    const server = { commonName: "other.example.com", hosts: ["other.example.com"] };
    fs.writeFileSync(path.join(folder, "ca.pem"), await createCertificate(authority));
    fs.writeFileSync(path.join(folder, "server.pem"), await createCertificate(server));
    process.chdir(folder);
  });

  afterAll(() => {
    process.chdir(home);
    fs.rmSync(folder, { recursive: true });
  });
}

/** Finds the problems of these values, in an otherwise valid configuration. */
export function findProblems(
  given: Record<string, string>,
  secrets: string[] = [],
  environment: NodeJS.ProcessEnv = env,
): readonly Problem[] {
  const own = Object.entries({ project: "web/site", ...given });
  const values = Object.fromEntries(
    own.map(([key, value]) => [key.includes(":") ? key : `gatsby-site:${key}`, value]),
  );
  return checkStack({ values, secrets }, environment);
}

/** Finds the problems of a whole configuration. */
export function checkStack(
  stack: {
    readonly project?: string;
    readonly name?: string;
    readonly values: Record<string, string>;
    readonly secrets?: readonly string[];
  },
  environment: NodeJS.ProcessEnv = env,
): readonly Problem[] {
  const configured = { project: "gatsby-site", name: stackName, secrets: [], ...stack };
  const checked = checkConfig(configured, environment);
  return "problems" in checked ? checked.problems : [];
}

/** Creates a list with one problem. */
export function problem(text: string, command: string): Problem[] {
  return [{ text, command }];
}

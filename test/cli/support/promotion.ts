import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { promote } from "../../../cli/commands/promote";
import type { FakeIo, FakeStack } from "../../support/cli";

const repository = "registry.gitlab.com/web/site";

/** Digests of the release that production runs, and of the one that staging runs. */
export const [a, b] = ["a", "b"].map((digit) => `sha256:${digit.repeat(64)}`);

export const release = (digest: string, more: object = {}) => ({
  image: `${repository}@${digest}`,
  digest,
  ...more,
});

export const config = {
  project: "web/site",
  tier: "production",
  release: "promote",
  promoteFrom: "staging",
};

export const staging: FakeStack = {
  outputs: release(b, { tier: "staging", commit: "bbbbbbbb", version: "v1.1.0" }),
};

export const prod: FakeStack = {
  outputs: release(a, { commit: "aaaaaaaa", version: "v1.0.0" }),
  config,
};

/** The file of stack `prod`. */
export const configured = `config:
  gatsby-site:tier: production # for everybody
  gatsby-site:release: promote
  gatsby-site:promoteFrom: staging
`;

/** A folder of a program, new for each test. */
export const folder = {
  path: "",
  create: (): void => {
    folder.path = mkdtempSync(join(tmpdir(), "slipway-cli-"));
    writeFileSync(join(folder.path, "Pulumi.yaml"), "name: gatsby-site\n");
    writeFileSync(join(folder.path, "Pulumi.prod.yaml"), configured);
  },
  remove: (): void => {
    rmSync(folder.path, { recursive: true });
  },
  readStackFile: (): string => readFileSync(join(folder.path, "Pulumi.prod.yaml"), "utf8"),
};

export const run = (io: FakeIo, options: { from?: string; to?: string; yes?: boolean } = {}) =>
  promote({ cwd: folder.path, from: "staging", to: "prod", yes: false, ...options }, io);

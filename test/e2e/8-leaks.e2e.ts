import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { checkout, inSandbox } from "./support/checkout";
import { findInBlobs, listBlobs } from "./support/blobs";
import { findSecrets } from "./support/secrets";

const minuteMs = 60_000;
const sandbox = join(checkout, ".sandbox", "test");
const storage = join(sandbox, "registry", "storage");

/** A line of a private key that is its own: the first one is the same in keys of one kind. */
function readKey(file: string): string {
  const lines = readFileSync(file, "utf8").split("\n");
  return lines[lines.findIndex((line) => line.includes("PRIVATE KEY")) + 2];
}

describe("what the tests pushed to the registry, images and caches", () => {
  it(
    "contains no token, no passphrase, no key and no kubeconfig",
    async () => {
      const state = await inSandbox("pulumi stack export --show-secrets --stack dev");
      const tokens = findSecrets(state).map((token, index) => [`deploy token ${index}`, token]);
      const keys = globSync("pki/**/*.key", { cwd: sandbox });
      const kubeconfig = await inSandbox('cat "$KUBECONFIG"');
      const secrets = Object.fromEntries([
        ...tokens,
        ["GITLAB_TOKEN", (await inSandbox('printf %s "$GITLAB_TOKEN"')).trim()],
        ["passphrase", (await inSandbox('cat "$PULUMI_CONFIG_PASSPHRASE_FILE"')).trim()],
        // A path, so that no other kubeconfig has it.
        ["kubeconfig", /client-key: (\S+)/.exec(kubeconfig)?.[1] ?? ""],
        ...keys.map((file) => [file, readKey(join(sandbox, file))]),
      ]) as Record<string, string>;

      expect(tokens.length).toBeGreaterThanOrEqual(2);
      expect(keys.length).toBeGreaterThan(0);
      expect(Object.values(secrets)).not.toContain("");
      expect(listBlobs(storage).length).toBeGreaterThan(10);
      expect(await findInBlobs(storage, secrets)).toEqual([]);
    },
    5 * minuteMs,
  );

  it(
    "is searched as it is unpacked: a line of the site's nginx configuration is found",
    async () => {
      const found = await findInBlobs(storage, { line: "if_modified_since off;" });
      expect(found.join("\n")).toMatch(/^line, plain: /m);
    },
    2 * minuteMs,
  );
});

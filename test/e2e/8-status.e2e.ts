import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { Overview } from "../../cli/status/overview";
import { checkout, inSandbox } from "./support/checkout";
import { project } from "./support/gitlab";
import { findSecrets, listOccurrences } from "./support/secrets";

const minuteMs = 60_000;
const page = join(checkout, ".sandbox", "status.html");

const outputOf = async (name: string): Promise<string> =>
  (await inSandbox(`pulumi stack output ${name} --stack dev`)).trim();

async function readDev(variables = ""): Promise<Overview["stacks"][number]> {
  const printed = await inSandbox(`${variables} npx slipway status dev --json 2>/dev/null`);
  return (JSON.parse(printed) as Overview).stacks[0];
}

describe("slipway status", () => {
  it(
    "shows what runs, as the cluster, the registry and git have it",
    async () => {
      const [digest, commit, url] = await Promise.all(["digest", "commit", "url"].map(outputOf));
      const { pods, registry, release, ...dev } = await readDev();
      expect(dev).toMatchObject({
        stack: "dev",
        tier: "development",
        url,
        drift: [],
        problems: [],
      });
      expect(release).toMatchObject({ digest, commit });
      expect(release?.subject).not.toBeNull();
      expect(pods).toEqual({ ready: 1, wanted: 1, digests: [{ digest, pods: 1 }], waiting: [] });
      expect(registry?.tags).toContain("env-dev");
      expect(registry?.page).toMatch(
        new RegExp(`^https://gitlab\\.thelinuxlabs\\.com/${project}/container_registry/\\d+$`),
      );
      expect(dev.tokens.map(({ role }) => role)).toEqual(["pull", "push"]);
    },
    2 * minuteMs,
  );

  it(
    "prints no escape sequence into a pipe, in 80 columns, and no secret into text, JSON or page",
    async () => {
      const text = await inSandbox(
        `npx slipway status dev 2>/dev/null; npx slipway status dev --json --html ${page} 2>/dev/null`,
      );
      expect(text).toContain("\nstack  release ");
      expect(text).not.toContain("\u001B");
      const lines = text.slice(0, text.indexOf("\n{")).split("\n");
      expect(lines.filter((line) => line.length > 80 && !line.includes("https://"))).toEqual([]);

      const secrets = [
        ...findSecrets(await inSandbox("pulumi stack export --show-secrets --stack dev")),
        (await inSandbox('printf %s "$GITLAB_TOKEN"')).trim(),
      ];
      expect(secrets.length).toBeGreaterThan(3);
      expect(listOccurrences(text + readFileSync(page, "utf8"), secrets)).toEqual([]);
    },
    2 * minuteMs,
  );

  it(
    "shows the release although neither the cluster nor GitLab answers",
    async () => {
      // An address for documentation, where nothing listens.
      const cluster =
        'f=$(mktemp); kubectl config view --raw >"$f"; KUBECONFIG=$f kubectl config set clusters."$(kubectl config view --minify --output jsonpath={.clusters[0].name})".server https://192.0.2.1:6443 >/dev/null;';
      const { drift, pods, problems, release } = await readDev(
        `${cluster} KUBECONFIG=$f GITLAB_TOKEN=glpat-wrong`,
      );
      expect(release?.digest).toBe(await outputOf("digest"));
      expect([pods, drift]).toEqual([null, []]);
      expect(problems.map(({ part }) => part)).toEqual(["cluster", "GitLab", "registry"]);
      expect(problems[0].reason).toContain("192.0.2.1:6443");
      expect(problems[1].reason).toContain("status code 401");
    },
    2 * minuteMs,
  );
});

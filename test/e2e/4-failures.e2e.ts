import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { parse, stringify } from "yaml";

import { checkout, inSandbox, shell } from "./support/checkout";
import { listTags } from "./support/registry";

const minuteMs = 60_000;
const stack = "broken";
const noImage = `sha256:${"0".repeat(64)}`;

/** Also of a run that was killed. */
const removeStack = `kubectl delete namespace gatsby-site-${stack} --ignore-not-found; pulumi cancel --stack ${stack} --yes >/dev/null 2>&1; pulumi stack rm --stack ${stack} --yes --force --preserve-config`;

/** Writes Pulumi.broken.yaml: as the dev stack's, with other values. */
async function configure(values: Record<string, unknown>): Promise<void> {
  const dev = parse(await inSandbox("cat Pulumi.dev.yaml")) as { config: Record<string, unknown> };
  const changed = Object.fromEntries(
    Object.entries(values).map(([key, value]) => [`gatsby-site:${key}`, value]),
  );
  writeFileSync(
    join(checkout, `Pulumi.${stack}.yaml`),
    stringify({ config: { ...dev.config, ...changed } }),
  );
}

/** Digest of what the dev stack runs. */
const readGood = async (): Promise<string> =>
  (await inSandbox("pulumi stack output digest --stack dev")).trim();

/** Status of the stack's home page. */
async function fetchHome(): Promise<number> {
  const url = (await inSandbox(`pulumi stack output url --stack ${stack}`)).trim();
  return (await fetch(url)).status;
}

const ending = "The pods can never become ready like this. Ending the wait.";

describe("a first deployment", () => {
  beforeAll(async () => {
    // Initialised elsewhere, as `make up` does: the salt must not get into the file.
    await inSandbox(`if pulumi stack ls | grep -q ${stack}; then ${removeStack}; fi`);
    await inSandbox(
      `folder=$(mktemp -d) && cp Pulumi.yaml $folder && cd $folder && pulumi stack init organization/gatsby-site/${stack} --no-select`,
    );
  }, minuteMs);

  afterAll(async () => {
    await inSandbox(
      `pulumi destroy --stack ${stack} --yes --skip-preview; ${removeStack}; pulumi stack select dev`,
    );
  }, 5 * minuteMs);

  it(
    "with a wrong configuration creates nothing and says all that is wrong",
    async () => {
      await configure({
        registry: "https://host:5050/",
        replicas: -1,
        digest: "latest",
        replicaz: 3,
        project: "",
      });
      const { output, code } = await shell(
        `eval "$(make -s env)"; pulumi up --stack ${stack} --yes --skip-preview`,
      );
      expect(code).not.toBe(0);
      for (const key of ["registry", "replicas", "digest", "replicaz", "project"]) {
        expect(output).toContain(`\`${key}\``);
      }
      expect(output).not.toMatch(/\n\s+at .+\.ts:\d+/);
      expect(output).not.toMatch(/DeployToken\s+\S+\s+(creating|created)/);
    },
    2 * minuteMs,
  );

  it(
    "of an image that doesn't exist is refused before any pod asks for it",
    async () => {
      await configure({ digest: noImage });
      const { output, code } = await shell(
        `eval "$(make -s env)"; pulumi up --stack ${stack} --yes --skip-preview`,
      );
      expect(code).not.toBe(0);
      expect(output).toContain(
        `error: \`digest\` is ${noImage}, which \`gitlab.thelinuxlabs.com:5050/web/gatsby-site\` does not have: nothing was changed.`,
      );
      expect(output).not.toMatch(/Deployment\s+\S+\s+(creating|created)/);
    },
    2 * minuteMs,
  );

  it(
    "of an image that can't be pulled fails within two minutes, with the pod's own reason",
    async () => {
      // The build's cache is in the registry, but is nothing that can run.
      const { cache } = await listTags();
      const values = { imageName: "cache", digest: cache, tags: "none" };
      await configure({ ...values, progressDeadlineSeconds: 60 });
      const started = Date.now();
      const { output, code } = await shell(
        `eval "$(make -s env)"; pulumi up --stack ${stack} --yes --skip-preview`,
      );
      expect(Date.now() - started).toBeLessThan(2 * minuteMs);
      expect(code).not.toBe(0);
      expect(output).toMatch(/ErrImagePull|ImagePullBackOff/);
      expect(output).toContain(cache);
    },
    3 * minuteMs,
  );

  it(
    "recovers with the next good image",
    async () => {
      await configure({ digest: await readGood() });
      await inSandbox(`pulumi up --stack ${stack} --yes --skip-preview`);
      expect(await fetchHome()).toBe(200);
    },
    3 * minuteMs,
  );

  it(
    "is followed by a release that crashes: the wait ends at the third restart, and the old version serves on",
    async () => {
      const file = join(checkout, "site", "nginx.conf");
      const config = readFileSync(file, "utf8");
      writeFileSync(file, config.replace("listen 8080 default_server;", "listen 8080 defalt;"));
      await configure({ tags: "none" });
      const { output, code } = await shell(
        `eval "$(make -s env)"; npx slipway up ${stack} --yes`,
      ).finally(() => writeFileSync(file, config));

      expect(code).toBe(1);
      expect(output).toContain(ending);
      expect(output).toContain('invalid parameter "defalt" in /etc/nginx/nginx.conf');
      // After five minutes Kubernetes would have said this.
      expect(output).not.toContain("ProgressDeadlineExceeded");
      expect(await fetchHome()).toBe(200);
    },
    8 * minuteMs,
  );

  it(
    "is followed by pods that the cluster refuses: the wait ends at once, and the old version serves on",
    async () => {
      const limits = {
        apiVersion: "v1",
        kind: "LimitRange",
        metadata: { name: "tiny", namespace: `gatsby-site-${stack}` },
        spec: { limits: [{ type: "Container", max: { memory: "1Mi" } }] },
      };
      const limitFile = join(checkout, ".sandbox", "limits.yaml");
      writeFileSync(limitFile, stringify(limits));
      await inSandbox(`kubectl apply --filename ${limitFile}`);
      await configure({ digest: await readGood(), publicConfig: { notice: "refused" } });
      const { output, code } = await shell(`eval "$(make -s env)"; npx slipway up ${stack} --yes`);

      expect(code).toBe(1);
      expect(output).toContain(ending);
      expect(output).toContain("The cluster refuses to create the pods.");
      expect(output).not.toContain("ProgressDeadlineExceeded");
      expect(await fetchHome()).toBe(200);

      await inSandbox(`kubectl delete --filename ${limitFile}`);
      await inSandbox(`npx slipway up ${stack} --yes`);
      expect(await fetchHome()).toBe(200);
    },
    8 * minuteMs,
  );
});

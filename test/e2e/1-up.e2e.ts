import { checkout, createCheckout, git, inSandbox, shell, type Ended } from "./support/checkout";
import { findSecrets, listOccurrences } from "./support/secrets";

const minuteMs = 60_000;

describe("make up", () => {
  let first: Ended;
  let url: string;

  beforeAll(async () => {
    createCheckout();
    first = await shell("make up");
    url = /^site: (\S+)$/m.exec(first.output)?.[1] ?? "";
  }, 55 * minuteMs);

  it("ends with the site's URL", () => {
    expect(first.output.trimEnd().split("\n").at(-1)).toMatch(/^site: http:\/\/10\.213\.\d+\.\d+$/);
    expect(first.code).toBe(0);
  });

  it("says which plugins it uses", () => {
    expect(first.output).toMatch(/kubernetes.*(PATH|installed|stand-in)/);
    expect(first.output).toMatch(/gitlab.*(PATH|installed|stand-in)/);
  });

  it("serves the pages of the Gatsby site", async () => {
    const home = await fetch(url);
    expect(home.status).toBe(200);
    expect(await home.text()).toContain('id="___gatsby"');
    expect((await fetch(`${url}/about/`)).status).toBe(200);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  it("answers a path that isn't there with Gatsby's own page", async () => {
    const missing = await fetch(`${url}/no-such-page/`);
    expect(missing.status).toBe(404);
    expect(await missing.text()).toContain('id="___gatsby"');
  });

  it("leaves git's working tree clean", () => {
    expect(git(checkout, "status", "--porcelain")).toBe("");
  });

  it(
    "changes nothing when it is run again",
    async () => {
      const again = await shell("make up");
      expect(again.code).toBe(0);
      expect(again.output).toMatch(/\d+ unchanged/);
      expect(again.output).not.toMatch(/[+~-]+ \d+ (created|updated|deleted|replaced)/);
      expect(again.output.trimEnd().split("\n").at(-1)).toBe(`site: ${url}`);
      await inSandbox("pulumi preview --expect-no-changes");
      expect(git(checkout, "status", "--porcelain")).toBe("");
    },
    3 * minuteMs,
  );

  it("runs the image by digest, with the pull secret", async () => {
    const pods = await inSandbox(
      `kubectl get pods --all-namespaces --selector app=gatsby-site --output json`,
    );
    const { items } = JSON.parse(pods) as {
      items: {
        spec: { containers: { image: string }[]; imagePullSecrets: { name: string }[] };
      }[];
    };
    expect(items.length).toBeGreaterThan(0);
    for (const { spec } of items) {
      expect(spec.containers[0]?.image).toMatch(
        /^gitlab\.thelinuxlabs\.com:5050\/web\/gatsby-site(:[^@]+)?@sha256:[0-9a-f]{64}$/,
      );
      expect(spec.imagePullSecrets).toEqual([{ name: "gitlab-registry" }]);
    }
  });

  it(
    "keeps every secret out of the state, the outputs and what it prints",
    async () => {
      const secrets = findSecrets(await inSandbox("pulumi stack export --show-secrets"));
      const token = (await inSandbox('printf %s "$GITLAB_TOKEN"')).trim();
      expect(secrets.length).toBeGreaterThanOrEqual(2);

      const texts = {
        state: await inSandbox("pulumi stack export"),
        outputs: await inSandbox("pulumi stack output --json"),
        "make up": first.output,
        "GitLab's log": await inSandbox(`cat ${checkout}/.sandbox/test/log/gitlab.log`),
        "the registry's log": await inSandbox(`cat ${checkout}/.sandbox/test/log/registry.log`),
        environment: (await shell("make -s env")).output,
      };
      for (const [name, text] of Object.entries(texts)) {
        expect({ name, found: listOccurrences(text, [...secrets, token]) }).toEqual({
          name,
          found: [],
        });
      }
    },
    2 * minuteMs,
  );
});

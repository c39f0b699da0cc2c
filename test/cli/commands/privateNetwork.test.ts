import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tls from "node:tls";

import { cleanup } from "../../../cli/commands/cleanup";
import { previewReport } from "../../../cli/commands/previewReport";
import { rollback } from "../../../cli/commands/rollback";
import { tokens } from "../../../cli/commands/tokens";
import { up } from "../../../cli/commands/up";
import { createRegistryClient } from "../../../components/registry/registryCheck";
import { tokenOf, World } from "../../sandbox/gitlab/support/world";
import { FakeIo } from "../../support/cli";
import { type Handler, passOn, PrivateNetwork } from "../../support/privateNetwork";
import { readRecorded } from "../report/support/previews";

const digest = `sha256:${"d".repeat(64)}`;
const repository = "registry.test:5050/web/gatsby-site";
const tokenName = "slipway/gatsby-site/dev/push";
const network = new PrivateNetwork();
const world = new World();
let cwd: string;
let io: FakeIo;
let iid: string;

/** What the proxy sees of a login to the registry. */
const both = new Set(["CONNECT registry.test:5050", "CONNECT gitlab.test:443"]);

/** A registry that has one version, and leaves logins to GitLab. */
const answerAsRegistry: Handler = ({ headers, url }, response) => {
  const realm = 'Bearer realm="https://gitlab.test/jwt/auth",service="container_registry"';
  if (headers.authorization?.startsWith("Bearer ") !== true) {
    response.writeHead(401, { "www-authenticate": realm }).end();
  } else if (url === "/v2/web/gatsby-site/manifests/v1.2.3") {
    response.writeHead(200, { "docker-content-digest": digest }).end();
  } else {
    response.writeHead(404).end();
  }
};

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), "slipway-cli-"));
  writeFileSync(join(cwd, "Pulumi.yaml"), "name: gatsby-site\n");
  await Promise.all([network.start(), world.start()]);
  await network.addHost("gitlab.test:443", (incoming, response) =>
    passOn(incoming, response, `${world.address}${incoming.url}`),
  );
  await network.addHost("registry.test:5050", answerAsRegistry);
  writeFileSync(join(cwd, "ca.pem"), network.ca);
  writeFileSync(join(cwd, "dev.json"), readRecorded("edit").json);
  const json = { source_branch: "change", target_branch: "main", title: "Change" };
  const path = "/projects/web%2Fgatsby-site/merge_requests";
  const { body } = await world.api(path, { method: "POST", as: "developer", json });
  iid = String((body as { iid: number }).iid);
});

afterAll(async () => {
  await Promise.all([network.stop(), world.stop()]);
  rmSync(cwd, { recursive: true });
});

/** Ways to trust a private CA: configuration by its keys, environment, or what Node was started with. */
const trust: Record<string, { config?: object; env?: () => object; isNodes?: true }> = {
  "`caCertificate`": { config: { caCertificate: "ca.pem" } },
  "`gitlab:cacertFile`": { config: { "gitlab:cacertFile": "ca.pem" } },
  "a job's variable": { env: () => ({ SLIPWAY_CA_CERTIFICATE: network.ca }) },
  "a job's variable of type File": {
    env: () => ({ SLIPWAY_CA_CERTIFICATE: network.caFile, CI_SERVER_TLS_CA_FILE: "/none" }),
  },
  "the runner's file": { env: () => ({ CI_SERVER_TLS_CA_FILE: network.caFile }) },
  "`NODE_EXTRA_CA_CERTS`": { isNodes: true },
};
const inJobs = Object.keys(trust).slice(2);

/** Runs in the network, with the CA trusted in one of the ways, and without any other. */
async function runWith(way: string, run: () => Promise<unknown>): Promise<void> {
  const { config = {}, env = () => ({}), isNodes } = trust[way] ?? {};
  const outputs = { image: `${repository}@${digest}`, digest, commit: "a", version: "v1.2.0" };
  const values = { project: "web/gatsby-site", "gitlab:baseUrl": "https://gitlab.test", ...config };
  io = new FakeIo({ dev: { config: values, outputs } });
  io.env = {
    GITLAB_TOKEN: tokenOf("maintainer"),
    HTTPS_PROXY: network.proxy,
    ...env(),
  };
  network.seen.length = 0;
  const before = tls.getCACertificates("default");
  if (isNodes) tls.setDefaultCACertificates([...before, network.ca]);
  try {
    await run();
  } finally {
    tls.setDefaultCACertificates(before);
  }
}

describe.each(Object.keys(trust))("behind a proxy, with a CA trusted by %s", (way) => {
  it("`tokens` reaches GitLab", async () => {
    await runWith(way, () => tokens({ cwd, prune: false, yes: false }, io));
    expect(io.printed[0]).toMatch(/^id /);
    expect(network.seen).toEqual(["CONNECT gitlab.test:443"]);
  });

  it("`cleanup` reaches GitLab", async () => {
    const options = { apply: false, yes: false, replacePolicy: false, include: [], without: [] };
    await runWith(way, () => cleanup({ cwd, ...options }, io));
    expect(io.printed[0]).toMatch(/^Cleanup policy of web\/gatsby-site:/);
  });

  it("`up` reaches GitLab after the update", async () => {
    const args = { name: tokenName, scopes: ["read_registry"] };
    const { id } = await world.createDeployToken("projects/web%2Fgatsby-site", args);
    await runWith(way, () => up({ cwd, yes: true }, io));
    expect(io.printed.join("\n")).not.toContain("Request failed");
    expect(network.seen).toContain("CONNECT gitlab.test:443");
    await world.api(`/projects/web%2Fgatsby-site/deploy_tokens/${id}`, {
      method: "DELETE",
      as: "admin",
    });
  });

  it("`rollback --to` reaches the registry, and GitLab for its login", async () => {
    await runWith(way, () => rollback({ cwd, stack: "dev", to: "v1.2.3", yes: true }, io));
    expect(io.printed[0]).toContain("  version v1.2.0 -> v1.2.3\n");
    expect(new Set(network.seen)).toEqual(both);
  });
});

describe.each(inJobs)("in a job behind a proxy, with a CA trusted by %s", (way) => {
  it("`preview-report --note` reaches GitLab", async () => {
    await runWith(way, () => {
      Object.assign(io.env, {
        CI_API_V4_URL: "https://gitlab.test/api/v4",
        CI_MERGE_REQUEST_PROJECT_ID: "1",
        CI_MERGE_REQUEST_IID: iid,
        CI_PIPELINE_ID: "1",
        SLIPWAY_NOTE_TOKEN: tokenOf("reporter"),
      });
      const wait = () => Promise.resolve();
      return previewReport({ cwd, files: ["dev.json"], note: true, wait }, io);
    });
    expect(io.printed.at(-1)).toMatch(/^Note in merge request !1: (created|unchanged)\.$/);
  });
});

describe("the program behind a proxy", () => {
  it("reads the registry, with the CA that Node trusts", async () => {
    const login = { username: "slipway", password: tokenOf("maintainer") };
    process.env.HTTPS_PROXY = network.proxy;
    try {
      await runWith("`NODE_EXTRA_CA_CERTS`", async () => {
        const client = await createRegistryClient({ repository, ...login });
        expect(await client.findDigest("v1.2.3")).toBe(digest);
        expect(await client.findDigest("v9.9.9")).toBeUndefined();
      });
    } finally {
      delete process.env.HTTPS_PROXY;
    }
    expect(new Set(network.seen)).toEqual(both);
  });
});

describe("a CA that can't be read", () => {
  it.each([
    ["caCertificate", "but that file does not exist.\nSet it"],
    ["gitlab:cacertFile", "a file that can't be read. Set it"],
  ])("is the user's to fix: `%s`", async (key, what) => {
    trust.missing = { config: { [key]: "gone.pem" } };
    await expect(
      runWith("missing", () => tokens({ cwd, prune: false, yes: false }, io)),
    ).rejects.toMatchObject({
      name: "UserError",
      message: `\`${key}\` is "gone.pem", ${what} to the CA that signed GitLab's certificate: pulumi config set ${key} <file>`,
    });
  });
});

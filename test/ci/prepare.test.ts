import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { ScriptWorld } from "./support/script";

let world: ScriptWorld;

beforeEach(() => {
  world = new ScriptWorld();
});

afterEach(() => world.remove());

const certificate = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";

describe("prepare.sh", () => {
  it.each([
    ["content", () => certificate],
    ["a file, as GitLab's type File", () => world.write("variable", `${certificate}\n`)],
  ])("trusts a CA that is given as %s", async (_kind, value) => {
    const { code, output } = await world.prepare(
      'cat "$NODE_EXTRA_CA_CERTS"; echo "$GIT_SSL_CAINFO"; tail -3 "$SSL_CERT_FILE"',
      { CI_PROJECT_DIR: `${world.folder}/site`, SLIPWAY_CA_CERTIFICATE: value() },
    );
    expect(code).toBe(0);
    expect(output).toBe(
      `${certificate}\n${world.folder}/site.tmp/slipway/bundle.pem\n${certificate}\n`,
    );
  });

  it("gives a proxy to programs of either spelling, and keeps the job's services out of it", async () => {
    const print =
      'for name in http_proxy HTTP_PROXY https_proxy HTTPS_PROXY no_proxy NO_PROXY; do echo "$name=$(printenv $name)"; done';
    const { output } = await world.prepare(print, {
      https_proxy: "http://proxy.example.com:3128",
      NO_PROXY: "10.0.0.0/8",
    });
    expect(output).toBe(`http_proxy=
HTTP_PROXY=
https_proxy=http://proxy.example.com:3128
HTTPS_PROXY=http://proxy.example.com:3128
no_proxy=localhost,127.0.0.1,::1,buildkit,docker,10.0.0.0/8
NO_PROXY=localhost,127.0.0.1,::1,buildkit,docker,10.0.0.0/8
`);
  });

  it("leaves a job without a proxy as it is", async () => {
    const { output } = await world.prepare('echo "${NO_PROXY-unset} ${HTTPS_PROXY-unset}"');
    expect(output).toBe("unset unset\n");
  });

  it("installs the lock file without scripts, and without workspaces if a job says so", async () => {
    world.stub("npm");
    world.write("package-lock.json", "{}");
    const { calls } = await world.prepare("slipway_install; slipway_install --workspaces=false");
    expect(calls).toEqual([
      "npm ci --ignore-scripts --no-audit --no-fund --prefer-offline",
      "npm ci --ignore-scripts --no-audit --no-fund --prefer-offline --workspaces=false",
    ]);
  });

  it("installs without a lock file too, and says what that means", async () => {
    world.stub("npm");
    const { calls, output } = await world.prepare("slipway_install");
    expect(calls).toEqual([
      "npm install --no-package-lock --ignore-scripts --no-audit --no-fund --prefer-offline",
    ]);
    expect(output).toBe(
      `There is no package-lock.json in ${world.folder}, so that each job may install other versions. Run \`npm install\` there and commit the lock file.\n`,
    );
  });

  it.each([
    ["content", () => "kind: Config"],
    ["a file, as GitLab's type File", () => world.write("variable", "kind: Config\n")],
  ])("keeps a kubeconfig outside of the project's folder, given as %s", async (_kind, value) => {
    const project = `${world.folder}/site`;
    const prepared = await world.prepare(
      `. ${join(__dirname, "../../ci/prepare.sh")}; echo "$KUBECONFIG"; cat "$KUBECONFIG"; stat --format %a "$KUBECONFIG"; find "$CI_PROJECT_DIR"`,
      { CI_PROJECT_DIR: project, SLIPWAY_KUBECONFIG: value(), ...(mkdirSync(project), {}) },
    );
    expect(prepared.output).toBe(
      `${project}.tmp/slipway/kubeconfig\nkind: Config\n600\n${project}\n`,
    );
  });

  it("takes the cache, with Pulumi's plugins, out of the project's folder", async () => {
    mkdirSync(join(world.folder, ".slipway-cache", "plugins"), { recursive: true });
    world.write(".slipway-cache/plugins/x", "");
    const home = `${world.folder}.tmp/slipway`;
    const { output } = await world.prepare(
      'ls "$PULUMI_HOME/plugins"; echo "{}" >"$PULUMI_HOME/credentials.json"; ls "$slipway_cache"; ls -A',
      { PULUMI_HOME: `${home}/pulumi` },
    );
    expect(output).toBe("x\nplugins\ncalls\n");
  });
});

import { ScriptWorld } from "./support/script";

const digest = `sha256:${"a".repeat(64)}`;
const image = `gitlab.example.com:5050/web/site@${digest}`;
let world: ScriptWorld;

beforeEach(() => {
  world = new ScriptWorld();
  world.stub(
    "pulumi",
    `case "$3" in url) echo https://www.example.com ;; image) echo ${image} ;; esac`,
  );
});

afterEach(() => world.remove());

/** What `slipway up` prints, and how it ends. */
const stubUp = (output: string, code = 0): void =>
  world.stub(
    "npx",
    `case "$2" in
      redact) exec cat ;;
      doctor) echo "doctor of $3"; exit 18 ;;
      up) echo "agreed to: \${SLIPWAY_AGREED_DIGEST-nothing}"; echo '${output}'; exit ${code} ;;
    esac`,
  );

const withPreview = async (container: object) => {
  const spec = { template: { spec: { containers: [container] } } };
  const deployment = {
    urn: "urn:pulumi:prod::site::slipway:index:GatsbySite$kubernetes:apps/v1:Deployment::site",
    newState: { inputs: { spec } },
  };
  const steps = [{ urn: "urn:pulumi:prod::site::pulumi:pulumi:Stack::site-prod" }, deployment];
  await world.bash("mkdir previews");
  world.write("previews/prod.json", JSON.stringify({ steps }));
};

describe("deploy.sh", () => {
  it("updates a stack, and writes what GitLab shows", async () => {
    stubUp("updated");
    const { calls, code, output } = await world.run("deploy.sh dev");
    expect(code).toBe(0);
    expect(calls).toContain("npx slipway up dev --yes -- --skip-preview --non-interactive");
    expect(output).toContain("agreed to: nothing\nupdated\n");
    expect(world.read("deploy.env")).toBe(
      `SITE_URL=https://www.example.com\nSITE_IMAGE=${image}\nCS_IMAGE=${image}\n`,
    );
  });

  it("folds the update in GitLab's log, and what is wrong, and ends as the update does", async () => {
    const fold = (name: string, title: string, text: string) =>
      `\u001B[0Ksection_start:0:${name}\r\u001B[0K${title}\n${text}\n\u001B[0Ksection_end:0:${name}\r\u001B[0K\n`;
    const run = async () =>
      (await world.run("deploy.sh dev", { GITLAB_CI: "true" })).output.replace(
        /(section_\w+):\d+/g,
        "$1:0",
      );
    stubUp("updated");
    expect(await run()).toContain(fold("update", "Update of dev", "agreed to: nothing\nupdated"));
    stubUp("no pod is ready", 1);
    expect(await run()).toContain(
      fold("doctor", "What is wrong, from the registry to the pods", "doctor of dev"),
    );
    expect((await world.run("deploy.sh dev", { GITLAB_CI: "true" })).code).toBe(1);
  });

  it("stops at what a policy pack refuses", async () => {
    stubUp("updated");
    const { calls } = await world.run("deploy.sh dev", { SLIPWAY_POLICY_PACK: "policy" });
    expect(calls).toContain(
      "npx slipway up dev --yes -- --skip-preview --non-interactive --policy-pack policy",
    );
  });

  it("deploys with a plan only the digest that the plan's job showed", async () => {
    await withPreview({ image });
    stubUp("updated");
    const { calls, output } = await world.run("deploy.sh prod plan.json");
    expect(calls).toContain(
      "npx slipway up prod --yes -- --skip-preview --non-interactive --plan plan.json",
    );
    expect(output).toContain(`agreed to: ${digest}\n`);
  });

  it("leaves the digest to the plan if the update has to build it", async () => {
    await withPreview({ image: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" });
    stubUp("updated");
    expect((await world.run("deploy.sh prod plan.json")).output).toContain("agreed to: \n");
  });

  it.each([
    "error: resource violates plan: properties changed: ~~image",
    "`staging` runs sha256:b by now, but sha256:a was agreed to (`SLIPWAY_AGREED_DIGEST`).",
  ])("says what to do if the update is not the planned one: %s", async (message) => {
    await withPreview({ image });
    stubUp(message, 1);
    const { code, output } = await world.run("deploy.sh prod plan.json");
    expect(code).toBe(1);
    expect(output).toContain(
      "This update is not the one that the plan showed: something that it depends on has changed since.",
    );
    expect(output).toContain(
      "Run the plan's job again, check what it shows, and start this job again.",
    );
  });

  it("says nothing of a plan if the update fails otherwise, but why it failed", async () => {
    await withPreview({ image });
    stubUp("error: no pods", 3);
    const { code, output } = await world.run("deploy.sh prod plan.json");
    expect({ code, output }).toEqual({
      code: 3,
      output: `agreed to: ${digest}\nerror: no pods\ndoctor of prod\n`,
    });
  });
});

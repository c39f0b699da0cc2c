import { ScriptWorld } from "./support/script";

const urn = "urn:pulumi:dev::site::kubernetes:core/v1:Service::web";
const violation = (enforcementLevel: string, policyName: string) =>
  JSON.stringify({
    policyEvent: {
      resourceUrn: urn,
      enforcementLevel,
      policyName,
      message: "Too open.\nClose it.\n",
    },
  });

let world: ScriptWorld;

beforeEach(() => {
  world = new ScriptWorld();
  world.stub("npx");
});

afterEach(() => world.remove());

/** What `pulumi preview` writes to its log of events and to standard output, and how it ends. */
function stubPreview(events: readonly string[], code: number): void {
  world.write("events", events.map((line) => `${line}\n`).join(""));
  world.stub(
    "pulumi",
    `while (($# > 0)); do [[ $1 != --event-log ]] || cp events "$2"; shift; done
    echo '{ "steps": [], "diagnostics": [{ "severity": "error", "message": "preview failed" }] }'
    exit ${code}`,
  );
}

describe("preview.sh", () => {
  it("previews a stack and reports it", async () => {
    stubPreview([], 0);
    const { calls, code } = await world.run("preview.sh dev --note -- --save-plan plan.json");
    expect(code).toBe(0);
    expect(calls).toEqual([
      "pulumi preview --stack dev --json --show-sames --non-interactive --save-plan plan.json",
      "npx slipway preview-report previews/dev.json --widget previews/dev.widget.json --markdown previews/dev.md --note",
    ]);
  });

  it("reports what a policy pack refuses and advises, which Pulumi's JSON leaves out", async () => {
    stubPreview(["{}", violation("mandatory", "closed"), violation("advisory", "quiet")], 255);
    const env = { SLIPWAY_POLICY_PACK: "node_modules/slipway/policy" };
    const { calls, code } = await world.run("preview.sh dev", env);
    expect(code).toBe(255);
    expect(calls[0]).toMatch(
      /^pulumi preview .* --policy-pack node_modules\/slipway\/policy --event-log \S+$/,
    );
    const { diagnostics } = JSON.parse(world.read("previews/dev.json")) as { diagnostics: unknown };
    expect(diagnostics).toEqual([
      { urn, severity: "error", message: "policy `closed`: Too open.\nClose it." },
      { urn, severity: "warning", message: "policy `quiet`: Too open.\nClose it." },
      { severity: "error", message: "preview failed" },
    ]);
  });

  it("leaves a preview without violations as it is", async () => {
    stubPreview(["{}"], 0);
    const env = { SLIPWAY_POLICY_PACK: "policy" };
    expect(await world.run("preview.sh dev", env)).toMatchObject({ code: 0 });
    expect(world.read("previews/dev.json")).toContain('[{ "severity": "error"');
  });
});

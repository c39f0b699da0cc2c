import type { Verdict } from "../../../cli/cleanup/plan";
import { renderPlan } from "../../../cli/cleanup/report";

const now = new Date("2027-01-31T12:00:00Z");
const decide = (name: string, verdict: Verdict, createdAt?: string) => ({
  tag: { name, digest: "sha256:a", createdAt },
  verdict,
});

describe("renderPlan", () => {
  it("counts each reason", () => {
    const verdicts: Verdict[] = [
      "latest",
      "to keep",
      "to keep",
      "not to delete",
      "unreadable",
      "among the newest",
      "no date",
      "not old enough",
      "protected",
    ];
    const decisions = verdicts.map((verdict, index) => decide(`t${index}`, verdict));

    expect(renderPlan([{ path: "web/site", decisions }], now)).toBe(`web/site: 9 tags, 0 to delete
  keep 1: \`latest\`, which GitLab never deletes
  keep 2: \`nameRegexKeep\` matches
  keep 1: \`nameRegexDelete\` does not match
  keep 1: GitLab can't read what the tag points to
  keep 1: among the newest, by \`keepN\`
  keep 1: no date in GitLab, so \`olderThan\` never applies
  keep 1: not older than \`olderThan\`
  keep 1: protected in GitLab`);
  });

  it("names at most twenty tags, with their age where they have one", () => {
    const dated = decide("old", "deleted", "2026-12-01T00:00:00.000Z");
    const others = Array.from({ length: 21 }, (_, index) => decide(`t${index}`, "deleted"));

    expect(renderPlan([{ path: "web/site", decisions: [dated, ...others] }], now)).toMatch(
      /^web\/site: 22 tags, 22 to delete\n {2}delete old \(61 d\), t0, .*, t18 and 2 more$/,
    );
  });

  it("says that there is nothing", () => {
    expect(renderPlan([], now)).toBe(
      "The registry has no repositories, so there is nothing to delete.",
    );
  });
});

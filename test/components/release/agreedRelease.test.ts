import { checkAgreedRelease } from "../../../components/release/agreedRelease";

const [a, b] = ["a", "b"].map((digit) => `sha256:${digit.repeat(64)}`);
const check = (digest: string | undefined, from?: string) =>
  checkAgreedRelease("prod", digest, from, { SLIPWAY_AGREED_DIGEST: a });

describe("checkAgreedRelease", () => {
  it("lets pass what was agreed to, and anything if nothing was", () => {
    expect(() => check(a, "staging")).not.toThrow();
    expect(() => checkAgreedRelease("prod", b, "staging", {})).not.toThrow();
    expect(() =>
      checkAgreedRelease("prod", b, "staging", { SLIPWAY_AGREED_DIGEST: "" }),
    ).not.toThrow();
  });

  it.each([
    [
      "a source that runs another release by now",
      b,
      "staging",
      `\`staging\` runs ${b} by now`,
      "npx slipway promote staging prod",
    ],
    ["another pin", b, undefined, `\`prod\` is pinned to ${b}`, "pulumi preview --stack prod"],
    [
      "a stack that builds",
      undefined,
      undefined,
      "`prod` builds its own release",
      "pulumi preview --stack prod",
    ],
  ])("stops at %s", (_, digest, from, other, command) => {
    expect(() => check(digest, from)).toThrow(
      `${other}, but ${a} was agreed to (\`SLIPWAY_AGREED_DIGEST\`). Nothing was changed. Look again at what would be deployed, and agree to that:\n    ${command}`,
    );
  });
});

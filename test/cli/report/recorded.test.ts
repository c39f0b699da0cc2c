import { defaultLimits } from "../../../cli/report/limits";
import { renderMarkdown } from "../../../cli/report/markdown";
import { renderTerminal } from "../../../cli/report/terminal";
import { createWidget } from "../../../cli/report/widget";
import { recorded, reportRecorded } from "./support/previews";

/** The lines of a report before its fold. */
function headOf(name: (typeof recorded)[number]): string {
  return renderMarkdown(reportRecorded(name), defaultLimits).split("<details>")[0].trim();
}

describe("the report of a recorded preview", () => {
  it.each(recorded)("of %s is, as Markdown", (name) => {
    expect(renderMarkdown(reportRecorded(name), defaultLimits)).toMatchSnapshot();
  });

  it.each(recorded)("of %s is, for a terminal", (name) => {
    const options = { limits: defaultLimits, color: false };
    expect(renderTerminal(reportRecorded(name), options)).toMatchSnapshot();
  });

  it("counts a replacement as one made and one deleted", () => {
    const widgets = recorded
      .filter((name) => !name.startsWith("failed"))
      .map((name) => [name, Object.values(createWidget(reportRecorded(name).changes))]);
    // create, update, delete
    expect(Object.fromEntries(widgets)).toEqual({
      create: [16, 0, 0],
      unchanged: [0, 0, 0],
      edit: [1, 5, 0],
      "build-argument": [0, 6, 0],
      scale: [1, 1, 0],
      rotate: [2, 1, 2],
      replace: [1, 1, 1],
      pin: [0, 3, 0],
      delete: [0, 0, 11],
    });
  });

  it("leaves components out, which are nothing outside Pulumi's state", () => {
    const { changes, unchanged } = reportRecorded("create");
    expect(changes.map(({ type }) => type)).not.toContainEqual(expect.stringMatching(/^slipway:/));
    expect(unchanged).toBe(0);
  });

  it("tells why the image is rebuilt, and that its pods roll", () => {
    expect(headOf("edit")).toBe(
      [
        "#### `dev`: 5 to update, 1 to create; 10 unchanged",
        "",
        "- **Image**: Rebuilt: the site's files changed.",
        "- **Rollout**: The Deployment `gatsby-site` rolls, because of `containers[0].image`.",
        "- **Tokens**: The pull and push tokens live 113 more days (until 2027-03-17).",
      ].join("\n"),
    );
    expect(headOf("build-argument")).toContain("Rebuilt: build argument `GREETING` changed.");
    expect(headOf("create")).toContain("Built for the first time.");
  });

  it("tells that new tokens restart nothing", () => {
    expect(headOf("rotate")).toBe(
      [
        "#### `dev`: 2 to replace, 1 to update; 13 unchanged",
        "",
        "- **Image**: Not rebuilt.",
        "- **Rollout**: No pod restarts.",
        "- **Tokens**: Rotation due: this update replaces `registry-pull-b` and `registry-push`. The pull and push tokens live 113 more days (until 2027-03-17).",
        "- **Replaces**: `registry-pull-b`, `registry-push`",
      ].join("\n"),
    );
  });

  it("tells which image runs in place of which", () => {
    expect(headOf("pin")).toContain(
      "No longer built by this stack. The site goes from `sha256:cd6c84e8f46c` to `sha256:000000000000`.",
    );
  });

  it("tells that more pods restart none", () => {
    expect(headOf("scale")).toContain(
      "The Deployment `gatsby-site` scales from `1` to `3`; no pod restarts.",
    );
  });

  it("does not count as deleted what stays in the registry", () => {
    const { changes } = reportRecorded("pin");
    expect(changes.filter(({ kind }) => kind === "forget").map(({ name }) => name)).toEqual([
      "site-image",
      "release-branch",
      "release-commit",
    ]);
    expect(headOf("pin")).not.toContain("Deletes");
  });

  it("names what is deleted before the fold", () => {
    expect(headOf("delete")).toContain(
      "- **Deletes**: `registry-pull-a`, `registry-pull-b`, `registry-push`",
    );
  });

  it("says of no changes just that", () => {
    expect(headOf("unchanged")).toMatch(/^#### `dev`: no changes; 16 unchanged\n/);
  });

  it.each([
    ["failed-configuration", "`tlsSecret` has no effect without `host`: no Ingress is made."],
    ["failed-provider", "401 {message: 401 Unauthorized}"],
    ["failed-before", "incorrect passphrase"],
  ] as const)("of %s says what failed", (name, message) => {
    expect(reportRecorded(name).failure?.messages).toEqual([expect.stringContaining(message)]);
    expect(headOf(name)).toContain("the preview failed");
  });

  it("holds no token", () => {
    const texts = recorded.map((name) => renderMarkdown(reportRecorded(name), defaultLimits));
    expect(texts.join("\n")).not.toMatch(/gl[a-z]{2,6}-[\w-]{12,}/);
  });
});

import { findProblems, problem } from "../support/stackConfig";

const example = "pulumi config set --secret --path 'basicAuth.editor'";
const basicAuth = '{"editor":"correct horse"}';
const secrets = ["gatsby-site:basicAuth"];

describe("basicAuth", () => {
  it("is a secret", () => {
    expect(findProblems({ basicAuth }, secrets)).toEqual([]);
    expect(findProblems({ basicAuth })).toEqual(
      problem(
        "`basicAuth` is stored in plain text. Replace what it contains, and store the new value as a secret.",
        example,
      ),
    );
  });

  it.each([
    ["basicAuth.editor", { editor: "short" }, "is shorter than 8 characters."],
    ["basicAuth.editor", { editor: 12345678 }, "is not text. Put it in quotes."],
    [
      "basicAuth",
      { "a:b": "correct horse" },
      'has "a:b", which is not a name of letters, digits, "_", ".", "@", "+" and "-".',
    ],
  ])("is checked, without its passwords: %s in %j", (field, value, text) => {
    expect(findProblems({ basicAuth: JSON.stringify(value) }, secrets)).toEqual(
      problem(`\`${field}\` ${text}`, example),
    );
  });

  it("needs a web server that asks, and a check that is not asked", () => {
    expect(findProblems({ basicAuth, webServer: "image" }, secrets)).toEqual(
      problem(
        '`basicAuth` has no effect with `webServer` "image": everybody could see the site. Let the image\'s own web server ask, or use the Dockerfile that `npx slipway init --dockerfile slipway` writes.',
        "pulumi config rm basicAuth",
      ),
    );
    expect(findProblems({ basicAuth, readinessPath: "/de/" }, secrets)).toEqual(
      problem(
        '`readinessPath` is "/de/", for which `basicAuth` asks the kubelet for a password. Remove it: `/healthz` is checked then.',
        "pulumi config rm readinessPath",
      ),
    );
    expect(findProblems({ basicAuth, readinessPath: "none" }, secrets)).toEqual([]);
  });
});

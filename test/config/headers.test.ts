import { findProblems, problem } from "../support/stackConfig";

const policyExample = "pulumi config set --path 'contentPolicy.level' strict";
const headersExample = "pulumi config set --path 'headers.Permissions-Policy' 'camera=()'";

describe("the headers of a stack", () => {
  it.each([
    [
      "contentPolicy.level",
      { level: "lax" },
      'is "lax", which is not "basic", "strict" or "none".',
    ],
    ["contentPolicy.hosts", { level: "strict", hosts: "a" }, "is not a list."],
    [
      "contentPolicy.hosts.1",
      { level: "strict", hosts: ["https://a.example.com", "a b"] },
      'is "a b", which is not a host such as "https://www.example.com" or "*.example.com".',
    ],
    [
      "contentPolicy",
      { hosts: ["https://a.example.com"] },
      'has `hosts`, which has no effect unless `level` is "strict".',
    ],
    [
      "contentPolicy",
      { level: "basic", reportOnly: true },
      'has `reportOnly`, which has no effect unless `level` is "strict".',
    ],
  ])("refuse %s: %j", (field, contentPolicy, text) => {
    expect(findProblems({ contentPolicy: JSON.stringify(contentPolicy) })).toEqual(
      problem(`\`${field}\` ${text}`, policyExample),
    );
  });

  it.each([
    ["headers", { "X Y": "a" }, 'has "X Y", which is not a header\'s name.'],
    [
      "headers",
      { ETag: "a" },
      'has "ETag", which the web server decides for each answer. Remove it.',
    ],
    ["headers.X-Price", { "X-Price": "$5" }, 'has "$", which nginx can\'t send.'],
    ["headers.X-Name", { "X-Name": "ü" }, "has characters that are not printable ASCII."],
    ["headers.X-Name", { "X-Name": "a\nb" }, "has characters that are not printable ASCII."],
  ])("refuse %s: %j", (field, headers, text) => {
    expect(findProblems({ headers: JSON.stringify(headers) })).toEqual(
      problem(`\`${field}\` ${text}`, headersExample),
    );
  });

  it.each([
    ["contentPolicy", '{"level":"strict"}'],
    ["headers", '{"X-A":"b"}'],
    ["hstsMaxAge", "60"],
  ])("have no effect with the image's own web server: %s", (key, value) => {
    expect(findProblems({ webServer: "image", [key]: value })).toEqual([
      {
        text: `\`${key}\` has no effect with \`webServer\` "image": the image's own web server sends its own headers. Remove it, or use the Dockerfile that \`npx slipway init --dockerfile slipway\` writes, with \`webServer\` "slipway".`,
        command: `pulumi config rm ${key}`,
      },
    ]);
  });
});

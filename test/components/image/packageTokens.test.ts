import { findContextSecrets } from "../../../components/image/contextSecrets";
import { context, inContextFolder } from "../../support/contextFolder";

const { write } = inContextFolder();
const find = (): string[] => findContextSecrets(context);

describe("a token in plain text", () => {
  const secret = "s3cretOfTheRegistry0123456789";
  const settings = (file: string, names: string): string =>
    `\`../${file}\` has the value of ${names} in plain text. Everyone who can pull the image could read it. Revoke that token, write \`\${NPM_TOKEN}\` in its place, and set the new one: \`pulumi config set --secret --path buildSecrets.NPM_TOKEN\`.`;

  beforeEach(() => write(".dockerignore", "deploy\n"));

  it.each([
    [".npmrc", `//registry.example.com/:_authToken=${secret}\n`, "`_authToken`"],
    [".npmrc", `; login\n_auth = "${secret}"\n_password=${secret}\n`, "`_auth` and `_password`"],
    [".npmrc", `//registry.example.com/:_authToken=$NPM_TOKEN\n`, "`_authToken`"],
    [".npmrc", `registry=https://user:${secret}@registry.example.com/\n`, "`registry`"],
    ["packages/ui/.npmrc", `_authToken=${secret}\n`, "`_authToken`"],
    [".yarnrc", `"//registry.example.com/:_authToken" "${secret}"\n`, "`_authToken`"],
    [".yarnrc.yml", `npmAuthToken: ${secret}\n`, "`npmAuthToken`"],
    [
      ".yarnrc.yml",
      `npmScopes:\n  acme: { npmAuthToken: "\${NPM_TOKEN:-${secret}}", npmAuthIdent: "u:${secret}" }\n`,
      "`npmAuthToken` and `npmAuthIdent`",
    ],
  ])("is found in %s: %j", (file, content, names) => {
    write(file, content);
    const found = find();
    expect(found).toEqual([settings(file, names)]);
    expect(found.join()).not.toContain(secret);
  });

  it.each([
    // Case 02 of the inputs that failed.
    [
      ".npmrc",
      "legacy-peer-deps=true\n@acme:registry=https://gitlab.example.com/api/v4/packages/npm/\n//gitlab.example.com/api/v4/packages/npm/:_authToken=${NPM_TOKEN}\n",
    ],
    [".npmrc", "# _authToken=old\n_auth=\n//x/:_password=${PASSWORD?}\nalways-auth=true\n"],
    [".npmrc", "registry=https://user:${NPM_PASSWORD}@registry.example.com/\n"],
    [".yarnrc.yml", 'npmAuthToken: "${NPM_TOKEN-}"\nnpmAlwaysAuth: true\n'],
    [".yarnrc.yml", "npmRegistries:\n  //x:\n    npmAuthToken: ${NPM_TOKEN:-fallback}\n"],
    [".yarnrc", 'registry "https://registry.example.com/"\n'],
  ])("is not what %s refers to: %j", (file, content) => {
    write(file, content);
    expect(find()).toEqual([]);
  });

  it("is found in what a package is installed from", () => {
    const token = "glpat-0123456789abcdefghij";
    const address = `git+https://x:${token}@gitlab.example.com/ui.git`;
    write("package.json", JSON.stringify({ dependencies: { ui: address } }));
    const found = find();
    expect(found).toEqual([
      "`../package.json` has a token of GitLab in plain text. Everyone who can pull the image could read it. Revoke that token, and remove it from the file or add the line `package.json` to `../.dockerignore`.",
    ]);
    expect(found.join()).not.toContain(token);
  });
});

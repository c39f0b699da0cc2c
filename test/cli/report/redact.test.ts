import { createMask, redact } from "../../../cli/redact";

const deployToken = "gldt-Ab3_xY9-zQ7wLmNopq1R";

describe("redact", () => {
  it.each([
    ["a deploy token", `the token ${deployToken} was refused`],
    ["a personal access token", "PRIVATE-TOKEN: glpat-abcdefghij0123456789"],
    ["a routable token", "glpat-Zm9vYmFyYmF6cXV4.0y.1a2b3c4d5e"],
    ["an address's password", "https://oauth2:hunter2hunter2@gitlab.example.com/x.git"],
    ["a Docker configuration", '{"auths":{"r":{"username":"u","password":"hunter2hunter2"}}}'],
    [
      "one quoted in JSON",
      '"{\\"auths\\":{\\"r\\":{\\"auth\\":\\"aHVudGVyMg==hunter2hunter2\\"}}}"',
    ],
    ["a bearer token", "authorization: Bearer hunter2hunter2"],
    ["a JSON Web Token", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl"],
    ["a private key", "-----BEGIN RSA PRIVATE KEY-----\nhunter2\n-----END RSA PRIVATE KEY-----"],
    ["a token in base64", Buffer.from(`user:${deployToken}`).toString("base64")],
    [
      "a token in base64 inside another",
      `"x":"${Buffer.from(`{"auth":"u:${deployToken}"}`).toString("base64")}"`,
    ],
  ])("takes out %s", (_, text) => {
    const clean = redact(text);
    expect(clean).toContain("[secret]");
    expect(clean).not.toMatch(/hunter2|Ab3_|abcdefghij|Zm9vYmFy|c2lnbmF0/);
    expect(clean).not.toContain(Buffer.from(deployToken).toString("base64").slice(4, 16));
  });

  it.each([
    "registry.example.com:5050/web/site@sha256:" + "d".repeat(64),
    "https://gitlab.example.com/api/v4/user: 401",
    "spec.template.spec.containers[0].image",
    '"password" is missing. Set `token`.',
    "glossary-of-terms",
  ])("leaves %s", (text) => {
    expect(redact(text)).toBe(text);
  });

  it("changes nothing the second time", () => {
    const once = redact(`{"auth":"${"a".repeat(40)}"} ${deployToken}`);
    expect(redact(once)).toBe(once);
  });
});

describe("createMask", () => {
  const secret = "correct/horse+battery staple?";
  const mask = createMask({ PULUMI_CONFIG_PASSPHRASE: secret, CI_PROJECT_NAME: "gatsby-site" });

  it.each([
    ["as it is", secret],
    ["URL-encoded", encodeURIComponent(secret)],
    ["in JSON", JSON.stringify({ a: secret })],
    ["in base64", Buffer.from(secret).toString("base64")],
    ["in base64 behind one character", Buffer.from(`u${secret}`).toString("base64")],
    ["in base64 behind a user name", Buffer.from(`deploy:${secret}`).toString("base64")],
  ])("takes out the environment's secrets, %s", (_, text) => {
    expect(mask(`before ${text} after`)).toContain("[secret]");
    expect(mask(text)).not.toContain("horse");
  });

  it("leaves what is no secret", () => {
    expect(mask("gatsby-site")).toBe("gatsby-site");
  });

  it("leaves short values and files' paths, which turn up in any text", () => {
    const text = "true and /etc/ssl/passphrase";
    const env = { SECRET_DETECTION: "true", PULUMI_CONFIG_PASSPHRASE_FILE: "/etc/ssl/passphrase" };
    expect(createMask(env)(text)).toBe(text);
  });
});

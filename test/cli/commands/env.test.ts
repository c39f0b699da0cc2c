import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { env } from "../../../cli/commands/env";
import { createCertificate } from "../../support/certificates";
import { FakeIo } from "../../support/cli";

let cwd: string;
let authority: string;
let system: string;

beforeAll(async () => {
  cwd = fs.mkdtempSync(path.join(os.tmpdir(), "slipway-it's-"));
  fs.writeFileSync(path.join(cwd, "Pulumi.yaml"), "name: gatsby-site\n");
  authority = await createCertificate({ commonName: "Example Root", isAuthority: true });
  system = await createCertificate({ commonName: "System Root", isAuthority: true });
  fs.writeFileSync(path.join(cwd, "ca.pem"), authority);
  fs.writeFileSync(path.join(cwd, "system.pem"), system);
});

afterAll(() => {
  fs.rmSync(cwd, { recursive: true });
});

async function run(caCertificate: string, environment: NodeJS.ProcessEnv): Promise<string> {
  const io = new FakeIo({ dev: { config: { caCertificate } } });
  io.env = environment;
  await env({ cwd }, io);
  return io.printed.join("\n");
}

/** The files that the lines name, as a shell would read them. */
function filesOf(lines: string): Record<string, string> {
  const found = [...lines.matchAll(/^export (\w+)='(.*)'$/gm)];
  return Object.fromEntries(
    found.map(([, name, file]) => [name, fs.readFileSync(file.replaceAll("'\\''", "'"), "utf8")]),
  );
}

describe("slipway env", () => {
  it.each(["a file", "PEM"])("adds the CA, as %s, to what is trusted now", async (kind) => {
    const now = { SSL_CERT_FILE: path.join(cwd, "system.pem") };
    const lines = await run(kind === "PEM" ? authority : "ca.pem", now);

    const files = filesOf(lines);
    expect(Object.keys(files)).toEqual(["SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"]);
    expect(files.SSL_CERT_FILE).toBe(`${system.trim()}\n${authority.trim()}\n`);
    expect(files.NODE_EXTRA_CA_CERTS.trim()).toBe(authority.trim());
    expect(lines).toContain("it'\\''s");
  });

  it("changes nothing where the CA is trusted already", async () => {
    const trusting = path.join(cwd, "ca.pem");
    const now = { SSL_CERT_FILE: trusting, NODE_EXTRA_CA_CERTS: trusting };

    expect(filesOf(await run("ca.pem", now))).toEqual({
      SSL_CERT_FILE: authority,
      NODE_EXTRA_CA_CERTS: authority,
    });
  });

  it("prints nothing that a shell would run where there is no CA", async () => {
    expect(await run("", {})).toBe(
      "# Stack `dev` has no `caCertificate`: there is nothing to add.",
    );
  });

  it("refuses what is not a CA", async () => {
    await expect(run("missing.pem", {})).rejects.toThrow(
      '`caCertificate` is "missing.pem", but that file does not exist.',
    );
    await expect(run("Pulumi.yaml", {})).rejects.toThrow(
      "`caCertificate` contains no certificate in PEM format",
    );
  });
});

import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import {
  type CaCertificate,
  caCertificateKey,
  ensureCaFile,
  findAuthorityProblems,
  listBodies,
  readCaCertificate,
} from "../../config/caCertificate";
import type { Result } from "../../config/result";
import { createCertificate } from "../support/certificates";

const host = "gitlab.example.com";
let authority: string;
let folder: string;
const home = process.cwd();

beforeAll(async () => {
  authority = await createCertificate({ commonName: "Example Root", isAuthority: true });
  // Paths are relative to the program.
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "certificate-"));
  process.chdir(folder);
});

afterAll(() => {
  process.chdir(home);
  fs.rmSync(folder, { recursive: true });
});

/** The CA that a key's text is, or the problems of either step. */
function read(text: string): Result<CaCertificate> {
  const source = caCertificateKey.parse(text);
  if (!source.ok) return source;
  if (source.value === undefined) throw new Error("The text is empty.");
  return readCaCertificate(source.value);
}

function find(text: string): string[] {
  const result = read(text);
  return result.ok ? [] : result.findings.map((finding) => finding.text);
}

function certificateOf(text: string): CaCertificate {
  const result = read(text);
  if (!result.ok) throw new Error("The certificate is invalid.");
  return result.value;
}

describe("readCaCertificate", () => {
  it("accepts a CA, as PEM, as a file, and beside another one", async () => {
    const other = await createCertificate({ commonName: "Other Root", isAuthority: true });
    fs.writeFileSync("ca.pem", authority);

    expect(find(authority)).toEqual([]);
    expect(find("ca.pem")).toEqual([]);
    expect(find(`# Ours\n${authority}\n${other}`)).toEqual([]);
  });

  it.each([
    ["missing.pem", 'is "missing.pem", but that file does not exist.'],
    [
      "/etc/ca.pem",
      'is "/etc/ca.pem". Use a path with "/", relative to the folder of Pulumi.yaml.',
    ],
    [
      "-----BEGIN RUBBISH-----\nAAAA\n-----END RUBBISH-----",
      'contains no certificate in PEM format ("-----BEGIN CERTIFICATE-----").',
    ],
    [
      "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
      "contains an invalid certificate.",
    ],
    [
      "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
      "contains a private key. Remove it and keep only certificates.",
    ],
  ])("refuses %j", (value, problem) => {
    expect(find(value)).toEqual([problem]);
  });

  it("refuses one that expired, or is not valid yet", async () => {
    const old = { commonName: "Old Root", isAuthority: true, notAfter: "2021-06-30T12:00:00Z" };
    const early = { commonName: "New Root", isAuthority: true, notBefore: "2080-01-01T00:00:00Z" };

    expect(find(await createCertificate(old))).toEqual([
      'contains the certificate of "Old Root", which expired on 2021-06-30. Get the new one.',
    ]);
    expect(find(await createCertificate(early))).toEqual([
      'contains the certificate of "New Root", which is not valid before 2080-01-01.',
    ]);
  });
});

describe("findAuthorityProblems", () => {
  it("accepts a CA", () => {
    expect(findAuthorityProblems(certificateOf(authority), host)).toEqual([]);
  });

  it("refuses a server's certificate, and says whose", async () => {
    const server = { commonName: host, hosts: [host], issuer: "Example Root" };

    expect(findAuthorityProblems(certificateOf(await createCertificate(server)), host)).toEqual([
      `contains the certificate of "${host}", which is not a CA certificate. Use the certificate of the CA that signed it.`,
    ]);
  });

  it("accepts a server's that it signed itself, if the server is GitLab", async () => {
    const own = await createCertificate({ commonName: host, hosts: [host] });

    expect(findAuthorityProblems(certificateOf(own), host)).toEqual([]);
    expect(findAuthorityProblems(certificateOf(own), "git.example.org")).toEqual([
      `contains the certificate of "${host}", which is neither a CA certificate nor the certificate of GitLab's host "git.example.org".`,
    ]);
  });
});

describe("ensureCaFile", () => {
  it("gives the file that is configured", () => {
    expect(ensureCaFile(certificateOf("ca.pem"))).toBe("ca.pem");
  });

  it("writes the text that is configured, to the same place everywhere", () => {
    expect(ensureCaFile(certificateOf(authority))).toBe(".slipway/ca.pem");
    expect(fs.readFileSync(".slipway/ca.pem", "utf8")).toBe(authority);
  });
});

describe("listBodies", () => {
  it("gives the same text for the same certificate, however its lines are broken", () => {
    const [body = ""] = listBodies(authority);

    expect(listBodies(authority.replaceAll("\n", "\r\n"))).toEqual([body]);
    expect(listBodies(`-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----`)).toEqual([
      body,
    ]);
  });
});

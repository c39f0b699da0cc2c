import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import {
  ensureCertificateFile,
  findAuthorityProblems,
  findCertificateProblems,
  findVariablesWithoutCa,
  listBodies,
  readCertificate,
} from "../../config/caCertificate";
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

describe("findCertificateProblems", () => {
  it("accepts a CA, as PEM, as a file, and beside another one", async () => {
    const other = await createCertificate({ commonName: "Other Root", isAuthority: true });
    fs.writeFileSync("ca.pem", authority);

    expect(findCertificateProblems(authority)).toEqual([]);
    expect(findCertificateProblems("ca.pem")).toEqual([]);
    expect(findCertificateProblems(`# Ours\n${authority}\n${other}`)).toEqual([]);
  });

  it.each([
    ["missing.pem", 'is "missing.pem", a file that is not there.'],
    [
      "/etc/ca.pem",
      'is "/etc/ca.pem". Use a path with "/", relative to the folder of Pulumi.yaml.',
    ],
    [
      "-----BEGIN RUBBISH-----\nAAAA\n-----END RUBBISH-----",
      'holds no certificate in PEM form, which begins with "-----BEGIN CERTIFICATE-----".',
    ],
    [
      "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
      "holds a certificate that can't be read.",
    ],
    [
      "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
      "holds a private key, which is nobody's but the owner's. Leave only certificates.",
    ],
  ])("refuses %j", (value, problem) => {
    expect(findCertificateProblems(value)).toEqual([problem]);
  });

  it("refuses one that expired, or is not valid yet", async () => {
    const old = { commonName: "Old Root", isAuthority: true, notAfter: "2021-06-30T12:00:00Z" };
    const early = { commonName: "New Root", isAuthority: true, notBefore: "2080-01-01T00:00:00Z" };

    expect(findCertificateProblems(await createCertificate(old))).toEqual([
      'holds the certificate of "Old Root", which expired on 2021-06-30. Get the new one.',
    ]);
    expect(findCertificateProblems(await createCertificate(early))).toEqual([
      'holds the certificate of "New Root", which is not valid before 2080-01-01.',
    ]);
  });
});

describe("findAuthorityProblems", () => {
  it("accepts a CA, and nothing", () => {
    expect(findAuthorityProblems(authority, host)).toEqual([]);
    expect(findAuthorityProblems("", host)).toEqual([]);
  });

  it("refuses a server's certificate, and says whose", async () => {
    const server = { commonName: host, hosts: [host], issuer: "Example Root" };

    expect(findAuthorityProblems(await createCertificate(server), host)).toEqual([
      `holds the certificate of "${host}", which is no CA. Use the certificate of the CA that signed it.`,
    ]);
  });

  it("accepts a server's that it signed itself, if the server is GitLab", async () => {
    const own = await createCertificate({ commonName: host, hosts: [host] });

    expect(findAuthorityProblems(own, host)).toEqual([]);
    expect(findAuthorityProblems(own, "git.example.org")).toEqual([
      `holds the certificate of "${host}", which is no CA, and not the certificate of GitLab's host "git.example.org".`,
    ]);
  });

  it("leaves what is wrong in itself to the other rule", () => {
    expect(findAuthorityProblems("missing.pem", host)).toEqual([]);
  });
});

describe("ensureCertificateFile", () => {
  it("gives the file that is configured", () => {
    expect(ensureCertificateFile("ca.pem")).toBe("ca.pem");
  });

  it("writes the text that is configured, to the same place everywhere", () => {
    expect(ensureCertificateFile(authority)).toBe(".slipway/ca.pem");
    expect(readCertificate(".slipway/ca.pem")).toBe(authority);
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

describe("findVariablesWithoutCa", () => {
  let folder: string;
  let authority: string;
  let bundle: string;
  let other: string;

  beforeAll(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "trust-"));
    [bundle, other] = [path.join(folder, "bundle.pem"), path.join(folder, "other.pem")];
    authority = await createCertificate({ commonName: "Example Root", isAuthority: true });
    const stranger = await createCertificate({ commonName: "Stranger", isAuthority: true });
    fs.writeFileSync(other, stranger);
    fs.writeFileSync(bundle, `${stranger}\n${authority.replaceAll("\n", "\r\n")}`);
  });

  afterAll(() => {
    fs.rmSync(folder, { recursive: true });
  });

  it.each([
    ["both name a bundle that has the CA", "bundle", "bundle", []],
    ["Go's has it not", "other", "bundle", ["SSL_CERT_FILE"]],
    ["Node's has it not", "bundle", "other", ["NODE_EXTRA_CA_CERTS"]],
    ["a file is not there", "bundle", "missing", ["NODE_EXTRA_CA_CERTS"]],
    ["neither is set", undefined, undefined, ["SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"]],
  ])("when %s", (_, go, node, expected) => {
    const file = (name: string | undefined) => name && path.join(folder, `${name}.pem`);
    const env = { SSL_CERT_FILE: file(go), NODE_EXTRA_CA_CERTS: file(node) };

    expect(findVariablesWithoutCa(authority, env, "linux")).toEqual(expected);
  });

  it("wants every certificate of the CA's file to be trusted", () => {
    const both = authority + fs.readFileSync(other, "utf8");

    expect(
      findVariablesWithoutCa(both, { SSL_CERT_FILE: other, NODE_EXTRA_CA_CERTS: bundle }, "linux"),
    ).toEqual(["SSL_CERT_FILE"]);
  });

  it("can't tell what Go trusts where it asks the system", () => {
    expect(findVariablesWithoutCa(authority, { NODE_EXTRA_CA_CERTS: bundle }, "darwin")).toEqual(
      [],
    );
  });
});

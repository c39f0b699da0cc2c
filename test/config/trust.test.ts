import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { findVariablesWithoutCa } from "../../config/trust";
import { createCertificate } from "../support/certificates";

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

import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { readKubeConfig } from "../../../../sandbox/plugins/kubernetes/kubeconfig";

describe("readKubeConfig", () => {
  let folder: string;

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "kubeconfig-"));
  });

  afterEach(() => fs.rmSync(folder, { recursive: true }));

  const config = (user: object, cluster: object = {}) =>
    JSON.stringify({
      "current-context": "one",
      contexts: [
        { name: "one", context: { cluster: "a", user: "u" } },
        { name: "two", context: { cluster: "b", user: "u", namespace: "site" } },
      ],
      clusters: [
        { name: "a", cluster: { server: "https://a:6443/", ...cluster } },
        { name: "b", cluster: { server: "https://b:6443" } },
      ],
      users: [{ name: "u", user }],
    });

  it("reads certificates from data and, relative to its folder, from files", () => {
    const file = path.join(folder, "config");
    const data = Buffer.from("the authority").toString("base64");
    const user = { "client-certificate": "client.crt", "client-key": "client.key" };
    fs.writeFileSync(file, config(user, { "certificate-authority-data": data }));
    fs.writeFileSync(path.join(folder, "client.crt"), "the certificate");
    fs.writeFileSync(path.join(folder, "client.key"), "the key");

    const { server, namespace, tls, authorization } = readKubeConfig({ kubeconfig: file });

    expect([server, namespace, authorization]).toEqual(["https://a:6443", "default", undefined]);
    expect([tls.ca, tls.cert, tls.key].map(String)).toEqual([
      "the authority",
      "the certificate",
      "the key",
    ]);
    expect(tls.rejectUnauthorized).toBe(true);
  });

  it("takes another context than the current one", () => {
    const access = readKubeConfig({ kubeconfig: config({}), context: "two" });

    expect(access).toMatchObject({ server: "https://b:6443", namespace: "site" });
  });

  it.each<[string, object, string]>([
    ["a token", { token: "abc" }, "Bearer abc"],
    ["a password", { username: "u", password: "p" }, "Basic dTpw"],
  ])("identifies by %s", (_, user, authorization) => {
    expect(readKubeConfig({ kubeconfig: config(user) })).toMatchObject({ authorization });
  });

  it("identifies by a token in a file", () => {
    const tokenFile = path.join(folder, "token");
    fs.writeFileSync(tokenFile, "abc\n");

    expect(readKubeConfig({ kubeconfig: config({ tokenFile }) }).authorization).toBe("Bearer abc");
  });

  it.each<[string, { kubeconfig: string; context?: string }, string]>([
    [
      "a context that is not there",
      { kubeconfig: config({}), context: "three" },
      'no cluster for its context "three"',
    ],
    ["a credential program", { kubeconfig: config({ exec: {} }) }, 'identifies its user by "exec"'],
    [
      "a path that is not there",
      { kubeconfig: "/not/there" },
      "neither the path of a file nor the content of one",
    ],
  ])("refuses %s", (_, settings, message) => {
    expect(() => readKubeConfig(settings)).toThrow(message);
  });
});

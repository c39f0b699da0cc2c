import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { readClusterAccess } from "../../../../sandbox/plugins/kubernetes/clusterAccess";
import { compareConfigs } from "../../../../sandbox/plugins/kubernetes/config";
import {
  loadDefaultKubeconfig,
  parseKubeconfig,
} from "../../../../sandbox/plugins/kubernetes/kubeconfig";
import { UNKNOWN } from "../../../../sandbox/plugins/properties";
import type { PropertyMap } from "../../../../sandbox/plugins/properties";

let folder: string;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "kubeconfig-"));
});

afterEach(() => {
  fs.rmSync(folder, { recursive: true });
  delete process.env.KUBECONFIG;
});

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

/** What Go says of a text where it wants an object; Pulumi's engine recognizes the words. */
const notAnObject =
  'couldn\'t get version/kind; json parse error: json: cannot unmarshal string into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';

describe("readClusterAccess", () => {
  const read = (text: string, settings = {}) => readClusterAccess(parseKubeconfig(text), settings);

  it("reads certificates from data and from files", () => {
    const data = Buffer.from("the authority").toString("base64");
    const [cert, key] = ["client.crt", "client.key"].map((name) => path.join(folder, name));
    fs.writeFileSync(cert, "the certificate");
    fs.writeFileSync(key, "the key");

    const { server, namespace, tls, authorization } = read(
      config(
        { "client-certificate": cert, "client-key": key },
        { "certificate-authority-data": data },
      ),
    );

    expect([server, namespace, authorization]).toEqual(["https://a:6443", "default", undefined]);
    expect([tls.ca, tls.cert, tls.key].map(String)).toEqual([
      "the authority",
      "the certificate",
      "the key",
    ]);
    expect(tls.rejectUnauthorized).toBe(true);
  });

  it.each([
    ["context", { context: "two" }, { server: "https://b:6443", namespace: "site" }],
    ["cluster", { cluster: "b" }, { server: "https://b:6443", namespace: "default" }],
  ])("takes another %s than the current one", (_, settings, access) => {
    expect(read(config({}), settings)).toMatchObject(access);
  });

  it.each<[string, object, string]>([
    ["a token", { token: "abc" }, "Bearer abc"],
    ["a password", { username: "u", password: "p" }, "Basic dTpw"],
  ])("identifies by %s", (_, user, authorization) => {
    expect(read(config(user))).toMatchObject({ authorization });
  });

  it("identifies by a token in a file", () => {
    const tokenFile = path.join(folder, "token");
    fs.writeFileSync(tokenFile, "abc\n");

    expect(read(config({ tokenFile })).authorization).toBe("Bearer abc");
  });

  it.each<[string, string, { context?: string }, string]>([
    [
      "a context that is not there",
      config({}),
      { context: "three" },
      '`kubeconfig` has no cluster for its context "three". Set `context` to one that it has, or `KUBECONFIG` to another file.',
    ],
    [
      "a credential program",
      config({ exec: {} }),
      {},
      '`kubeconfig` identifies its user by "exec", which the stand-in for pulumi-resource-kubernetes does not support. Use a client certificate or a token, or put the official plugin on PATH.',
    ],
    [
      "a proxy of the cluster's own",
      config({}, { "proxy-url": "http://proxy" }),
      {},
      '`kubeconfig` reaches its cluster by "proxy-url", which the stand-in for pulumi-resource-kubernetes does not support. Use a client certificate or a token, or put the official plugin on PATH.',
    ],
    [
      "no configuration",
      "",
      {},
      "There is no kubeconfig. Set `kubernetes:kubeconfig`, or `KUBECONFIG` to a file that exists.",
    ],
  ])("refuses %s", (_, text, settings, message) => {
    expect(() => read(text, settings)).toThrow(new Error(message));
  });
});

describe("parseKubeconfig", () => {
  it("keeps the paths in a file relative to the working directory, as the official plugin does", () => {
    const file = path.join(folder, "config");
    fs.writeFileSync(file, config({ "client-key": "client.key" }));

    expect(parseKubeconfig(file)).toMatchObject({
      users: [{ user: { "client-key": "client.key" } }],
    });
  });

  it.each(["/not/there", "/one/config:/other/config"])("takes %s for content", (text) => {
    expect(() => parseKubeconfig(text)).toThrow(new Error(notAnObject));
  });
});

describe("loadDefaultKubeconfig", () => {
  it("merges the files of KUBECONFIG: the first one that sets a value counts", () => {
    const files = ["first", "missing", "second"].map((name) => path.join(folder, name, "config"));
    const write = (file: string, value: object) => {
      fs.mkdirSync(path.dirname(file));
      fs.writeFileSync(file, JSON.stringify(value));
    };
    write(files[0], {
      clusters: [
        { name: "a", cluster: { server: "https://a", "certificate-authority": "ca.crt" } },
      ],
    });
    write(files[2], {
      "current-context": "one",
      clusters: [{ name: "a", cluster: { server: "https://other" } }],
      contexts: [{ name: "one", context: { cluster: "a" } }],
    });
    process.env.KUBECONFIG = files.join(path.delimiter);

    const merged = loadDefaultKubeconfig();

    fs.writeFileSync(path.join(folder, "first", "ca.crt"), "the authority");
    const { server, tls } = readClusterAccess(merged, {});
    expect([server, String(tls.ca)]).toEqual(["https://a", "the authority"]);
  });
});

describe("compareConfigs", () => {
  const here = { kubeconfig: config({}), version: "4.34.2" };
  const elsewhere = { kubeconfig: config({}, { server: "https://c:6443" }) };

  it.each<[string, PropertyMap, PropertyMap, string[], string[]]>([
    ["nothing", here, here, [], []],
    [
      "another user of the same cluster",
      here,
      { ...here, kubeconfig: config({ token: "abc" }) },
      ["kubeconfig"],
      [],
    ],
    ["another cluster", here, { ...here, ...elsewhere }, ["kubeconfig"], ["kubeconfig"]],
    ["another context", here, { ...here, context: "two" }, ["context"], ["context"]],
    ["another version of the plugin", here, { ...here, version: "4.35.0" }, ["version"], []],
    [
      "another cluster under the same identifier",
      { ...here, clusterIdentifier: "dev" },
      { ...here, ...elsewhere, clusterIdentifier: "dev" },
      ["kubeconfig"],
      [],
    ],
    [
      "another identifier",
      { ...here, clusterIdentifier: "dev" },
      { ...here, clusterIdentifier: "prod" },
      ["clusterIdentifier"],
      ["clusterIdentifier"],
    ],
    [
      "an identifier that is new",
      here,
      { ...here, clusterIdentifier: "dev" },
      ["clusterIdentifier"],
      [],
    ],
    [
      "an identifier that is new, with another cluster",
      here,
      { ...here, ...elsewhere, clusterIdentifier: "dev" },
      ["kubeconfig", "clusterIdentifier"],
      ["kubeconfig"],
    ],
    [
      "a kubeconfig that is unknown yet",
      here,
      { ...here, kubeconfig: UNKNOWN },
      ["kubeconfig"],
      ["kubeconfig"],
    ],
    [
      "the switch that takes fields over",
      here,
      { ...here, enablePatchForce: "true" },
      ["enablePatchForce"],
      [],
    ],
  ])("finds %s", (_, olds, news, changed, replaces) => {
    expect(compareConfigs(olds, news)).toEqual({ changed, replaces });
  });

  it("fails for a path of another machine, in the words after which the engine reports an update", () => {
    const olds = { kubeconfig: "/another/machine/config", clusterIdentifier: "dev" };

    expect(() => compareConfigs(olds, { ...here, clusterIdentifier: "dev" })).toThrow(
      `failed to parse kubeconfig: ${notAnObject}`,
    );
  });
});

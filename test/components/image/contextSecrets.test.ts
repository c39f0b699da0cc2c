import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { findContextSecrets } from "../../../components/image/contextSecrets";

const kubeconfig = "apiVersion: v1\nkind: Config\nclusters: []\nusers: []\n";
const key = "-----BEGIN EC PRIVATE KEY-----\nMHc=\n-----END EC PRIVATE KEY-----\n";

let home: string;
let root: string;

beforeEach(() => {
  home = process.cwd();
  root = fs.mkdtempSync(path.join(os.tmpdir(), "slipway-context-"));
  write("deploy/Pulumi.yaml");
  write("src/pages/index.js");
  write("Dockerfile");
  process.chdir(path.join(root, "deploy"));
});

afterEach(() => {
  process.chdir(home);
  fs.rmSync(root, { recursive: true });
});

function write(file: string, content = ""): void {
  fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  fs.writeFileSync(path.join(root, file), content);
}

const find = (): string[] => findContextSecrets({ directory: "..", dockerfile: "../Dockerfile" });
const sentence = (file: string, kind: string, line: string): string =>
  `\`../${file}\` is ${kind}. Everyone who can pull the image could read it. Add the line \`${line}\` to \`../.dockerignore\`.`;

describe("findContextSecrets", () => {
  it("finds nothing in a context that leaves the program out", () => {
    write(".dockerignore", "deploy\n");
    expect(find()).toEqual([]);
  });

  it("finds the program's folder, once", () => {
    write("deploy/Pulumi.dev.yaml");
    expect(find()).toEqual([sentence("deploy", "the folder of Pulumi.yaml", "deploy")]);
  });

  it.each([
    [
      "packages/ui/node_modules/x/index.js",
      "packages/ui/node_modules",
      "a folder of installed packages",
      "**/node_modules",
    ],
    [".git/HEAD", ".git", "the repository's history", "**/.git"],
    ["a/.pulumi/credentials.json", "a/.pulumi", "Pulumi's folder", "**/.pulumi"],
    [".slipway/kubeconfig", ".slipway", "Slipway's folder", "**/.slipway"],
    [".kube/config", ".kube", "the folder of kubectl's credentials", "**/.kube"],
    [
      "infra/Pulumi.prod.yaml",
      "infra/Pulumi.prod.yaml",
      "a file of Pulumi's configuration",
      "**/Pulumi*.yaml",
    ],
  ])("finds %s", (file, found, kind, line) => {
    write(".dockerignore", "deploy\n");
    write(file);
    expect(find()).toEqual([sentence(found, kind, line)]);
    write(".dockerignore", `deploy\n${line}\n`);
    expect(find()).toEqual([]);
  });

  it.each([
    ["cluster.yaml", kubeconfig, "a kubeconfig"],
    [
      "cluster.json",
      JSON.stringify({ kind: "Config", clusters: [] }, undefined, 1),
      "a kubeconfig",
    ],
    ["keys/deploy", key, "a private key"],
    ["tls.pem", `subject=x\n${key}`, "a private key"],
    ["credentials.json", '{"accessTokens":{}}', "a file of Pulumi's credentials"],
  ])("finds what is in %s", (file, content, kind) => {
    write(".dockerignore", "deploy\n");
    write(file, content);
    expect(find()).toEqual([sentence(file, kind, file)]);
  });

  it.each([
    ["content/kubernetes.md", kubeconfig],
    ["content/post.mdx", key],
    ["docker-compose.yml", "services: {}\n"],
    ["static/ca.pem", "-----BEGIN CERTIFICATE-----\n"],
  ])("takes %s for content", (file, content) => {
    write(".dockerignore", "deploy\n");
    write(file, content);
    expect(find()).toEqual([]);
  });

  it("finds a file of environment variables that git does not track", () => {
    write(".dockerignore", "deploy\n**/.git\n");
    write(".env.production", "GATSBY_API_URL=https://api.example.com\n");
    execFileSync("git", ["init", "--quiet"], { cwd: root });
    execFileSync("git", ["add", ".env.production"], { cwd: root });
    expect(find()).toEqual([]);

    write("site/.env", "TOKEN=x\n");
    expect(find()).toEqual([
      sentence("site/.env", "a file of environment variables that git does not track", "site/.env"),
    ]);
  });

  it("names the Dockerfile's own ignore file if there is one", () => {
    write("Dockerfile.dockerignore", "");
    expect(find()).toEqual([
      "`../deploy` is the folder of Pulumi.yaml. Everyone who can pull the image could read it. Add the line `deploy` to `../Dockerfile.dockerignore`.",
    ]);
  });
});

import { execFileSync } from "node:child_process";

import { findContextSecrets } from "../../../components/image/contextSecrets";
import { context, inContextFolder } from "../../support/contextFolder";

const kubeconfig = "apiVersion: v1\nkind: Config\nclusters: []\nusers: []\n";
const key = "-----BEGIN EC PRIVATE KEY-----\nMHc=\n-----END EC PRIVATE KEY-----\n";

const folder = inContextFolder();
const { write } = folder;
const find = (): string[] => findContextSecrets(context);
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
    ["home/.aws/credentials", "home/.aws", "the folder of AWS' credentials", "**/.aws"],
    [
      "home/.config/gcloud/credentials.db",
      "home/.config/gcloud",
      "the folder of Google Cloud's credentials",
      "**/.config/gcloud",
    ],
    [".docker/config.json", ".docker", "the folder of Docker's logins", "**/.docker"],
    [".ssh/id_ed25519", ".ssh", "the folder of ssh's keys", "**/.ssh"],
    ["infra/Pulumi.yml", "infra/Pulumi.yml", "a file of Pulumi's configuration", "**/Pulumi*.yml"],
    ["certs/site.p12", "certs/site.p12", "a store of keys", "certs/site.p12"],
    [".netrc", ".netrc", "a file of logins", ".netrc"],
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
    ["cluster.min.json", '{"kind":"Config","clusters":[]}', "a kubeconfig"],
    ["prod.kubeconfig", kubeconfig, "a kubeconfig"],
    ["keys/deploy", key, "a private key"],
    ["putty.ppk", "PuTTY-User-Key-File-3: ssh-ed25519\n", "a private key"],
    ["signing.asc", "-----BEGIN PGP PRIVATE KEY BLOCK-----\n", "a private key"],
    ["key.json", JSON.stringify({ key }), "a private key"],
    [
      "account.json",
      '{"type": "service_account", "private_key": "x"}',
      "a file of Google Cloud's credentials",
    ],
    ["keys.ini", "[default]\naws_secret_access_key = x\n", "a file of AWS' credentials"],
    [
      "registry.json",
      '{"auths": {"registry.example.com": {"auth": "dTpw"}}}',
      "a file of Docker's logins",
    ],
    [
      "terraform.tfstate",
      '{"version": 4, "terraform_version": "1.9.0", "lineage": "x"}',
      "a state of Terraform",
    ],
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
    ["src/node_modules.md", ""],
    ["src/gcloud/index.json", "{}"],
    ["docker.json", '{"auths": {"registry.example.com": {}}, "credsStore": "pass"}'],
    ["example.yaml", "token: glpat-xxxxxxxxxxxxxxxxxxxx\n"],
    ["map.yaml", "kind: ConfigMap\nclusters: []\n"],
  ])("takes %s for content", (file, content) => {
    write(".dockerignore", "deploy\n");
    write(file, content);
    expect(find()).toEqual([]);
  });

  it("finds a file of environment variables that git does not track", () => {
    write(".dockerignore", "deploy\n**/.git\n");
    write(".env.production", "GATSBY_API_URL=https://api.example.com\n");
    execFileSync("git", ["init", "--quiet"], { cwd: folder.root });
    execFileSync("git", ["add", ".env.production"], { cwd: folder.root });
    expect(find()).toEqual([]);

    write("site/.env", "TOKEN=x\n");
    expect(find()).toEqual([
      sentence("site/.env", "a file of environment variables that git does not track", "site/.env"),
    ]);
  });

  it("escapes what has a meaning in `.dockerignore`", () => {
    write(".dockerignore", "deploy\n");
    write("keys/[old]*.pem", key);
    expect(find()).toEqual([
      sentence("keys/[old]*.pem", "a private key", String.raw`keys/\[old\]\*.pem`),
    ]);
    write(".dockerignore", String.raw`deploy${"\n"}keys/\[old\]\*.pem`);
    expect(find()).toEqual([]);
  });

  it("names the Dockerfile's own ignore file if there is one", () => {
    write("Dockerfile.dockerignore", "");
    expect(find()).toEqual([
      "`../deploy` is the folder of Pulumi.yaml. Everyone who can pull the image could read it. Add the line `deploy` to `../Dockerfile.dockerignore`.",
    ]);
  });
});

import { parseAllDocuments } from "yaml";

import { manifests } from "../../../cli/commands/manifests";
import { UserError } from "../../../cli/errors";
import { main } from "../../../cli/main";
import type { FakeStack } from "../../support/cli";
import { digest } from "../../support/stackConfig";
import { SiteProject, type Values } from "../manifests/support/project";
import { RenderingIo } from "../manifests/support/renderingIo";

/** With characters that base64 and URLs encode. */
const token = "gldt-Zq7/+ü~x9Zq7/+ü~x9";
const image = "gitlab.example.com:5050/group/handbook";
const encrypted = { secure: "v1:encrypted" };
let project: SiteProject;

beforeEach(() => (project = new SiteProject()));
afterEach(() => project.remove());

interface Given {
  readonly values?: Values;
  readonly stacks?: Record<string, FakeStack>;
  readonly env?: NodeJS.ProcessEnv;
}

async function render(stack: string, { env = {}, stacks = {}, values = {} }: Given = {}) {
  project.configure(stack, values);
  const io = new RenderingIo(stacks);
  io.env = env;
  await manifests({ cwd: project.folder, stack }, io);
  return io.printed.join("\n");
}

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec?: object;
}

const parse = (text: string): Manifest[] =>
  parseAllDocuments(text).map((document) => document.toJS() as Manifest);

const findDeployment = (text: string) => parse(text).find(({ kind }) => kind === "Deployment");

const refusalOf = async (rendering: Promise<string>): Promise<string> => {
  const error: unknown = await rendering.catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(UserError);
  return (error as UserError).message;
};

describe("slipway manifests", () => {
  it("renders the objects of a site's own program, as they are deployed", async () => {
    const values = { host: "www.example.com", replicas: "3" };
    const text = await render("dev", { values });

    expect(text).toMatch(
      /^# Stack dev of handbook, as its program registers it\. Secrets are left out\.\n# The digest sha256:00000000\.\.\. is a placeholder: nothing is deployed, or the state can't be read\.\napiVersion: v1\nkind: Namespace\n/,
    );
    const objects = parse(text).map(({ kind, metadata: { name, namespace } }) =>
      [kind, name, namespace].filter(Boolean).join(" "),
    );
    expect(objects[0]).toBe("Namespace handbook-gatsby-site-dev");
    expect(objects).toEqual(
      expect.arrayContaining([
        "ConfigMap gatsby-site-environment handbook-gatsby-site-dev",
        "Deployment gatsby-site handbook-gatsby-site-dev",
        "Ingress gatsby-site handbook-gatsby-site-dev",
        "Secret gitlab-registry handbook-gatsby-site-dev",
        "Service gatsby-site handbook-gatsby-site-dev",
        "ServiceAccount gatsby-site handbook-gatsby-site-dev",
      ]),
    );
    expect(findDeployment(text)?.spec).toMatchObject({
      replicas: 3,
      template: {
        spec: {
          imagePullSecrets: [{ name: "gitlab-registry" }],
          containers: [{ image: `${image}@sha256:${"0".repeat(64)}` }],
        },
      },
    });
    expect(await render("dev", { values })).toBe(text);
  });

  it.each([
    ["builds", {}],
    ["promotes", { tier: "production", release: "promote", promoteFrom: "staging" }],
  ])("shows the release that a stack runs which %s", async (_, values) => {
    const outputs = { digest, image: `${image}@${digest}`, commit: "1ecfd275", tier: "production" };
    const text = await render("prod", { values, stacks: { prod: { outputs } } });

    expect(text).not.toContain("placeholder");
    expect(findDeployment(text)?.spec).toMatchObject({
      template: { spec: { containers: [{ image: `${image}@${digest}` }] } },
    });
  });

  it("shows no token and no secret of the configuration, in any form", async () => {
    // A program that would print what it gets hold of.
    project.write(
      "index.ts",
      `import createStack = require("slipway/program");
       import * as k8s from "@pulumi/kubernetes";
       import * as pulumi from "@pulumi/pulumi";
       export = async () => {
         const config = new pulumi.Config("gitlab");
         const seen = [process.env.GITLAB_TOKEN, process.env.READER, process.env.NPM_TOKEN].join();
         console.log(seen);
         new k8s.core.v1.ConfigMap("seen", {
           data: { seen, encoded: encodeURIComponent(seen), base64: btoa(escape(seen)), token: config.requireSecret("token") },
         });
         return createStack();
       };\n`,
    );
    const pull = { username: "reader", passwordFrom: "READER" };
    const push = { username: "writer", password: encrypted };
    const text = await render("dev", {
      values: { credentials: { pull, push }, "gitlab:token": encrypted },
      env: { GITLAB_TOKEN: token, READER: token, NPM_TOKEN: token },
    });

    for (const form of [
      token,
      encodeURIComponent(token),
      escape(token),
      Buffer.from(token).toString("base64").slice(0, -4),
      Buffer.from(`reader:${token}`).toString("base64").slice(0, -4),
      "Zq7",
      "v1:encrypted",
    ]) {
      expect(text).not.toContain(form);
    }
    const documents = parse(text);
    expect(documents.find(({ kind }) => kind === "Secret")).toEqual({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "gitlab-registry", namespace: "handbook-gatsby-site-dev" },
      type: "kubernetes.io/dockerconfigjson",
    });
    expect(documents.find(({ metadata }) => metadata.name === undefined)).toMatchObject({
      data: { seen: "[value of GITLAB_TOKEN],[value of READER],", token: "[secret]" },
    });
  });

  it("needs no CA that this machine trusts, and no credentials", async () => {
    const values = { caCertificate: "missing.pem", credentials: encrypted };
    expect(findDeployment(await render("dev", { values }))).toBeDefined();
  });

  it("says what the program refuses, without a stack trace", async () => {
    const values = { replica: "2", host: "https://x" };
    expect(await refusalOf(render("dev", { values }))).toBe(
      `The program of stack \`dev\` can't be rendered:
  The configuration of stack \`dev\` has 2 problems:
    - \`replica\` is not a key of this program. Did you mean \`replicas\`?
        pulumi config rm replica
    - \`host\` is "https://x", which is not a host name without scheme, port and path.
        pulumi config set host www.example.com`,
    );
  });

  it.each([
    ["throws", "throw new Error('gone');", "Error: gone"],
    ["fails later", "void Promise.reject(new Error('gone'));", "Error: gone"],
    ["asks a provider", 'await pulumi.runtime.invoke("a:b:c", {});', "The program calls `a:b:c`"],
    ["ends", "process.exit(3);", "It ended without a message."],
  ])("is an error of the user's if the program %s", async (_, code, message) => {
    const imports = 'import * as pulumi from "@pulumi/pulumi";';
    project.write(
      "index.ts",
      `${imports}\nexport = async () => { ${code}; pulumi.getStack(); };\n`,
    );
    expect(await refusalOf(render("dev"))).toContain(message);
  });

  it("renders a stack without a file if Pulumi knows it, and names the nearest one if not", async () => {
    const io = new RenderingIo({ review: {} });
    await manifests({ cwd: project.folder, stack: "review" }, io);
    expect(io.printed.join()).toContain("name: handbook-gatsby-site-review\n");

    const missing = manifests({ cwd: project.folder, stack: "revew" }, io).then(String);
    expect(await refusalOf(missing)).toContain("There is no stack `revew`. Did you mean `review`?");
  });

  it("does without a state that can't be read", async () => {
    const stacks = { dev: { unreadable: "could not reach the backend" } };
    expect(await render("dev", { stacks })).toContain("is a placeholder");
  });

  it("takes the selected stack by default, and has exit codes as the others", async () => {
    project.configure("dev", {});
    const io = new RenderingIo({});
    expect(await main(["--cwd", project.folder, "manifests"], io)).toBe(0);
    expect(io.printed.join()).toContain("# Stack dev of handbook");

    const error = jest.spyOn(console, "error").mockReturnValue();
    project.configure("dev", { replica: "1" });
    expect(await main(["--cwd", project.folder, "manifests"], io)).toBe(1);
    error.mockRestore();
  });
});

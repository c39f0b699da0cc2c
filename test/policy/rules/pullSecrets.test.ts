import { checkResource, checkStack, type TestResource, unknown } from "../support/check";
import { createDeployment } from "../support/deployment";

const encode = (text: string): string => Buffer.from(text).toString("base64");

const renderLogin = (username: string, password: string): string =>
  encode(
    JSON.stringify({
      auths: { "gitlab.example.com:5050": { auth: encode(`${username}:${password}`) } },
    }),
  );

const createSecret = (data: unknown, changed: Partial<TestResource> = {}): TestResource => ({
  type: "kubernetes:core/v1:Secret",
  name: "pull",
  props: {
    metadata: { name: "gitlab-registry", namespace: "web" },
    type: "kubernetes.io/dockerconfigjson",
    data,
  },
  ...changed,
});

const secret = createSecret({ ".dockerconfigjson": renderLogin("slipway", "gldt-abc") });
const bare = createDeployment({ imagePullSecrets: undefined, serviceAccountName: "site" });

describe("pull-secret", () => {
  const message =
    "web: The pod pulls from `gitlab.example.com:5050` and has no `imagePullSecrets`: nodes without the image can't start it. Name the stack's pull secret there or in the pod's service account; if the nodes have credentials: `pulumi config set pullSecret nodes`.";

  it("refuses a pod without one, in a stack that has one or needs one", async () => {
    expect(await checkStack("pull-secret", [secret, bare])).toEqual([message]);
    const stack = { pullSecret: "always" };
    expect(await checkStack("pull-secret", [bare], { stack })).toEqual([message]);
  });

  it("accepts one in the pod, in its service account or in the account's entry", async () => {
    const account = {
      type: "kubernetes:core/v1:ServiceAccount",
      props: { metadata: { name: "site" }, imagePullSecrets: [{ name: "gitlab-registry" }] },
    };
    const entry = {
      type: "pulumi-nodejs:dynamic:Resource",
      props: { account: "site", secret: "gitlab-registry" },
    };
    expect(await checkStack("pull-secret", [secret, createDeployment()])).toEqual([]);
    expect(await checkStack("pull-secret", [secret, bare, account])).toEqual([]);
    expect(await checkStack("pull-secret", [secret, bare, entry])).toEqual([]);
  });

  it("accepts a pod without one where none is needed", async () => {
    expect(await checkStack("pull-secret", [bare])).toEqual([]);
    const stack = { pullSecret: "nodes" };
    expect(await checkStack("pull-secret", [secret, bare], { stack })).toEqual([]);
    const elsewhere = createDeployment({
      imagePullSecrets: undefined,
      containers: [{ name: "web", image: "docker.io/library/nginx" }],
    });
    expect(await checkStack("pull-secret", [secret, elsewhere])).toEqual([]);
  });

  it("leaves to the update what a preview does not know", async () => {
    const unknownList = createDeployment({ imagePullSecrets: unknown.list });
    const unknownName = createDeployment({ imagePullSecrets: [{ name: unknown.text }] });
    const unknownImage = createDeployment({
      imagePullSecrets: undefined,
      containers: [{ name: "web", image: unknown.text }],
    });
    for (const deployment of [unknownList, unknownName, unknownImage]) {
      expect(await checkStack("pull-secret", [secret, deployment])).toEqual([]);
    }
  });
});

describe("pull-secret-job-token", () => {
  const check = (resource: TestResource) => checkResource("pull-secret-job-token", resource);
  const message =
    "The login for `gitlab.example.com:5050` is a job's token (CI_JOB_TOKEN): it ends with the job, and pods that start later can't pull. Use a deploy token with the scope `read_registry`, as `RegistryAccess` creates it.";

  it("refuses the token of a job, and does not print it", async () => {
    const login = renderLogin("gitlab-ci-token", "hidden");
    expect(await check(createSecret({ ".dockerconfigjson": login }))).toEqual([message]);
    const text = JSON.stringify({
      auths: { "gitlab.example.com:5050": { username: "me", password: "glcbt-hidden" } },
    });
    const props = {
      type: "kubernetes.io/dockerconfigjson",
      stringData: { ".dockerconfigjson": text },
    };
    expect(await check(createSecret(undefined, { props }))).toEqual([message]);
  });

  it("accepts a deploy token, another secret, and what is unknown or no login", async () => {
    expect(await check(secret)).toEqual([]);
    expect(await check(createSecret({ ".dockerconfigjson": unknown.text }))).toEqual([]);
    expect(await check(createSecret(unknown.object))).toEqual([]);
    expect(await check(createSecret({ ".dockerconfigjson": encode("no JSON") }))).toEqual([]);
    const props = { type: "Opaque", data: { password: encode("gitlab-ci-token") } };
    expect(await check(createSecret(undefined, { props }))).toEqual([]);
  });
});

describe("pull-secret-mutable", () => {
  const check = (provider?: object, changed: Partial<TestResource> = {}) =>
    checkResource("pull-secret-mutable", { ...secret, ...changed, provider });

  it("refuses a fixed name with a provider that replaces secrets", async () => {
    const message =
      "The secret has a fixed name, \"gitlab-registry\", and its provider's `enableSecretMutable` is not true: new credentials delete it before they create it, and pods can't pull in between. Use `createClusterProvider`, or a provider with `enableSecretMutable: true`.";
    expect(await check()).toEqual([message]);
    expect(await check({ enableSecretMutable: "false" })).toEqual([message]);
  });

  it("accepts a provider that changes them, and a name of Pulumi's", async () => {
    expect(await check({ enableSecretMutable: true })).toEqual([]);
    expect(await check({ enableSecretMutable: "true" })).toEqual([]);
    expect(await check({ enableSecretMutable: unknown.text })).toEqual([]);
    const metadata = { name: "pull-1a2b3c4d", annotations: { "pulumi.com/autonamed": "true" } };
    const props = { type: "kubernetes.io/dockerconfigjson", metadata };
    expect(await check(undefined, { props })).toEqual([]);
  });
});

describe("pull-secret-scope", () => {
  const createToken = (scopes: unknown): TestResource => ({
    type: "gitlab:index/projectDeployToken:ProjectDeployToken",
    name: "registry-pull-a",
    props: { name: "slipway/site/prod/pull-a", scopes },
  });
  const check = (token: TestResource) =>
    checkStack("pull-secret-scope", [token, { ...secret, dependsOn: { data: [token] } }]);

  it("refuses a token that may write", async () => {
    expect(await check(createToken(["read_registry", "write_registry"]))).toEqual([
      "pull: The secret has the token `slipway/site/prod/pull-a`, which may write: whoever reads the secret could replace images. Use a token with only the scope `read_registry`.",
    ]);
  });

  it("accepts one that only reads, and unknown scopes", async () => {
    expect(await check(createToken(["read_registry"]))).toEqual([]);
    expect(await check(createToken(unknown.list))).toEqual([]);
    expect(await check(createToken([unknown.text]))).toEqual([]);
  });
});

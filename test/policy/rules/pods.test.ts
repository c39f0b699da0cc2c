import { checkResource, unknown } from "../support/check";
import { container, createContainer, createDeployment, pod } from "../support/deployment";

const check = (resource: Parameters<typeof checkResource>[1]) =>
  checkResource("pod-restricted", resource);

describe("pod-restricted", () => {
  it("accepts a restricted pod, and resources without pods", async () => {
    expect(await check(createDeployment())).toEqual([]);
    expect(await check({ type: "kubernetes:core/v1:Service", props: { spec: {} } })).toEqual([]);
  });

  it.each<[string, object, string]>([
    ["hostNetwork", { hostNetwork: true }, "true, which"],
    ["hostPID", { hostPID: true }, "true, which"],
    ["hostIPC", { hostIPC: true }, "true, which"],
    ["volumes", { volumes: [{ name: "a", hostPath: { path: "/" } }] }, '"hostPath", which'],
    [
      "securityContext.sysctls",
      { securityContext: { ...pod.securityContext, sysctls: [{ name: "net.core.somaxconn" }] } },
      '"net.core.somaxconn", which',
    ],
    [
      "securityContext.runAsUser",
      { securityContext: { ...pod.securityContext, runAsUser: 0 } },
      "0",
    ],
  ])("refuses a pod's %s", async (field, spec, value) => {
    const [message, ...others] = await check(createDeployment(spec));
    expect(message).toContain(`The pod's \`${field}\` is ${value}`);
    expect(others).toEqual([]);
  });

  it.each<[string, object]>([
    ["privileged", { privileged: true }],
    ["allowPrivilegeEscalation", { allowPrivilegeEscalation: undefined }],
    ["runAsNonRoot", { runAsNonRoot: false }],
    ["capabilities.drop", { capabilities: {} }],
    ["capabilities.add", { capabilities: { drop: ["ALL"], add: ["NET_ADMIN"] } }],
    ["procMount", { procMount: "Unmasked" }],
    ["runAsUser", { runAsUser: 0 }],
    ["appArmorProfile.type", { appArmorProfile: { type: "Unconfined" } }],
    ["windowsOptions.hostProcess", { windowsOptions: { hostProcess: true } }],
    ["seLinuxOptions.type", { seLinuxOptions: { type: "spc_t" } }],
    ["seLinuxOptions.user", { seLinuxOptions: { user: "root" } }],
  ])("refuses a container's securityContext.%s", async (field, changed) => {
    const securityContext = { ...container.securityContext, ...changed };
    const [message, ...others] = await check(createContainer({ securityContext }));
    expect(message).toContain(`Container \`web\`: \`securityContext.${field}\` is `);
    expect(others).toEqual([]);
  });

  it("says what a field is, and what it must be", async () => {
    const securityContext = { ...container.securityContext, privileged: true };
    expect(await check(createContainer({ securityContext }))).toEqual([
      'Container `web`: `securityContext.privileged` is true, which "restricted" pods must not have. It must be false.',
    ]);
    expect(await check(createDeployment({ securityContext: {} }))).toEqual([
      'Container `web`: `securityContext.runAsNonRoot` is not set, which "restricted" pods must not have. It must be true.',
      'Container `web`: `securityContext.seccompProfile.type` is not set, which "restricted" pods must not have. It must be "RuntimeDefault".',
    ]);
  });

  it("refuses ports and probes of the node", async () => {
    const ports = [{ containerPort: 80, hostPort: 80 }];
    const readinessProbe = { httpGet: { host: "127.0.0.1", path: "/" } };
    expect(await check(createContainer({ ports, readinessProbe }))).toEqual([
      'Container `web`: `ports.hostPort` is 80, which "restricted" pods must not have. It must be not set.',
      'Container `web`: `readinessProbe.httpGet.host` is "127.0.0.1", which "restricted" pods must not have. It must be not set.',
    ]);
  });

  it("checks what is known beside an unknown value", async () => {
    const securityContext = { ...container.securityContext, privileged: true };
    const unknownImage = createContainer({ image: unknown.text, securityContext });
    expect(await check(unknownImage)).toHaveLength(1);
    expect(await check(createContainer({ securityContext: unknown.object }))).toEqual([]);
    expect(await check(createDeployment({ containers: unknown.list }))).toEqual([]);
  });
});

describe("namespace-restricted", () => {
  const type = "kubernetes:core/v1:Namespace";
  const checkLabels = (labels?: unknown) =>
    checkResource("namespace-restricted", { type, props: { metadata: { labels } } });

  it("refuses a namespace that takes other pods", async () => {
    expect(await checkLabels({ "pod-security.kubernetes.io/enforce": "baseline" })).toEqual([
      'The label `pod-security.kubernetes.io/enforce` is "baseline": the namespace takes pods with more privileges than a site needs. Set it to "restricted".',
    ]);
    expect(await checkLabels()).toEqual([
      'The label `pod-security.kubernetes.io/enforce` is not set: the namespace takes pods with more privileges than a site needs. Set it to "restricted".',
    ]);
  });

  it("accepts a restricted one, and one whose labels are unknown", async () => {
    expect(await checkLabels({ "pod-security.kubernetes.io/enforce": "restricted" })).toEqual([]);
    expect(await checkLabels(unknown.object)).toEqual([]);
  });
});

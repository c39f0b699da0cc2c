import { inSandbox } from "./support/checkout";

const minuteMs = 60_000;

/** Waits, with a limit, until `kubectl` prints what matches. */
async function eventually(command: string, expected: RegExp): Promise<string> {
  const attempts = 60;
  let output = "";
  for (let attempt = 0; attempt < attempts; attempt++) {
    output = await inSandbox(command);
    if (expected.test(output)) return output;
    await inSandbox("kubectl wait pod --all --for=delete --timeout=1s >/dev/null 2>&1 || true");
  }
  throw new Error(`\`${command}\` never printed ${String(expected)}, but at last:\n${output}`);
}

describe("the registry", () => {
  let image: string;
  let namespace: string;

  beforeAll(async () => {
    image = (await inSandbox("pulumi stack output image")).trim();
    namespace = (await inSandbox("pulumi stack output namespace")).trim();
    // An image that the node has would start without any credential.
    await inSandbox("kubectl run with-secret --dry-run=client --image=x >/dev/null");
  }, minuteMs);

  afterAll(async () => {
    await inSandbox(
      `kubectl delete pod with-secret without-secret --namespace ${namespace} --ignore-not-found --wait=false`,
    );
  }, minuteMs);

  const pod = (name: string, secrets: readonly string[]): string =>
    JSON.stringify({
      spec: {
        imagePullSecrets: secrets.map((secret) => ({ name: secret })),
        securityContext: {
          runAsNonRoot: true,
          runAsUser: 101,
          seccompProfile: { type: "RuntimeDefault" },
        },
        containers: [
          {
            name,
            image,
            imagePullPolicy: "Always",
            securityContext: {
              allowPrivilegeEscalation: false,
              capabilities: { drop: ["ALL"] },
            },
          },
        ],
      },
    });
  const runPod = (name: string, secrets: readonly string[]): Promise<string> =>
    inSandbox(
      `kubectl run ${name} --namespace ${namespace} --image ${image} --overrides '${pod(name, secrets)}'`,
    );
  const statusOf = (name: string): string =>
    `kubectl get pod ${name} --namespace ${namespace} --output jsonpath='{.status}'`;

  it(
    "gives the image to a pod with the pull secret",
    async () => {
      await runPod("with-secret", ["gitlab-registry"]);
      expect(await eventually(statusOf("with-secret"), /"ready":true/)).toContain(
        image.slice(image.indexOf("@")),
      );
    },
    2 * minuteMs,
  );

  it(
    "refuses it to a pod without",
    async () => {
      await runPod("without-secret", []);
      expect(
        await eventually(statusOf("without-secret"), /ErrImagePull|ImagePullBackOff/),
      ).not.toContain('"ready":true');
      const events = await eventually(
        `kubectl get events --namespace ${namespace} --field-selector involvedObject.name=without-secret`,
        /Failed to pull/,
      );
      expect(events).toMatch(/failed to fetch anonymous token|401|403|authorization failed/);
    },
    2 * minuteMs,
  );
});

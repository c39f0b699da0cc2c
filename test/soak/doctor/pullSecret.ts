import { inSandbox } from "../../e2e/support/checkout";
import { diagnose, expectFailure, inNamespace, whilePatched } from "../../e2e/support/doctor";
import { type Fault, testFaults } from "./fault";

const name = "gitlab-registry";
const file = ".sandbox/pull-secret.json";

/** The pull secret, and how the pods name it. */
export function testPullSecret(): void {
  const replace = (create: string) => ({
    inject: () =>
      inSandbox(
        `kubectl get secret ${name} ${inNamespace} --output json > ${file}; kubectl delete secret ${name} ${inNamespace}; ${create}`,
      ),
    end: () =>
      inSandbox(
        `kubectl delete secret ${name} ${inNamespace} --ignore-not-found; kubectl create --filename ${file}`,
      ),
  });
  const registrySecret = (server: string): string =>
    `kubectl create secret docker-registry ${name} ${inNamespace} --docker-server ${server} --docker-username x --docker-password y`;
  const fault = (fault: string, create: string, cause: RegExp): Fault => ({
    name: fault,
    ...replace(create),
    causes: { "pull-secret": cause },
    code: 17,
  });

  testFaults([
    fault(
      "a secret that was deleted",
      ":",
      /has no secret `gitlab-registry`, so its pods can't pull/,
    ),
    fault(
      "a secret of another type",
      `kubectl create secret generic ${name} ${inNamespace} --from-literal .dockerconfigjson={}`,
      /^The secret `gitlab-registry` has the type "Opaque", and the kubelet reads only/,
    ),
    fault(
      "a secret for another host",
      registrySecret("other.example.com"),
      /has no credentials for `gitlab\.thelinuxlabs\.com:5050`, but for: other\.example\.com\./,
    ),
    fault(
      "a secret for the host without its port",
      registrySecret("gitlab.thelinuxlabs.com"),
      /has no credentials for `gitlab\.thelinuxlabs\.com:5050`, but for: gitlab\.thelinuxlabs\.com\./,
    ),
    fault(
      "a secret with another credential",
      registrySecret("gitlab.thelinuxlabs.com:5050"),
      /^The secret `gitlab-registry` has other credentials than the stack's pull token: /,
    ),
  ]);

  it("pods that do not name it", async () => {
    const pod = { imagePullSecrets: undefined };
    const diagnosis = await whilePatched({}, "gatsby-site", () => diagnose("dev --no-pod"), pod);
    const causes = { "pull-secret": /^The pods of `gatsby-site` do not name the pull secret/ };
    expectFailure(diagnosis, causes, 17);
  }, 240_000);
}

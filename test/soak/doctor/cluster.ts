import { inSandbox } from "../../e2e/support/checkout";
import { inNamespace } from "../../e2e/support/doctor";
import { testFaults } from "./fault";

/** A kubeconfig of the test's own, which a command changes. */
const changed = (change: string): string =>
  `kubectl config view --raw --flatten > .sandbox/changed.kubeconfig; export KUBECONFIG=$PWD/.sandbox/changed.kubeconfig; name=$(kubectl config view --minify -o 'jsonpath={.contexts[0].context.cluster}'); user=$(kubectl config view --minify -o 'jsonpath={.contexts[0].context.user}'); ${change}`;
const setServer = (url: string): string =>
  changed(`kubectl config set-cluster "$name" --server ${url} >/dev/null`);

const apply = (object: object): Promise<string> =>
  inSandbox(`echo '${JSON.stringify(object)}' | kubectl apply ${inNamespace} --filename -`);
const remove = (kind: string): Promise<string> =>
  inSandbox(`kubectl delete ${kind} doctor ${inNamespace} --ignore-not-found`);
const role = (...verbs: string[]): object => ({
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "Role",
  metadata: { name: "doctor" },
  rules: [
    { apiGroups: ["", "apps", "networking.k8s.io"], resources: ["*"], verbs: ["get", "list"] },
    { apiGroups: ["apps", ""], resources: ["deployments", "services"], verbs },
  ],
});
const asServiceAccount = changed(
  `kubectl config set-credentials doctor --token "$(kubectl create token doctor ${inNamespace})" >/dev/null; kubectl config set-context --current --user doctor >/dev/null`,
);

/** The cluster: its address, its login, the rights in it, and what its namespace allows. */
export function testCluster(): void {
  testFaults([
    {
      name: "a cluster that does not run",
      setup: setServer("https://127.0.0.1:1"),
      causes: { cluster: /^Nothing listens at 127\.0\.0\.1:1: / },
      code: 17,
    },
    {
      name: "a cluster whose name the DNS does not know",
      setup: setServer("https://cluster.invalid:6443"),
      causes: { cluster: /cluster\.invalid/ },
      code: 17,
    },
    {
      name: "a cluster with another CA",
      setup: changed(
        'kubectl config set-cluster "$name" --certificate-authority "$NODE_EXTRA_CA_CERTS" --embed-certs >/dev/null',
      ),
      causes: { cluster: /CA|certificate/ },
      code: 17,
    },
    {
      name: "a login that the cluster does not know",
      setup: changed(
        "kubectl config set-credentials doctor --token wrong >/dev/null; kubectl config set-context --current --user doctor >/dev/null",
      ),
      causes: { cluster: /expired|log|credential|who/i },
      code: 17,
    },
    {
      name: "a context that is not there",
      setup: changed(
        "kubectl config use-context nowhere >/dev/null; sed -i 's/^current-context:.*/current-context: nowhere/' $KUBECONFIG",
      ),
      causes: { cluster: /^The kubeconfig has no context nowhere\.$/ },
      code: 17,
    },
    {
      name: "an account that may only read, and change Deployments and Services",
      inject: async () => {
        // It may be there since an earlier test.
        await inSandbox(
          `kubectl create serviceaccount doctor ${inNamespace} --dry-run=client --output json | kubectl apply --filename -`,
        );
        await apply(role("create", "patch", "delete"));
        await inSandbox(
          `kubectl create rolebinding doctor --role doctor --serviceaccount gatsby-site-dev:doctor ${inNamespace}`,
        );
      },
      end: () => remove("rolebinding,role,serviceaccount"),
      setup: asServiceAccount,
      causes: {
        cluster:
          /^This account may not create, patch, delete configmaps in namespace `gatsby-site-dev`\.\nThis account may not create, patch, delete secrets in /,
      },
      code: 17,
    },
    {
      name: "a quota that is used up",
      inject: () =>
        apply({
          apiVersion: "v1",
          kind: "ResourceQuota",
          metadata: { name: "doctor" },
          spec: { hard: { pods: "1" } },
        }).then(() => inSandbox("sleep 3")),
      end: () => remove("resourcequota"),
      warning: /^The quota `doctor` of namespace `gatsby-site-dev` is used up: pods 1 of 1\./,
    },
    {
      name: "a limit range that is too low",
      inject: () =>
        apply({
          apiVersion: "v1",
          kind: "LimitRange",
          metadata: { name: "doctor" },
          spec: { limits: [{ type: "Container", max: { memory: "16Mi" } }] },
        }),
      end: () => remove("limitrange"),
      warning:
        /^The cluster would refuse a new pod of the site, as in the next update\. A LimitRange of the namespace allows a Container only 16Mi/,
    },
    {
      name: "an Ingress whose class nothing serves",
      inject: () => inSandbox("pulumi config set host www.example.com --stack dev"),
      end: () => inSandbox("pulumi config rm host --stack dev"),
      causes: {
        namespace:
          /^The cluster has no IngressClass, so no controller serves `www\.example\.com`\.$/,
      },
      code: 17,
    },
    {
      name: "an Ingress of a class that is not there",
      inject: async () => {
        await inSandbox("pulumi config set host www.example.com --stack dev");
        await inSandbox("pulumi config set ingressClass nginx --stack dev");
      },
      end: async () => {
        await inSandbox("pulumi config rm host --stack dev");
        await inSandbox("pulumi config rm ingressClass --stack dev");
      },
      causes: { namespace: /^The cluster has no IngressClass `nginx`, so nothing serves / },
      code: 17,
    },
  ]);
}

import type { KnownMessage } from "./message";

/** Messages of Kubernetes' API server, scheduler and controllers. */
export const clusterMessages: readonly KnownMessage[] = [
  {
    program: "kube-scheduler",
    message: "nodes are available: <count> Insufficient cpu",
    also: ["Insufficient cpu"],
    means: "No node has the CPU left that the pod requests.",
    isNot: "a node that is overloaded: only requests count",
    next: "Lower the request: pulumi config set --path 'resources.requests.cpu' 25m. Or add a node.",
  },
  {
    program: "kube-scheduler",
    message: "nodes are available: <count> Insufficient memory",
    also: ["Insufficient memory"],
    means: "No node has the memory left that the pod requests.",
    isNot: "an out-of-memory kill",
    next: "Lower the request: pulumi config set --path 'resources.requests.memory' 32Mi. Or add a node.",
  },
  {
    program: "kube-scheduler",
    message: "node(s) had untolerated taint",
    also: ["node(s) had taint"],
    means: "The nodes are reserved for other pods, or are not ready.",
    isNot: "a lack of memory or CPU",
    next: "kubectl get nodes, and kubectl describe node <node> for its taints.",
  },
  {
    program: "kubectl",
    message: "context was not found for specified context: <place>",
    means: "The kubeconfig has no context <place>.",
    isNot: "a cluster that is down: nothing was asked",
    next: "kubectl config get-contexts, then set KUBECONFIG or `kubernetes:context`.",
    provokedBy: "test/soak/doctor/cluster.ts",
  },
  {
    program: "kube-scheduler",
    message: "node(s) didn't match Pod's node affinity/selector",
    means: "No node has the labels that the pod asks for.",
    isNot: "a lack of memory or CPU",
    next: "kubectl get nodes --show-labels. Slipway's pods have no selector: something in the cluster adds one.",
  },
  {
    program: "kube-scheduler",
    message: "Too many pods",
    means: "The node runs as many pods as it may.",
    isNot: "a quota of the namespace",
    next: "Delete pods that are done, or add a node.",
  },
  {
    program: "kube-apiserver",
    message: "exceeded quota: <quota>, requested: <requested>, used: <used>, limited: <limit>",
    also: ["exceeded quota: <quota>"],
    means:
      "The namespace's quota <quota> leaves no room for the pod. A rolling update needs room for one pod more.",
    isNot: "a full node",
    next: "kubectl describe resourcequota <quota>. Raise it, or lower `replicas` or `resources`.",
  },
  {
    program: "kube-apiserver",
    message: "failed quota: <quota>: must specify <resources>",
    means: "The quota <quota> wants every container to name <resources>.",
    isNot: "a full quota",
    next: "Set them in `resources`, such as: pulumi config set --path 'resources.limits.cpu' 250m",
  },
  {
    program: "kube-apiserver",
    message: "<bound> <resource> usage per <kind> is <limit>, but",
    also: ["<bound> <resource> usage per <kind> is <limit>. No"],
    means: "A LimitRange of the namespace allows a <kind> only <limit> of <resource>.",
    isNot: "a quota of the whole namespace",
    next: "kubectl describe limitrange, then set `resources` to what it allows.",
  },
  {
    program: "kube-apiserver",
    message: 'violates PodSecurity "<level>": <reason>',
    means:
      "The namespace enforces the Pod Security level <level>, and the pod does not meet it: <reason>",
    isNot: "missing rights of your account",
    next: 'Slipway\'s own pods meet "restricted". Look for a webhook or a sidecar that changes them.',
  },
  {
    program: "kube-apiserver",
    message:
      'is forbidden: User "<user>" cannot <verb> resource "<resource>" in API group "<group>"',
    means: "The cluster knows you as <user>, and <user> may not <verb> <resource>.",
    isNot: "an expired login, which is answered with `Unauthorized`",
    next: "Ask the cluster's administrator for a Role with it. To check: kubectl auth can-i <verb> <resource>",
  },
  {
    program: "kubectl",
    message: "You must be logged in to the server",
    also: ["error: You must be logged in to the server (Unauthorized)"],
    means:
      "The cluster does not accept the kubeconfig's credentials: they expired, or belong to another cluster.",
    isNot: "a missing right, which is answered with `forbidden`",
    next: "Get a new kubeconfig, or log in again with your cluster's tool.",
  },
  {
    program: "kubectl",
    message:
      "The connection to the server <address> was refused - did you specify the right host or port?",
    means:
      "Nothing listens at <address>: the cluster is stopped, or the kubeconfig is another one's.",
    isNot: "an expired login",
    next: "kubectl config get-contexts, then set KUBECONFIG or `kubernetes:context`.",
  },
  {
    program: "kube-controller-manager",
    message: 'ReplicaSet "<name>" has timed out progressing',
    also: ["ProgressDeadlineExceeded", "exceeded its progress deadline"],
    isWrapper: true,
    means: "No new pod became ready within `progressDeadlineSeconds`. The pods say why.",
    isNot: "a cause",
    next: 'Run `slipway doctor`: its step "Deployment" reads the pods.',
  },
  {
    program: "kube-apiserver",
    message: "Apply failed with <count> conflict",
    also: ["Apply failed with 1 conflict", "field conflict detected"],
    means: "Another program has set fields that the update sets too.",
    isNot: "a lock on the stack",
    next: "If it may be overwritten, once: PULUMI_K8S_ENABLE_PATCH_FORCE=true npx slipway up",
  },
  {
    program: "kube-apiserver",
    message: "lifecycle.preStop: Required value: must specify a handler type",
    also: ["lifecycle.preStop.sleep: field not declared in schema"],
    means: "The cluster's Kubernetes is older than 1.30, and does not know `preStop.sleep`.",
    isNot: "a mistake in the configuration",
    next: "Have the cluster updated: kubectl version says what it has, docs/cluster.md what the site needs.",
  },
];

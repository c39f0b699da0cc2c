import type { KnownMessage } from "./message";

/** Messages of containerd and kubelet about pulling images and running containers. */
export const podMessages: readonly KnownMessage[] = [
  {
    program: "containerd, kubelet",
    message: "failed to fetch anonymous token: unexpected status from <request>: 401 Unauthorized",
    also: [
      "failed to fetch anonymous token: unexpected status from <request>: 403 Forbidden",
      "failed to fetch anonymous token: unexpected status: <status>",
    ],
    means:
      "The node asked for a token without credentials and was refused: the pod has no pull secret for exactly this host and port.",
    isNot: "an expired token: none was sent",
    next: "kubectl get pod <pod> -o jsonpath='{.spec.imagePullSecrets}'. Then run `slipway up`, which creates the secret and names it in the pods.",
    endsPull: true,
  },
  {
    program: "containerd, kubelet",
    message: "failed to fetch oauth token: unexpected status from <request>: 401 Unauthorized",
    also: ["failed to fetch oauth token: unexpected status: 401 Unauthorized"],
    means: "GitLab refuses the credentials of the pull secret: they are wrong, expired or revoked.",
    isNot: "a missing pull secret: the node sent one",
    next: "pulumi refresh, then slipway up, which creates new tokens. For your own credentials, update `credentials`.",
    endsPull: true,
  },
  {
    program: "containerd, kubelet",
    message: "failed to fetch oauth token: unexpected status from <request>: 403 Forbidden",
    also: ["failed to fetch oauth token: unexpected status: 403 Forbidden"],
    means:
      "GitLab accepts the credentials of the pull secret, but they have no right to this registry: the scope `read_registry` is missing.",
    isNot: "an expired token",
    next: "Use a deploy token with scope `read_registry` in `credentials.pull`, or remove it: the stack then creates its own.",
    endsPull: true,
  },
  {
    program: "containerd, kubelet",
    message:
      "pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed",
    also: ["insufficient_scope: authorization failed"],
    means:
      "GitLab gave a token without a right to this repository: the credentials belong to another project, or the path is wrong.",
    isNot: "a wrong password, which is answered with 401 by the token service",
    next: "Compare the image's path with the token's project. Run `slipway doctor`, which asks GitLab's API about both.",
    endsPull: true,
  },
  {
    program: "containerd, kubelet",
    message: 'failed to resolve reference "<image>": <name>: not found',
    means:
      "The registry has no such tag or digest: <image>. It was never pushed, or a cleanup policy deleted it.",
    isNot: "missing access: the registry answers that before",
    next: "Deploy a release that exists: `slipway rollback <stack>`, or `slipway up` where the stack builds. See docs/cleanup.md.",
    endsPull: true,
  },
  {
    program: "kubelet",
    message: 'Back-off pulling image "<image>"',
    also: ["ImagePullBackOff"],
    isWrapper: true,
    means:
      "The kubelet waits before it pulls again. An earlier message, `Failed to pull image`, has the cause.",
    isNot: "a cause",
    next: "kubectl get events --field-selector reason=Failed, and give that message to `slipway doctor --explain`.",
  },
  {
    program: "kubelet",
    message: "ErrImageNeverPull",
    also: ['Container image "<image>" is not present with pull policy of Never'],
    means: "The pod may not pull (`imagePullPolicy: Never`), and the node does not have the image.",
    isNot: "an answer of a registry: it was not asked",
    next: "Set imagePullPolicy to IfNotPresent.",
    endsPull: true,
  },
  {
    program: "kubelet",
    message: "Unable to retrieve some image pull secrets (<names>)",
    means: "The pod names a pull secret, <names>, that its namespace does not have.",
    isNot: "a wrong password in the secret",
    next: "kubectl get secret <names>. `slipway up` creates it again after: pulumi refresh",
  },
  {
    program: "containerd",
    message: 'failed commit on ref "<ref>": unexpected commit digest <found>, expected <wanted>',
    means:
      "A layer arrived with another content than its digest says: a proxy changed it or cut it off.",
    isNot: "a tag that was moved",
    next: "Let the node reach the registry without the proxy that changes answers, then delete the pod to pull again.",
  },
  {
    program: "kubelet",
    message: "Back-off restarting failed container <container> in pod <pod>",
    also: ["CrashLoopBackOff"],
    isWrapper: true,
    means: "The container starts and ends again and again; its own log has the cause.",
    isNot: "a problem of the image's pull",
    next: "kubectl logs <pod> --previous. `slipway doctor` shows its last lines.",
  },
  {
    program: "kubelet",
    message: "OOMKilled",
    also: ["exit code 137"],
    means: "The container used more memory than its limit, and the kernel ended it.",
    isNot: "a crash of the web server itself",
    next: "pulumi config set --path 'resources.limits.memory' 256Mi",
  },
  {
    program: "kubelet",
    message: "<kind> probe failed: HTTP probe failed with statuscode: <status>",
    means: "The web server answers the probe's path with <status>, and not with 200.",
    isNot: "a container that does not run: it answered",
    next: "Set the path that answers with 200 to the image's: `readinessPath` or `livenessPath`, such as: pulumi config set readinessPath /",
  },
  {
    program: "kubelet",
    message: '<kind> probe failed: Get "<url>": dial tcp <address>: connect: connection refused',
    means:
      "Nothing in the container listens on the probe's port: the web server uses another port, or has not started yet.",
    isNot: "a network problem of the cluster",
    next: "Compare `containerPort` with the port on which the image listens: pulumi config set containerPort <port>",
  },
  {
    program: "kubelet",
    message: '<kind> probe failed: Get "<url>": context deadline exceeded',
    means:
      "The web server did not answer the probe within two seconds: it is overloaded, or its CPU limit is too low.",
    isNot: "a wrong path or port",
    next: "pulumi config set --path 'resources.limits.cpu' 500m",
  },
  {
    program: "kubelet",
    message: "container has runAsNonRoot and image will run as root",
    means: "The image starts as root, which the pod forbids.",
    isNot: "a refusal of the cluster's policy: the kubelet checks the image",
    next: "Base the image on nginx-unprivileged, or add `USER 101` to its Dockerfile.",
  },
  {
    program: "kubelet",
    message:
      "container has runAsNonRoot and image has non-numeric user (<user>), cannot verify user is non-root",
    means: "The image's user is a name, <user>, and the kubelet can't see whether that is root.",
    isNot: "a user without rights",
    next: "Name the user by number in the Dockerfile: USER 101",
  },
  {
    program: "kubelet",
    message: 'configmap "<name>" not found',
    also: ['secret "<name>" not found'],
    means: "The pod mounts or reads <name>, which its namespace does not have.",
    isNot: "a missing image",
    next: "pulumi refresh, then slipway up, which creates it again.",
  },
  {
    program: "containerd",
    message: 'exec: "<file>": executable file not found in $PATH',
    also: ["exec: <file>: no such file or directory"],
    means:
      "The image has no such program, <file>, or its script names an interpreter that the image does not have.",
    isNot: "a damaged image",
    next: "Check CMD and ENTRYPOINT of the Dockerfile, and that the last stage has the program.",
  },
  {
    program: "containerd, BuildKit",
    message: "exec format error",
    means:
      "The program is for another processor than the machine's, or a script has no first line with its interpreter.",
    isNot: "a missing file",
    next: "Build for the machine's processor: pulumi config set --path 'platforms[0]' linux/amd64",
  },
  {
    program: "kubelet",
    message: "The node was low on resource: <resource>",
    also: ["Pod ephemeral local storage usage exceeds", "exceeds the limit"],
    means: "The kubelet evicted the pod, because <resource> ran out.",
    isNot: "a crash",
    next: "Free the node's disk: crictl rmi --prune. Raise `resources.limits` if the pod itself needs more.",
  },
  {
    program: "kubelet",
    message: 'forbidden sysctl: "<name>"',
    also: ["SysctlForbidden"],
    means: "A port below 1024 needs the sysctl <name>, which this node does not allow.",
    isNot: "a Pod Security refusal",
    next: "Let the image listen on 8080: pulumi config set containerPort 8080",
  },
  {
    program: "kubelet",
    message: "failed to create pod sandbox: <reason>",
    also: ["Failed to create pod sandbox: <reason>", "cni plugin not initialized"],
    isWrapper: true,
    means: "The node could not set up the pod's network or its first container: <reason>",
    isNot: "a problem of your image: it was not started",
    next: "Ask the cluster's administrator to look at the node: kubectl describe node <node>",
  },
];

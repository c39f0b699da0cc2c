import type { KnownMessage } from "./message";

/** Messages about logging in to a registry, and about what it has. */
export const registryMessages: readonly KnownMessage[] = [
  {
    program: "docker, BuildKit",
    message: "denied: access forbidden",
    also: ["DENIED: access forbidden"],
    means:
      "GitLab knows the credentials or got none, and gives them no right to this project's registry: a scope is missing, the token is of another project, the path is wrong, or the registry is off.",
    isNot: "a wrong password, which is answered with `HTTP Basic: Access denied`",
    next: 'Run `slipway doctor`: its steps "Login" and "Repository" say which it is. A deploy token needs `read_registry`, to push also `write_registry`.',
    endsPull: true,
  },
  {
    program: "docker",
    message: "denied: requested access to the resource is denied",
    also: ["unauthorized: authentication required"],
    means:
      "The registry wants a login with the right to this repository. Docker sent none, or one for another host or port.",
    isNot: "a network problem: the registry answered",
    next: "Log in with the same host and port as the image: docker login <host:port>. An image without a host goes to docker.io.",
  },
  {
    program: "docker, containerd, BuildKit, skopeo",
    message: "HTTP Basic: Access denied",
    means:
      "GitLab refuses the user name and password: the token is wrong, expired or revoked, the user name of a deploy token is another, or the account has two-factor authentication and needs a token.",
    isNot: "a missing scope, which is answered with `access forbidden`",
    next: "Run `slipway doctor`. For tokens that the stack created: pulumi refresh, then slipway up. For your own: update `credentials`.",
    endsPull: true,
    provokedBy: "test/e2e/2-clients.e2e.ts",
  },
  {
    program: "docker, BuildKit",
    message: "Pushing to protected repository path forbidden",
    means:
      "A protection rule of the project's registry covers this repository. Deploy tokens can never push to it.",
    isNot: "a missing scope of the token",
    next: "Narrow the rule in the project: Settings > Packages and registries > Container registry protection rules.",
  },
  {
    program: "docker, containerd, skopeo",
    message: "no basic auth credentials",
    means: "The registry wants a login and the client has none for exactly this host and port.",
    isNot: "a wrong password: none was sent",
    next: "docker login <host:port>, with the port. For pods: the pull secret's key must be the same host:port as the image's.",
  },
  {
    program: "docker",
    message: "error getting credentials - err: <reason>",
    also: ['exec: "docker-credential-<helper>": executable file not found in $PATH'],
    means: "Docker's configuration names a credential helper that is not installed or fails.",
    isNot: "an answer of the registry: it was not asked",
    next: "Remove `credsStore` and `credHelpers` from ~/.docker/config.json, or install the helper; then docker login again.",
  },
  {
    program: "docker, containerd, BuildKit, skopeo",
    message: "toomanyrequests",
    also: ["429 Too Many Requests", "You have reached your pull rate limit"],
    means: "The registry, or GitLab's token service, limits the number of requests.",
    isNot:
      "a refusal of the credentials, although GitLab bans an address for a while after many wrong ones",
    next: "Wait, then try again. For docker.io log in, or use a mirror. GitLab's administrator can see a ban of this address.",
  },
  {
    program: "docker, BuildKit, skopeo",
    message: "manifest unknown",
    also: ["manifest for <image> not found", "MANIFEST_UNKNOWN"],
    means:
      "The repository has no such tag or digest: it was never pushed, or a cleanup policy deleted it.",
    isNot: "missing access: the registry answers that before",
    next: "List what is there: `slipway cleanup` shows the policy; `slipway rollback <stack>` deploys a release that exists.",
    endsPull: true,
  },
  {
    program: "docker, skopeo, registry",
    message: "name unknown",
    also: ["repository name not known to registry", "NAME_UNKNOWN"],
    means:
      "The registry has nothing under this path: nothing was ever pushed to it, or it is misspelt.",
    isNot: "missing access",
    next: "Compare the path with the project's page Deploy > Container registry.",
    endsPull: true,
  },
  {
    program: "docker, containerd, BuildKit",
    message: "no matching manifest for <platform> in the manifest list entries",
    also: ["no match for platform in manifest", "no image found in image index for architecture"],
    means: "The image exists, but not for the processor of the machine that pulls it.",
    isNot: "a missing image",
    next: "Build for it too: pulumi config set --path 'platforms[0]' linux/amd64, and [1] linux/arm64",
    endsPull: true,
  },
  {
    program: "docker, containerd, BuildKit",
    message: "no space left on device",
    also: ["ENOSPC"],
    means: "The disk of the machine that builds or pulls, or of the registry, is full.",
    isNot: "an image that is too large for a registry's limit, which is answered with status 413",
    next: "See which: df -h, df -i. On a builder: docker buildx prune. On a node: crictl rmi --prune",
  },
  {
    program: "docker, BuildKit",
    message: "413 Request Entity Too Large",
    means: "A reverse proxy in front of the registry limits the size of an upload.",
    isNot: "a full disk",
    next: "Raise its limit; in nginx: client_max_body_size 0;",
  },
  {
    program: "docker, BuildKit, registry",
    message: "unsupported: The operation is unsupported",
    also: ["405 Method Not Allowed"],
    means:
      "The registry is read-only at the moment: GitLab is in maintenance, or the registry collects garbage.",
    isNot: "a missing right to push",
    next: "Wait for the end of the maintenance, then run it again.",
  },
  {
    program: "docker, registry",
    message: "blob upload unknown",
    also: ["BLOB_UPLOAD_UNKNOWN", "blob upload invalid"],
    means:
      "The registry lost an upload that had begun: it has several instances without shared storage, or the upload took too long.",
    isNot: "a damaged image",
    next: "Push again. If it stays, the registry's administrator has to share its storage and `http.secret` between instances.",
  },
  {
    program: "docker",
    message: "invalid reference format",
    also: ["InvalidImageName", 'couldn\'t parse image name "<image>"'],
    means:
      "The image's name is not valid: a capital letter in its path, `https://` before it, a blank, or an empty variable.",
    isNot: "an answer of a registry: it was not asked",
    next: "Print the name between quotation marks. `registry` is host:port without a scheme.",
    endsPull: true,
  },
  {
    program: "docker",
    message: "Cannot connect to the Docker daemon at <socket>",
    means: "No Docker engine runs at <socket>, or DOCKER_HOST names another machine.",
    isNot: "a problem of the registry",
    next: "Start it: systemctl start docker. In a GitLab job the service `docker:dind` and DOCKER_HOST are needed.",
  },
  {
    program: "docker",
    message: "permission denied while trying to connect to the Docker daemon socket",
    also: ["permission denied while trying to connect to the docker API"],
    means: "The engine runs, but this user may not use it.",
    isNot: "a login to a registry",
    next: 'sudo usermod -aG docker "$USER", then log in again.',
  },
  {
    program: "skopeo",
    message: "unable to retrieve auth token: invalid username/password: <reason>",
    means: "The token service refused the credentials: <reason>",
    isNot: "a network problem",
    next: "skopeo login <host:port>, with a deploy token's exact user name.",
    endsPull: true,
  },
  {
    program: "skopeo",
    message: "requesting bearer token: invalid status code from registry <status>",
    means:
      "The token service answered with <status>: 403 is a missing scope or a wrong path, 404 a wrong address.",
    isNot: "a wrong password, which has a message of its own",
    next: "Run `slipway doctor`, which asks the same service and says what it answers.",
    endsPull: true,
  },
];

/** A Go module in a folder beside this file; its go.mod and go.sum pin what is built. */
export interface GoSource {
  readonly kind: "go";
  readonly version: string;
  /** Go package of each program. */
  readonly packages: Readonly<Record<string, string>>;
  /** Other names for the module's only program, which behaves according to its name. */
  readonly aliases?: readonly string[];
  /** Linker flags that set the programs' version. */
  readonly linkerFlags?: string;
  /** Approximate build time on two cores, in minutes; 0 for seconds. */
  readonly minutes: number;
}

/** A Debian package, unpacked into the cache together with its dependencies that the machine lacks. */
export interface DebianSource {
  readonly kind: "debian";
  readonly package: string;
  /** File name of each program in the package's `bin` and `sbin` folders. */
  readonly files?: Readonly<Record<string, string>>;
  /** Folders of the package that are used as a whole. */
  readonly folders?: Readonly<Record<string, string>>;
  /** Environment variables with which its programs find their own files; `{root}` and `{lib}` are replaced. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Where a program comes from if the machine has no suitable one. */
export type Source = GoSource | DebianSource;

/** Every source by name. A Go module's name is its folder's. */
export const sources: Readonly<Record<string, Source>> = {
  pulumi: {
    kind: "go",
    version: "3.276.0",
    packages: { pulumi: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi" },
    linkerFlags: "-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v3.276.0",
    minutes: 4,
  },
  // Later versions of the language host are in another module, which the module proxy doesn't serve.
  "language-nodejs": {
    kind: "go",
    version: "3.60.0",
    packages: {
      "pulumi-language-nodejs": "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
    },
    minutes: 1,
  },
  "docker-build": {
    kind: "go",
    version: "0.0.22",
    packages: {
      "pulumi-resource-docker-build":
        "github.com/pulumi/pulumi-docker-build/provider/cmd/pulumi-resource-docker-build",
    },
    linkerFlags: "-X github.com/pulumi/pulumi-docker-build/provider.Version=0.0.22",
    minutes: 3,
  },
  buildkit: {
    kind: "go",
    version: "0.31.0",
    packages: {
      buildctl: "github.com/moby/buildkit/cmd/buildctl",
      buildkitd: "github.com/moby/buildkit/cmd/buildkitd",
    },
    linkerFlags: "-X github.com/moby/buildkit/version.Version=v0.31.0",
    minutes: 2,
  },
  kubernetes: {
    kind: "go",
    version: "1.34.4",
    packages: { kubernetes: "." },
    aliases: [
      "kube-apiserver",
      "kube-controller-manager",
      "kube-proxy",
      "kube-scheduler",
      "kubectl",
      "kubelet",
    ],
    linkerFlags:
      "-X k8s.io/component-base/version.gitVersion=v1.34.4 -X k8s.io/component-base/version.gitMajor=1 -X k8s.io/component-base/version.gitMinor=34",
    minutes: 6,
  },
  pause: { kind: "go", version: "1", packages: { pause: "." }, minutes: 0 },

  containerd: {
    kind: "debian",
    package: "containerd",
    files: {
      containerd: "containerd",
      "containerd-shim-runc-v2": "containerd-shim-runc-v2",
      ctr: "ctr",
    },
  },
  runc: { kind: "debian", package: "runc", files: { runc: "runc" } },
  etcd: { kind: "debian", package: "etcd-server", files: { etcd: "etcd" } },
  registry: {
    kind: "debian",
    package: "docker-registry",
    files: { "docker-registry": "docker-registry" },
  },
  // Only tests use these third-party clients.
  skopeo: { kind: "debian", package: "skopeo", files: { skopeo: "skopeo" } },
  conformance: {
    kind: "go",
    version: "0.0.0-20260831232431-97274622c111",
    packages: {
      "distribution-conformance": "github.com/opencontainers/distribution-spec/conformance",
    },
    minutes: 1,
  },
  // Tests check the site's manifests with these. kube-score is a module of its own, since it needs older packages.
  "kube-score": {
    kind: "go",
    version: "1.20.0",
    packages: { "kube-score": "github.com/zegl/kube-score/cmd/kube-score" },
    minutes: 1,
  },
  checkers: {
    kind: "go",
    version: "1",
    packages: {
      kubeconform: "github.com/yannh/kubeconform/cmd/kubeconform",
      kubesec: "github.com/controlplaneio/kubesec/v2",
      "pod-security": "./podsecurity",
    },
    minutes: 1,
  },
  // An Ingress controller, for `make ingress`.
  traefik: {
    kind: "go",
    version: "3.6.12",
    packages: { traefik: "github.com/traefik/traefik/v3/cmd/traefik" },
    minutes: 5,
  },
  // For `make metrics`: the figures that autoscalers and `kubectl top` use.
  "metrics-server": {
    kind: "go",
    version: "0.8.0",
    packages: { "metrics-server": "sigs.k8s.io/metrics-server/cmd/metrics-server" },
    minutes: 3,
  },
  // A cluster's DNS server, for `make dns`.
  coredns: { kind: "go", version: "1.14.7", packages: { coredns: "." }, minutes: 3 },
  // The pipeline's container scan, and a program that creates its vulnerability database if the feed can't be
  // reached.
  grype: {
    kind: "go",
    version: "0.121.2",
    packages: { grype: "github.com/anchore/grype/cmd/grype", "grype-database": "./database" },
    linkerFlags: "-X main.version=0.121.2",
    minutes: 5,
  },
  // The only other program in the scanner's image.
  busybox: { kind: "debian", package: "busybox-static", files: { busybox: "busybox" } },
  // Only long tests open pages in it. Its programs name their folder, so they are started there.
  chromium: {
    kind: "debian",
    package: "chromium-headless-shell",
    folders: { "chromium-folder": "usr/lib/chromium" },
  },
  // Tests ask it for a site's addresses; in the sandbox it is in an image.
  nginx: { kind: "debian", package: "nginx", files: { nginx: "nginx" } },
  cni: {
    kind: "debian",
    package: "containernetworking-plugins",
    folders: { "cni-plugins": "usr/lib/cni" },
  },
  // In the package, the plain names are links of Debian's alternatives, whose default is nft too.
  iptables: {
    kind: "debian",
    package: "iptables",
    files: {
      iptables: "iptables-nft",
      "iptables-restore": "iptables-nft-restore",
      "iptables-save": "iptables-nft-save",
      ip6tables: "ip6tables-nft",
      "ip6tables-restore": "ip6tables-nft-restore",
      "ip6tables-save": "ip6tables-nft-save",
    },
    environment: { XTABLES_LIBDIR: "{lib}/xtables" },
  },
  iproute2: { kind: "debian", package: "iproute2", files: { ip: "ip" } },
  debootstrap: {
    kind: "debian",
    package: "debootstrap",
    files: { debootstrap: "debootstrap" },
    environment: { DEBOOTSTRAP_DIR: "{root}/usr/share/debootstrap" },
  },
  // Only `make docker` starts it.
  docker: {
    kind: "debian",
    package: "docker.io",
    files: { docker: "docker", dockerd: "dockerd" },
  },
  // Connects the engine to the outside without changing the machine's network.
  slirp4netns: {
    kind: "debian",
    package: "slirp4netns",
    files: { slirp4netns: "slirp4netns" },
  },
  // Plugin of the docker CLI that Debian lacks; the pipeline's tests use it.
  buildx: {
    kind: "go",
    version: "0.38.2",
    packages: { buildx: "github.com/docker/buildx/cmd/buildx" },
    minutes: 3,
  },
  // Only the tests of state in a database use it.
  postgresql: {
    kind: "debian",
    package: "postgresql-15",
    folders: { postgresql: "usr/lib/postgresql/15/bin" },
  },
  // Peers and a load generator that only `make bench` uses.
  skaffold: {
    kind: "go",
    version: "2.16.1",
    packages: { skaffold: "github.com/GoogleContainerTools/skaffold/v2/cmd/skaffold" },
    linkerFlags:
      "-X github.com/GoogleContainerTools/skaffold/v2/pkg/skaffold/version.version=v2.16.1",
    minutes: 5,
  },
  wrk: { kind: "debian", package: "wrk", files: { wrk: "wrk" } },
  // `gitlab-ci-local` uses it in the pipeline's tests, to give each job its own folder.
  rsync: { kind: "debian", package: "rsync", files: { rsync: "rsync" } },
  // debootstrap can download only with wget.
  wget: { kind: "debian", package: "wget", files: { wget: "wget" } },
};

/** Conditions for using a program that is found on PATH. */
export interface PathRule {
  /** Arguments that print the version; if missing, every version is accepted. */
  readonly versionArguments?: readonly string[];
  /** Accepted versions. */
  readonly range?: string;
}

/**
 * Programs that may come from PATH. The others are never looked for there: the sandbox writes their configuration for
 * one version (containerd, runc and its shim, etcd, the registry), or they are parts of one cluster and must have the
 * same version (kubelet and the other parts of Kubernetes).
 */
export const pathRules: Readonly<Record<string, PathRule>> = {
  // The version of the program's SDK; the CLI must not be older.
  pulumi: { versionArguments: ["version"], range: ">=3.276.0 <4" },
  // They don't print their version. Pulumi uses a plugin on PATH whatever its version is.
  "pulumi-language-nodejs": {},
  "pulumi-resource-docker-build": {},
  // The first version with which repeatable builds (`rewrite-timestamp` and the other options) were tested.
  buildkitd: { versionArguments: ["--version"], range: ">=0.31.0 <1" },
  buildctl: { versionArguments: ["--version"], range: ">=0.31.0 <1" },
  // Kubernetes supports a difference of one minor version to the server.
  kubectl: { versionArguments: ["version", "--client"], range: ">=1.33.0 <1.36.0" },
  // The tests create a database of version 6, which this version reads.
  grype: { versionArguments: ["version"], range: ">=0.121.2 <1" },
  debootstrap: {},
  ip: {},
  iptables: {},
  "iptables-restore": {},
  "iptables-save": {},
  ip6tables: {},
  "ip6tables-restore": {},
  "ip6tables-save": {},
  rsync: {},
  wget: {},
};

/** Names of the tools that a source provides. */
export function toolsOf(source: Source): string[] {
  switch (source.kind) {
    case "go":
      return [...Object.keys(source.packages), ...(source.aliases ?? [])];
    case "debian":
      return [...Object.keys(source.files ?? {}), ...Object.keys(source.folders ?? {})];
  }
}

import { host, registry } from "./gitlab";

/** What a page's shell blocks take for granted, and what stands in them for a reader's own. */
export interface Story {
  readonly page: string;
  /** What stands in the blocks, and what runs in its place. Each has to be there. */
  readonly replace?: readonly (readonly [text: string, replacement: string])[];
  /** Commands in the same shell before each block. */
  readonly before?: string;
  /** Commands before a block, by its place on the page. */
  readonly beforeBlock?: Readonly<Record<number, string>>;
  /** Whether the blocks change the configuration of a new stack, which the program has to accept in the end. */
  readonly configures?: boolean;
  /** What the commands read that ask for something. */
  readonly input?: string;
  /** Removes what the blocks made, beside the stacks. */
  readonly after?: string;
}

/** A home of Pulumi, and folders for a state, that only one block has. */
const otherHome =
  'mkdir -p $scratch/home $scratch/state; ln -s "$PULUMI_HOME/plugins" $scratch/home; export PULUMI_HOME=$scratch/home';
const otherBackend = `${otherHome}; export PULUMI_CONFIG_PASSPHRASE=other PULUMI_BACKEND_URL=file://$scratch/state`;

/** In this order: later pages find the stacks that earlier ones made. */
export const stories: readonly Story[] = [
  { page: "README.md", beforeBlock: { 2: "edit_page" } },
  { page: "docs/promotion.md" },
  {
    page: "docs/status.md",
    replace: [
      ["npx slipway status --watch  ", "timeout 10 npx slipway status --watch || [ $? = 124 ]"],
      ["status.html", "$scratch/status.html"],
    ],
  },
  {
    page: "docs/doctor.md",
    replace: [
      ["gitlab.example.com:5050", registry],
      ["group/project", "web/gatsby-site"],
    ],
  },
  { page: "docs/manifests.md", replace: [["prod.yaml", "$scratch/prod.yaml"]] },
  { page: "docs/messages.md", replace: [["<message>", "net/http: TLS handshake timeout"]] },
  {
    page: "docs/sandbox.md",
    // And back, since other tests go on with the project.
    replace: [
      [
        `"to": "web/site"}'`,
        `"to": "web/site"}'; control POST projects/move '{"from": "web/site", "to": "web/gatsby-site"}'`,
      ],
    ],
  },
  { page: "docs/cleanup.md" },
  {
    page: "docs/state.md",
    before: `${otherHome}; pulumi login "$PULUMI_BACKEND_URL"; unset PULUMI_BACKEND_URL`,
    replace: [
      ["postgres://slipway@db.example.com/slipway", "file://$scratch/state"],
      // The first one to move: prod's preview would look for staging there.
      ["prod", "dev"],
    ],
  },
  {
    page: "docs/own-gitlab.md",
    beforeBlock: {
      2: `${otherBackend}; unset PULUMI_BACKEND_URL; HOME=$scratch; echo secret >~/.slipway-passphrase`,
      3: otherBackend,
      4: `${otherBackend}; pulumi stack init dev --no-select; trap "git checkout --quiet Pulumi.dev.yaml" EXIT`,
      5: 'cp "$NODE_EXTRA_CA_CERTS" ca.pem; use_stack reader',
      6: "pulumi stack select dev",
    },
    after: "rm ca.pem",
    replace: [["/srv/slipway-state", "$scratch/state"]],
  },
  {
    page: "docs/from-the-lesson.md",
    replace: [
      ["web/site", "web/gatsby-site"],
      ["gitlab+deploy-token-1", "$username"],
    ],
    beforeBlock: {
      5: "create_token",
      6: `CI_REGISTRY_IMAGE=${registry}/web/gatsby-site CI_COMMIT_SHORT_SHA=env-dev; write_manifest`,
    },
    after: "kubectl delete namespace site",
  },
  { page: "docs/building.md", configures: true, input: "secret" },
  {
    page: "docs/cluster.md",
    configures: true,
    replace: [["<stack>", "dev"]],
  },
  { page: "docs/configuration.md", configures: true },
  { page: "docs/credentials.md", configures: true, input: "secret" },
  { page: "docs/own-site.md", configures: true },
  {
    page: "docs/pipeline.md",
    configures: true,
    replace: [["gitlab.example.com:443", `${host}:443`]],
  },
  { page: "docs/serving.md", configures: true, replace: [["<password>", "secret"]] },
];

/** The pages with blocks that take long, or need what `make up` does not start. */
export const soakStories: readonly Story[] = [
  {
    page: "docs/from-the-lesson.md",
    // Debian's Docker has no buildx.
    before: "cd lesson; export DOCKER_BUILDKIT=0",
    beforeBlock: { 2: 'create_token write_registry; printf %s "$TOKEN" >token' },
    replace: [
      ["web/site", "web/gatsby-site"],
      ["you ", '"$username" '],
      // The sandbox's engine publishes no port, since nothing outside of its network could reach it.
      ["docker run --rm --publish 8080:80", "docker run --rm --detach"],
      ["--namespace site", "--namespace gatsby-site-dev"],
    ],
  },
  {
    page: "docs/building.md",
    before: 'trap "git checkout --quiet Pulumi.dev.yaml" EXIT',
    replace: [["<the digest that it is>", "0".repeat(64)]],
  },
  {
    page: "docs/cluster.md",
    before: `use_stack reader; pulumi config set host www.example.com; pulumi config set ingressClass traefik`,
    replace: [
      ["kubernetes:context new-cluster", 'kubernetes:context "$(kubectl config current-context)"'],
    ],
  },
  {
    page: "docs/sandbox.md",
    replace: [["10.213.0.2", '"$(getent hosts gitlab.thelinuxlabs.com | cut -d" " -f1)"']],
  },
];

import type { Overview, StackOverview } from "../../../../cli/status/overview";

/** Digests of three releases. */
export const [a, b] = ["a", "b"].map((digit) => `sha256:${digit.repeat(64)}`);
const c = `sha256:${"c".repeat(64)}`;

const gitlab = "https://gitlab.example.com/web/site";
const repository = "registry.example.com/web/site";

/** A stack of which nothing is known. */
export const empty: StackOverview = {
  stack: "new",
  tier: "development",
  promoteFrom: undefined,
  pin: undefined,
  url: undefined,
  release: undefined,
  deployed: undefined,
  registry: undefined,
  pods: undefined,
  environment: undefined,
  tokens: [],
  promotion: undefined,
  drift: [],
  problems: [],
};

const dev: StackOverview = {
  ...empty,
  stack: "dev",
  url: "https://dev.example.com",
  release: {
    digest: c,
    repository,
    version: "",
    commit: "cccccccccccccccccccccccccccccccccccccccc-dirty",
    subject: "Say where the ships are built & <why>",
    author: "Jane Doe",
    authoredAt: "2026-11-20T09:30:00+01:00",
  },
  deployed: {
    at: "2026-11-28T11:00:00.000Z",
    ageSeconds: 3600,
    by: undefined,
    from: "a checkout of main with uncommitted changes",
    job: undefined,
  },
  registry: {
    tags: ["main", "env-dev"],
    createdAt: undefined,
    page: `${gitlab}/container_registry/1`,
  },
  pods: { ready: 1, wanted: 1, digests: [{ digest: c, pods: 1 }], waiting: [] },
  tokens: [
    { role: "pull", expiresAt: "2027-01-20T00:00:00Z", daysLeft: 52 },
    { role: "push", expiresAt: "2027-01-20T00:00:00Z", daysLeft: 52 },
  ],
};

const staging: StackOverview = {
  ...dev,
  stack: "staging",
  tier: "staging",
  promoteFrom: "dev",
  url: "https://staging.example.com",
  release: {
    digest: b,
    repository,
    version: "v1.1.0",
    commit: "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
    subject: "Add a page about ships",
    author: "Jane Doe",
    authoredAt: "2026-11-18T08:00:00+00:00",
  },
  deployed: {
    at: "2026-11-26T10:00:00.000Z",
    ageSeconds: 50 * 3600,
    by: "Jane Doe",
    from: "pipeline 12 (push)",
    job: `${gitlab}/-/jobs/34`,
  },
  registry: {
    tags: ["v1.1.0", "env-staging"],
    createdAt: "2026-11-18T08:10:00.000Z",
    page: `${gitlab}/container_registry/1`,
  },
  pods: { ready: 1, wanted: 1, digests: [{ digest: b, pods: 1 }], waiting: [] },
  environment: { name: "staging", page: `${gitlab}/-/environments/2` },
  promotion: {
    from: "dev",
    isBehind: true,
    isKnown: true,
    added: [
      "cccccccc Say where the ships are built & <why>",
      `dddddddd ${"Long subject ".repeat(8)}`,
    ],
    removed: [],
  },
};

const prod: StackOverview = {
  ...staging,
  stack: "prod",
  tier: "production",
  promoteFrom: "staging",
  pin: a,
  url: "https://www.example.com",
  registry: undefined,
  environment: undefined,
  pods: {
    ready: 1,
    wanted: 2,
    digests: [
      { digest: a, pods: 1 },
      { digest: b, pods: 1 },
    ],
    waiting: ["ImagePullBackOff"],
  },
  tokens: [{ role: "pull", expiresAt: "2026-11-28T00:00:00Z", daysLeft: -1 }],
  promotion: { from: "staging", isBehind: false, isKnown: true, added: [], removed: [] },
  drift: [{ kind: "other pods", text: "1 pod runs another digest, aaaaaaaa." }],
  problems: [
    { part: "GitLab", reason: "Request failed: GET https://gitlab.example.com/api: refused" },
  ],
};

const unreachable: StackOverview = {
  ...empty,
  stack: "review-1234567890-with-a-long-name",
  tier: "",
  problems: [
    {
      part: "stack",
      reason: "`pulumi stack export` failed: the backend does not answer on port 443",
    },
  ],
};

/** A project with a stack in each condition. */
export const overview: Overview = {
  project: "gatsby-site",
  takenAt: "2026-11-28T12:00:00.000Z",
  stacks: [dev, staging, prod, unreachable, empty],
};

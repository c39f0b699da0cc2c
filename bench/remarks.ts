import type { Texts } from "./measure/page";

const preview = {
  why: "A program that makes nothing starts no plugin; this one starts three, two of which are the sandbox's own and run on Node, and registers 25 resources. Of its own code 0.1 s is loading.",
  next: "call git three times in place of five, and measure with the official plugins, which are compiled.",
};

const update = {
  why: "Before the update it reads configuration, state and tags (three starts of Pulumi side by side, 0.4 s) and asks GitLab for the tokens that exist, and once more after it: so that a killed update can be recovered. With its preview, which `--yes` leaves out here, the empty program takes as long.",
  next: "read the state of a file backend from its files, as `slipway status` does.",
};

/** What RESULTS.md says beside the numbers: a run writes the page again, and keeps these. */
export const texts: Texts = {
  remarks: {
    "make-up": {
      why: "The servers are ready after 7 seconds. The rest is the site's first build: `npm ci` and Gatsby from nothing.",
      next: "begin the build while the cluster starts, which takes six seconds off.",
    },
    "preview-installed": preview,
    "preview-checkout": {
      why: `${preview.why} In a checkout the sources are compiled too, by ts-node with swc.`,
      next: preview.next,
    },
    "up-installed": update,
    "up-checkout": update,
    edit: {
      why: "Two seconds are Pulumi's start, the program's, and what `slipway up` reads before and after; four tags are written, which by hand are none.",
      next: "as for an update in which nothing changed.",
    },
    "edit-skaffold": {
      why: "skaffold knows no state, no tokens and no tags, so it starts building after a second.",
      next: "as for an update in which nothing changed.",
    },
    gatsby: {
      why: "The build begins in a new container, whose webpack cache is copied in and out (a builder's cache can't be Gatsby's `.cache` itself, since a site's own build may delete that).",
      next: "leave the copy out where the site's build does not run `gatsby clean`.",
    },
    requests: {
      why: "Each request is looked up in maps (ETag, caching, encoding, routes) and logged as JSON; stock nginx does neither. In a pod of a quarter of a processor that is what the requests compete for.",
      next: "find out which of the maps costs most, with 10,000 pages too.",
    },
    p99: {
      why: "As for the requests: the processor's limit is reached earlier, and what waits for its next period is the slowest hundredth.",
      next: "the same.",
    },
    runner: {
      why: "What the registry's cache saves is `npm ci`, which on this machine takes as long as unpacking its layer of 600 MB. Gatsby then runs with a cold webpack cache.",
      next: "keep webpack's cache in the registry too, as an image of its own.",
    },
    promotion: {
      why: "A rebuild is quick here, where packages and base images come from this machine.",
      next: "as for an update in which nothing changed.",
    },
  },
  elsewhere: [
    {
      work: "all tools from nothing, before the first `make up`",
      value: "11 min",
      target: "12 min, with `make up`",
      where: "two cores, November 2026, an empty cache",
    },
    {
      work: "`make test`, tools built",
      value: "27 min",
      target: "8 min",
      where:
        "two cores, November 2026, other work beside it: 1 min for format, lint and types, 4 for unit tests, 23 end to end",
    },
  ],
  notes: [
    "A ratio is the row's value divided by that of the peer in the same turn; the spread has the smallest and the largest.",
    "The empty program has no options in its Pulumi.yaml; ours keep what Node compiled (`nodeargs`).",
    "The peers by hand and with skaffold have a Deployment with a readiness probe and nothing else: no init containers, no tags, no tokens, no state.",
    "skaffold builds through its custom build, with the same `buildctl`: its own builders need a Docker engine or build in a cluster.",
    "All stacks of `slipway status` are copies of one, so they share its pods, its project and its commit.",
  ],
};

import type { Texts } from "./measure/page";

/** What RESULTS.md says beside the numbers: a run writes the page again, and keeps these. */
export const texts: Texts = {
  remarks: {},
  elsewhere: [
    {
      work: "`make up` from nothing",
      value: "22 min",
      target: "12 min",
      where: "two cores, November 2026, an empty cache",
    },
    {
      work: "`make test`, tools built",
      value: "34 min",
      target: "8 min",
      where: "two cores, November 2026, otherwise quiet",
    },
  ],
  notes: [
    "A ratio is the row's value divided by that of the peer in the same turn; the spread has the smallest and the largest.",
    "The peers by hand and with skaffold have a Deployment with a readiness probe and nothing else: no init containers, no tags, no tokens, no state.",
    "skaffold builds through its custom build, with the same `buildctl`: its own builders need a Docker engine or build in a cluster.",
    "All stacks of `slipway status` are copies of one, so they share its pods, its project and its commit.",
  ],
};

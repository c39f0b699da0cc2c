/** What a person found out about a target that is missed. Keyed by the row's id; a run keeps it. */
export const remarks: Readonly<Record<string, { readonly why: string; readonly next: string }>> =
  {};

/** What one run can't measure, as it was last measured elsewhere. */
export const measuredElsewhere: readonly {
  readonly work: string;
  readonly value: string;
  readonly target: string;
  readonly where: string;
}[] = [
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
];

/** What a reader has to know of how a row is measured. */
export const notes: readonly string[] = [
  "A ratio is the row's value divided by that of the peer in the same turn; the spread has the smallest and the largest.",
  "The peers by hand and with skaffold have a Deployment with a readiness probe and nothing else: no init containers, no tags, no tokens, no state.",
  "skaffold builds through its custom build, with the same `buildctl`: its own builders need a Docker engine or build in a cluster.",
  "All stacks of `slipway status` are copies of one, so they share its pods, its project and its commit.",
];

import {
  type DeployedRelease,
  findKeptDigests,
  findKnownRelease,
  findPrevious,
  readRelease,
} from "../../../components/release/release";

const [a, b, c, d] = ["a", "b", "c", "d"].map((digit) => `sha256:${digit.repeat(64)}`);
const before = { digest: b, commit: "bbb", version: "v1.0.0" };
const deployed: DeployedRelease = {
  digest: a,
  commit: "aaa",
  version: "v1.1.0",
  repository: "gitlab.example.com:5050/web/site",
  tags: ["v1.1.0", "env-staging"],
  tier: "staging",
  previous: before,
  kept: [b],
};

describe("readRelease", () => {
  it("reads what the program exports", () => {
    expect(
      readRelease({
        url: "http://10.96.7.8",
        image: `gitlab.example.com:5050/web/site@${a}`,
        digest: a,
        commit: "aaa",
        version: "v1.1.0",
        tags: ["v1.1.0", "env-staging"],
        tier: "staging",
        previousDigest: b,
        previousCommit: "bbb",
        previousVersion: "v1.0.0",
        keptDigests: [b],
      }),
    ).toEqual(deployed);
  });

  it.each([[{}], [{ digest: "" }], [{ digest: 1, url: "http://10.96.7.8" }]])(
    "finds no release in %j",
    (outputs) => expect(readRelease(outputs)).toBeUndefined(),
  );

  it("makes do with what an older program exported", () => {
    expect(readRelease({ digest: a, tags: "none" })).toEqual({
      digest: a,
      commit: "",
      version: "",
      repository: "",
      tags: [],
      tier: "",
      previous: undefined,
      kept: [],
    });
  });
});

describe("findPrevious", () => {
  it("is nothing for the first release", () => {
    expect(findPrevious(undefined, a)).toBeUndefined();
  });

  it("is what the stack ran until this update", () => {
    expect(findPrevious(deployed, c)).toEqual({ digest: a, commit: "aaa", version: "v1.1.0" });
  });

  it("stays what it was while the release stays", () => {
    expect(findPrevious(deployed, a)).toEqual(before);
  });

  it("is what a roll-back rolled back from", () => {
    expect(findPrevious(deployed, b)).toEqual({ digest: a, commit: "aaa", version: "v1.1.0" });
  });
});

describe("findKeptDigests", () => {
  it("has none for the first release, or if none are kept", () => {
    expect(findKeptDigests(undefined, a, 3)).toEqual([]);
    expect(findKeptDigests(deployed, c, 0)).toEqual([]);
  });

  it("begins with what the stack ran until this update, and has as many as are kept", () => {
    const last = { ...deployed, kept: [b, d] };
    expect(findKeptDigests(last, c, 3)).toEqual([a, b, d]);
    expect(findKeptDigests(last, c, 2)).toEqual([a, b]);
  });

  it("stays what it was while the release stays, also where none was kept before", () => {
    expect(findKeptDigests({ ...deployed, kept: [b, d] }, a, 2)).toEqual([b, d]);
    expect(findKeptDigests({ ...deployed, kept: [] }, a, 2)).toEqual([b]);
  });

  it("has the release once that a roll-back returns from, and not the one that it returns to", () => {
    const rolledBack = findKeptDigests({ ...deployed, kept: [b, d] }, b, 3);
    expect(rolledBack).toEqual([a, d]);
    const last = { ...deployed, digest: b, previous: { ...before, digest: a }, kept: rolledBack };
    expect(findKeptDigests(last, b, 3)).toEqual(rolledBack);
    expect(findKeptDigests(last, a, 3)).toEqual([b, d]);
  });
});

describe("findKnownRelease", () => {
  it("knows what a stack runs and what it ran before, in the order of the stacks", () => {
    const other = { ...deployed, commit: "other", previous: undefined };
    expect(findKnownRelease(a, undefined, deployed, other)?.commit).toBe("aaa");
    expect(findKnownRelease(b, other, deployed)?.commit).toBe("bbb");
    expect(findKnownRelease(c, deployed)).toBeUndefined();
  });
});

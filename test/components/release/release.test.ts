import {
  type DeployedRelease,
  findKnownRelease,
  findPrevious,
  readRelease,
} from "../../../components/release/release";

const [a, b, c] = ["a", "b", "c"].map((digit) => `sha256:${digit.repeat(64)}`);
const before = { digest: b, commit: "bbb", version: "v1.0.0" };
const deployed: DeployedRelease = {
  digest: a,
  commit: "aaa",
  version: "v1.1.0",
  repository: "gitlab.example.com:5050/web/site",
  tags: ["v1.1.0", "env-staging"],
  tier: "staging",
  previous: before,
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

describe("findKnownRelease", () => {
  it("knows what a stack runs and what it ran before, in the order of the stacks", () => {
    const other = { ...deployed, commit: "other", previous: undefined };
    expect(findKnownRelease(a, undefined, deployed, other)?.commit).toBe("aaa");
    expect(findKnownRelease(b, other, deployed)?.commit).toBe("bbb");
    expect(findKnownRelease(c, deployed)).toBeUndefined();
  });
});

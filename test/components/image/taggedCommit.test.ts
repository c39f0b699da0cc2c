import { findTaggedCommit } from "../../../components/image/taggedCommit";

const commit = "1ecfd275763eff1d6b4844ea3168962458c9f27a";

describe("findTaggedCommit", () => {
  it("is what a pipeline for a version releases", () => {
    expect(findTaggedCommit({ CI_COMMIT_SHA: commit, CI_COMMIT_TAG: "v1.2.3" })).toEqual({
      version: "v1.2.3",
      commit,
      tag: "1ecfd275",
    });
  });

  it.each([
    [{}],
    [{ CI_COMMIT_SHA: commit }],
    [{ CI_COMMIT_TAG: "v1.2.3" }],
    [{ CI_COMMIT_SHA: commit, CI_COMMIT_TAG: "nightly" }],
    [{ CI_COMMIT_SHA: commit, CI_COMMIT_TAG: "v1" }],
  ])("is nothing in %j", (env) => {
    expect(findTaggedCommit(env)).toBeUndefined();
  });
});

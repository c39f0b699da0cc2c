import { findCommits, renderCommits } from "../../../cli/release/commits";
import { ended, FakeIo } from "../../support/cli";

describe("findCommits", () => {
  it("lists what is only in one of the two, of the commits that were changed since, too", async () => {
    const io = new FakeIo({});
    io.commits = { "aaaaaaa..bbbbbbb": ["bbbbbbb New"], "bbbbbbb..aaaaaaa": ["aaaaaaa Old"] };

    expect(await findCommits(io, ".", "aaaaaaa-dirty", "bbbbbbb")).toEqual({
      added: ["bbbbbbb New"],
      removed: ["aaaaaaa Old"],
    });
  });

  it.each([
    ["", "bbbbbbb"],
    ["aaaaaaa", "--output=x"],
  ])("asks git for no commit that is none: %j, %j", async (from, to) => {
    const io = new FakeIo({});
    expect(await findCommits(io, ".", from, to)).toBeUndefined();
    expect(io.captured).toEqual([]);
  });

  it("knows nothing where git does not, or is not", async () => {
    const io = new FakeIo({});
    expect(await findCommits(io, ".", "aaaaaaa", "bbbbbbb")).toBeUndefined();

    io.capture = () => Promise.reject(new Error("no git"));
    expect(await findCommits(io, ".", "aaaaaaa", "bbbbbbb")).toBeUndefined();
    io.capture = () => Promise.resolve(ended(128));
    expect(await findCommits(io, ".", "aaaaaaa", "bbbbbbb")).toBeUndefined();
  });
});

describe("renderCommits", () => {
  it("says how many it leaves out", () => {
    const added = Array.from({ length: 22 }, (_, index) => `commit ${index}`);
    const lines = renderCommits({ added, removed: ["one"] });

    expect(lines[0]).toBe("  brings 22 commits:");
    expect(lines.slice(20)).toEqual([
      "    commit 19",
      "    ... and 2 more",
      "  takes back 1 commit:",
      "    one",
    ]);
  });

  it("has nothing to say of the same commit", () => {
    expect(renderCommits({ added: [], removed: [] })).toEqual([]);
  });
});

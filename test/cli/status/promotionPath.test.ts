import { findPromotion, sortByPath } from "../../../cli/status/promotionPath";
import { FakeIo } from "../../support/cli";
import { a, b } from "./support/overviews";

const stage = (stack: string, promoteFrom?: string) => ({ stack, promoteFrom });
const release = (digest: string, commit: string) => ({
  digest,
  commit,
  version: "",
  repository: "registry.example.com/web/site",
  tags: [],
  tier: "",
  previous: undefined,
});

describe("sortByPath", () => {
  it("puts each stack after the one that it takes from, and stacks by themselves last", () => {
    const stacks = [
      stage("review-7"),
      stage("prod-us", "staging"),
      stage("prod-eu", "org/gatsby-site/staging"),
      stage("staging", "dev"),
      stage("dev"),
      stage("demo", "elsewhere"),
    ];
    expect(sortByPath(stacks).map(({ stack }) => stack)).toEqual([
      "dev",
      "staging",
      "prod-eu",
      "prod-us",
      "demo",
      "review-7",
    ]);
  });

  it("ends with stacks that take from each other", () => {
    const stacks = [stage("b", "a"), stage("a", "b"), stage("self", "self")];
    expect(sortByPath(stacks).map(({ stack }) => stack)).toEqual(["a", "b", "self"]);
  });
});

describe("findPromotion", () => {
  const [old, next] = ["aaaaaaaa", "bbbbbbbb"];
  const io = new FakeIo({});
  io.commits = { [`${old}..${next}`]: ["bbbbbbbb New"], [`${next}..${old}`]: ["cccccccc Gone"] };
  const dev = { ...stage("org/gatsby-site/dev"), release: release(b, next) };
  const find = (running?: ReturnType<typeof release>, stacks = [dev]) =>
    findPromotion({ ...stage("staging", "dev"), release: running }, stacks, ".", io);

  it("names the commits in which the two releases differ", async () => {
    expect(await find(release(a, `${old}-dirty`))).toEqual({
      from: "dev",
      isBehind: true,
      isKnown: true,
      added: ["bbbbbbbb New"],
      removed: ["cccccccc Gone"],
    });
  });

  it("compares digests, so a commit that was built again counts", async () => {
    expect(await find(release(b, old))).toMatchObject({ isBehind: false, added: [] });
    expect(await find(release(a, next))).toMatchObject({ isBehind: true, isKnown: false });
    expect(await find()).toMatchObject({ isBehind: true, isKnown: false });
  });

  it("knows nothing if the other stack is not there, or runs nothing", async () => {
    expect(await find(release(a, old), [])).toBeUndefined();
    expect(
      await findPromotion(
        { ...stage("staging", "dev"), release: release(a, old) },
        [{ ...stage("dev"), release: undefined }],
        ".",
        io,
      ),
    ).toBeUndefined();
  });
});

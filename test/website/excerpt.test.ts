import { cutExcerpt } from "../../website/src/search/excerpt";

const words = (count: number): string =>
  Array.from({ length: count }, (_, index) => `word${index}`).join(" ");

describe("an excerpt of what the search found", () => {
  it("is the whole of a short text, with the first word that was found", () => {
    expect(cutExcerpt("Tokens are rotated every 60 days.", ["days", "rotated"])).toEqual([
      "Tokens are ",
      "rotated",
      " every 60 days.",
    ]);
  });

  it("begins and ends between words", () => {
    const [before, match, after] = cutExcerpt(`${words(40)} Found ${words(40)}`, ["found"]);
    expect(before).toBe("… word32 word33 word34 word35 word36 word37 word38 word39 ");
    expect(match).toBe("Found");
    expect(after).toBe(
      " word0 word1 word2 word3 word4 word5 word6 word7 word8 word9 word10 word11 word12 word13 word14 word15 word16 word17 …",
    );
  });

  it("begins with a word that is longer than the room before it", () => {
    const long = "x".repeat(100);
    expect(cutExcerpt(`${long} ${long}found`, ["found"])).toEqual(["… ", "found", ""]);
  });

  it("is the beginning of a text whose heading alone was found", () => {
    expect(cutExcerpt(words(40), ["heading"])[0]).toMatch(/^word0 word1 .* word2\d …$/);
    expect(cutExcerpt("", [])).toEqual(["", "", ""]);
  });
});

import {
  formatDigest,
  formatTag,
  parseImageReference,
} from "../../../components/image/imageReference";

const digest = `sha256:${"a".repeat(64)}`;
const repository = "gitlab.example.com:5050/web/site";

describe("parseImageReference", () => {
  it.each([
    [repository, undefined, undefined],
    [`${repository}:v1.2.3`, "v1.2.3", undefined],
    [`${repository}@${digest}`, undefined, digest],
    [`${repository}:v1.2.3@${digest}`, "v1.2.3", digest],
  ])("splits %s", (reference, tag, expected) => {
    expect(parseImageReference(reference)).toEqual({
      registry: "gitlab.example.com:5050",
      path: "web/site",
      repository,
      tag,
      digest: expected,
    });
  });

  it("splits a reference whose registry has no port", () => {
    expect(parseImageReference("registry.gitlab.com/a/b/c:main")).toMatchObject({
      registry: "registry.gitlab.com",
      path: "a/b/c",
      tag: "main",
    });
  });
});

describe("formatTag and formatDigest", () => {
  it("join what parseImageReference splits", () => {
    expect(formatTag(repository, "main")).toBe(`${repository}:main`);
    expect(formatDigest(repository, digest)).toBe(`${repository}@${digest}`);
    expect(parseImageReference(formatDigest(repository, digest))).toMatchObject({
      repository,
      digest,
    });
  });
});

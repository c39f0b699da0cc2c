import { findProblems, problem } from "../support/stackConfig";

describe("pathPrefix", () => {
  it.each(["docs", "/", "/docs/", "//docs", "/a b", "/docs/../x", "/."])("is not %j", (value) => {
    expect(findProblems({ pathPrefix: value })).toEqual(
      problem(
        `\`pathPrefix\` is "${value}", which is not a path such as "/docs": with "/" at its beginning, and without at its end.`,
        "pulumi config set pathPrefix /docs",
      ),
    );
  });

  it.each(["/docs", "/docs/v1.2", "/~web", "/.well"])("may be %j", (value) => {
    expect(findProblems({ pathPrefix: value })).toEqual([]);
  });
});

import { renderTable } from "../../cli/table";

describe("renderTable", () => {
  it("makes each column as wide as its widest cell, and ends no line with spaces", () => {
    expect(
      renderTable([
        ["id", "state", "name"],
        ["1", "known", "push"],
        ["1024", "unknown", ""],
      ]),
    ).toBe("id    state    name\n1     known    push\n1024  unknown");
  });

  it("renders a heading without rows", () => {
    expect(renderTable([["id", "name"]])).toBe("id  name");
  });
});

import { explainMessage } from "../../../cli/commands/doctor";
import { FakeIo } from "../../support/cli";

describe("slipway doctor --explain", () => {
  it("says what the message means, what it is not, and the next step", () => {
    const io = new FakeIo({});
    explainMessage("Error response from daemon: denied: access forbidden", io);

    expect(io.printed.join("\n")).toMatch(
      /^docker, BuildKit: denied: access forbidden\n\nMeaning: .*\nIt is not a wrong password.*\nNext: {4}Run `slipway doctor`/,
    );
  });

  it("refuses a message that it does not know", () => {
    expect(() => explainMessage("hello", new FakeIo({}))).toThrow(
      "The message is not one that Slipway knows; docs/messages.md has the list. Quote it without hosts and digests, or more of its line.",
    );
  });
});

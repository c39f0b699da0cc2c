import * as fs from "node:fs";

import { renderMessagesPage } from "../../../cli/doctor/messagesPage";

describe("docs/messages.md", () => {
  it("is what `npm run generate` writes", () => {
    expect(fs.readFileSync("docs/messages.md", "utf8")).toEqual(renderMessagesPage());
  });
});

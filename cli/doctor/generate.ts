import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { renderMessagesPage } from "./messagesPage";

/* A part of `npm run generate`: writes the page of the messages from their table. A test compares both. */

writeFileSync(join(__dirname, "..", "..", "docs", "messages.md"), renderMessagesPage());

import MiniSearch from "minisearch";

import { createSearchIndex } from "../../website/convert/searchIndex.mts";
import options from "../../website/src/search/options.json";
import { convert } from "./support/convert";

const text = `Above the title.

# Credentials

Which **tokens** there are, in \`a\`
and [b](#rotating-now).

## Rotating now

| key | does |
| --- | ---- |
| \`rotation\` | counts |

\`\`\`sh
npx slipway rotate prod   # now
\`\`\`

\`\`\`mermaid
flowchart LR
\`\`\`
`;

describe("the search index", () => {
  const [{ sections }] = convert({ "docs/credentials.md": text });

  it("has a section for each heading, with what is below it as text", () => {
    expect(sections).toEqual([
      {
        id: "/docs/credentials/",
        page: "Credentials",
        heading: "Credentials",
        text: "Which tokens there are, in a and b.",
      },
      {
        id: "/docs/credentials/#rotating-now",
        page: "Credentials",
        heading: "Rotating now",
        text: "key does rotation counts npx slipway rotate prod # now",
      },
    ]);
  });

  it("is found in as browsers do, by the beginning of a word", () => {
    const index = MiniSearch.loadJSON(createSearchIndex(sections), options);
    const [first] = index.search("rota", { prefix: true });
    expect(first).toMatchObject({
      id: "/docs/credentials/#rotating-now",
      heading: "Rotating now",
      text: "key does rotation counts npx slipway rotate prod # now",
    });
  });
});

import { toAddress } from "../../website/convert/addresses.mts";
import { readNavigation } from "../../website/convert/navigation.mts";
import { convert } from "./support/convert";

const readme = `# Slipway

| other | table |
| ----- | ----- |
| [a](docs/a.md) | b |

| question                 | page                                   |
| ------------------------ | -------------------------------------- |
| How does \`it\` work?    | [a](docs/a.md), [docs/b.md](docs/b.md) |
| Where are the examples?  | [examples/](examples/README.md)        |
`;

const files = {
  "README.md": readme,
  "docs/a.md": "# Page a\n",
  "docs/b.md": "# Page b\n",
  "docs/c.md": "# Page c\n",
  "examples/README.md": "# Examples\n",
};
const targets = {
  addresses: new Map(Object.keys(files).map((file) => [file, toAddress(file)])),
  exists: () => false,
};

describe("the navigation", () => {
  it("has the questions of the README's table, and below them the pages that answer none", () => {
    expect(readNavigation(readme, convert(files), targets)).toEqual({
      questions: [
        {
          question: "How does it work?",
          pages: [
            { address: "/docs/a/", title: "Page a" },
            { address: "/docs/b/", title: "Page b" },
          ],
        },
        {
          question: "Where are the examples?",
          pages: [{ address: "/examples/", title: "Examples" }],
        },
      ],
      others: [{ address: "/docs/c/", title: "Page c" }],
    });
  });

  it("is missed if the README has no such table any more", () => {
    expect(() => readNavigation("# Slipway\n", convert(files), targets)).toThrow(
      'README.md has no table with the column "question" any more, which is the site\'s navigation. Name the column so, or change website/convert/navigation.mts.',
    );
  });
});

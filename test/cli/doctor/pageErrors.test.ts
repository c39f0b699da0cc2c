import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { describePageErrors } from "../../../cli/doctor/pageErrors";

let site: string;

beforeEach(() => (site = mkdtempSync(join(tmpdir(), "slipway-pages-"))));
afterEach(() => rmSync(site, { recursive: true }));

function write(file: string, text: string): void {
  mkdirSync(dirname(join(site, file)), { recursive: true });
  writeFileSync(join(site, file), text);
}

/** As Gatsby 5.16.1 prints it in a build without a terminal. */
const log = (path: string) => `#16 21.4 success onPreExtractQueries - 0.000s
#16 29.6 error There was a problem parsing "${path}"; any GraphQL
#16 29.6 fragments or queries in this file were not processed.
#16 29.6
#16 29.6 This may indicate a syntax error in the code, or it may be a file type
#16 29.6 that Gatsby does not know how to parse.
#16 29.7 failed extract queries from components - 8.259s`;

const page = (title: string) => `export default function About(): object {
  return (
    <main>
      ${title}
    </main>
  );
}
`;

describe("describePageErrors", () => {
  it.each(["/site/src/pages/about.tsx", "/app/web/src/pages/about.tsx"])(
    "says in which line of the page the error is: %s",
    (path) => {
      write("src/pages/about.tsx", page("<h1>About</h2>"));
      expect(describePageErrors(log(path), site, process.cwd())).toEqual([
        "src/pages/about.tsx:4:18: Expected corresponding JSX closing tag for 'h1'.\n        <h1>About</h2>",
      ]);
    },
  );

  it.each([
    [
      "src/a.js",
      "const a = <b>;\n",
      "src/a.js:1:12: JSX element 'b' has no corresponding closing tag.",
    ],
    ["gatsby-node.mjs", "export const a = ;\n", "gatsby-node.mjs:1:18: Expression expected."],
    ["src/a.ts", "let a: = 1;\n", "src/a.ts:1:8: Type expected."],
  ])("parses %s", (file, text, message) => {
    write(file, text);
    expect(describePageErrors(log(`/site/${file}`), site, process.cwd())).toEqual([
      `${message}\n  ${text.trim()}`,
    ]);
  });

  it("names only the file if there is no TypeScript, or if TypeScript accepts it", () => {
    write("src/pages/about.tsx", page("<h1>About</h2>"));
    const sentence =
      "src/pages/about.tsx: Gatsby can't parse this file, so it has a syntax error. An editor shows its line.";
    const path = "/site/src/pages/about.tsx";
    expect(describePageErrors(log(path), site, site)).toEqual([sentence]);
    write("src/pages/about.tsx", page("<h1>About</h1>"));
    expect(describePageErrors(log(path), site, process.cwd())).toEqual([sentence]);
  });

  it("passes over TypeScript 7, which has no parser to load", () => {
    write("node_modules/typescript/index.js", 'exports.version = "7.0.2";\n');
    write("src/pages/about.tsx", page("<h1>About</h2>"));
    const describe = (program: string) =>
      describePageErrors(log("/site/src/pages/about.tsx"), site, program);
    expect(describe(site)).toEqual([
      "src/pages/about.tsx: Gatsby can't parse this file, so it has a syntax error. An editor shows its line.",
    ]);
    expect(describe(process.cwd())[0]).toContain("src/pages/about.tsx:4:18: ");
  });

  it("says nothing of other failures, and of files that are not the site's", () => {
    expect(describePageErrors("#16 error: something else", site, process.cwd())).toEqual([]);
    expect(describePageErrors(log("/site/src/none.tsx"), site, process.cwd())).toEqual([]);
  });
});

import { listDefaults } from "../../components/site/headers";
import { schema } from "../../config/schema";
import { renderTable } from "../../policy/documentation";
import { prefixedRequests, requests, shapes } from "../site/support/requests";

/** Pages of docs/ that have tables between two comments, and the tables by their names. */
const pages: Readonly<Record<string, Readonly<Record<string, () => string>>>> = {
  "serving.md": { requests: renderRequests, prefix: renderPrefixed, headers: renderHeaders },
  "cluster.md": { keys: renderKeys },
};

/** Names of the pages. */
export const pagesWithTables = Object.keys(pages);

/** The page with its tables as their sources have them. All else stays as it is. */
export function writeTables(page: string, text: string): string {
  return Object.entries(pages[page]).reduce((written, [name, render]) => {
    const place = new RegExp(`(<!-- Table ${name}: .*-->\n)[^]*?(<!-- End of the table -->\n)`);
    if (!place.test(written)) throw new Error(`docs/${page} has no place for the table ${name}.`);
    // A function, because `$` has a meaning in a replacement text.
    return written.replace(
      place,
      (_, start: string, end: string) => `${start}\n${render()}\n${end}`,
    );
  }, text);
}

const code = (text: string): string => `\`${text}\``;

function renderAnswer(answer: string): string {
  const [status, place] = [answer.slice(0, 3), code(answer.slice(4))];
  if (status === "404") return status;
  return status.startsWith("3") ? `${status} to ${place}` : `${status} ${place}`;
}

function renderRequests(): string {
  const rows = requests.map(([address, ...answers]) => [
    code(address),
    ...answers.map(renderAnswer),
  ]);
  return renderTable(["address", ...Object.keys(shapes).map(code)], rows);
}

function renderPrefixed(): string {
  const rows = prefixedRequests.map(([address, answer]) => [code(address), renderAnswer(answer)]);
  return renderTable(["address", "answer"], rows);
}

/** Keys by the header that they decide about. */
const keys: Readonly<Record<string, string>> = {
  "Content-Security-Policy": "contentPolicy",
  "Content-Security-Policy-Report-Only": "contentPolicy",
  "Strict-Transport-Security": "hstsMaxAge",
};

function renderHeaders(): string {
  const rows = listDefaults({}).map(([name, value]) => [
    code(name),
    value === "" ? "not sent" : code(value),
    code(keys[name] ?? "headers"),
  ]);
  return renderTable(
    ["header", "value", "key"],
    [
      ...rows,
      [code("X-Robots-Tag"), "`noindex` on all tiers but production", code("tier")],
      ["others", "not sent", "`headers`, by name"],
    ],
  );
}

const keysOfHeaders = ["contentPolicy", "hstsMaxAge", "headers"];

/** Keys of the site, each field of a structured one by itself, but for those of the headers. */
function renderKeys(): string {
  const rows = Object.entries(schema.site)
    .filter(([key]) => !keysOfHeaders.includes(key))
    .flatMap(([key, { declared, description, fields }]) => {
      const link = (name: string) => `[${code(name)}](configuration.md#${key.toLowerCase()})`;
      const fallback = typeof declared === "object" ? "" : String(declared);
      return fields.length === 0
        ? [[link(key), description, fallback === "" ? "" : code(fallback)]]
        : fields.map((field) => [link(`${key}.${field.name}`), field.description, ""]);
    });
  return renderTable(["key", "what", "default"], rows);
}

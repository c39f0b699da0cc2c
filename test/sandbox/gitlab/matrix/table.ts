import { MatrixWorld, places, type Recipe, type Visibility } from "./matrixWorld";

/** A line of a table: its endpoint, and the whole of it in one form, whatever spaces are in it. */
export type Row = readonly [endpoint: string, line: string];

/**
 * The lines of a table of who gets what. A line is one endpoint, with the statuses for
 *
 *   nobody, stranger, guest, reporter, developer, maintainer, owner, admin
 *
 * at a private, at an internal and at a public place (`=` for the same as before it), and then with other
 * credentials at the private one:
 *
 *   unknown, expired, revoked, read_api, read_user, read_registry, job, deploy
 */
export function readTable(table: string): Row[] {
  return table
    .trim()
    .split("\n")
    .map((line) => {
      const [endpoint, ...groups] = line.split("|").map((part) => part.trim());
      const [method, route] = endpoint.split(/ +/);
      return [`${method} ${route}`, renderRow(`${method} ${route}`, groups)];
    });
}

/** Tests every cell of the table. What is received when a line fails can be taken over as it is. */
export function testTable(table: string, recipes: Readonly<Record<string, Recipe>>): void {
  const rows = readTable(table);
  const world = new MatrixWorld();
  beforeAll(() => world.start());
  afterAll(() => world.stop());

  it.each(rows)("%s", async (endpoint, line) => {
    const recipe = recipes[endpoint] ?? {};
    const found: string[] = [];
    for (const visibility of Object.keys(places) as Visibility[]) {
      found.push(await world.probeCallers(endpoint, recipe, visibility));
    }
    const repeated = found.map((statuses, index) =>
      statuses === found[index - 1] ? "=" : statuses,
    );

    const groups = [...repeated, await world.probeCredentials(endpoint, recipe)];
    expect(renderRow(endpoint, groups)).toBe(line);
  });

  it("no recipe is for an endpoint that has no line", () => {
    const endpoints = rows.map(([endpoint]) => endpoint);

    expect(Object.keys(recipes).filter((endpoint) => !endpoints.includes(endpoint))).toEqual([]);
  });
}

function renderRow(endpoint: string, groups: readonly string[]): string {
  const [method, route] = endpoint.split(" ");
  return [`${method.padEnd(6)} ${route}`, ...groups].join(" | ");
}

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

/** A line, in the form that all have: what is received when one fails can be taken over as it is. */
export function renderRow(endpoint: string, groups: readonly string[]): string {
  const [method, route] = endpoint.split(" ");
  return [`${method.padEnd(6)} ${route}`, ...groups].join(" | ");
}

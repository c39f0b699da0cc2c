/**
 * Renders a table as plain text: one line for each row, with two spaces between the columns.
 *
 * @param rows cells by row; every row has as many cells as the first
 */
export function renderTable(rows: readonly [readonly string[], ...(readonly string[])[]]): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** Text as one word of a shell: paths of checkouts have blanks and quotes in them. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

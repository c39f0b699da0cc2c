/** Quotes text as one word for a shell: paths of checkouts can contain spaces and quotes. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

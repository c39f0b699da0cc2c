/** Name of a stack without organization and project. */
export function shortenStackName(stack: string): string {
  return stack.slice(stack.lastIndexOf("/") + 1);
}

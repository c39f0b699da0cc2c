/** Name of a stack without organization and project. */
export function shortenStackName(stack: string): string {
  return stack.slice(stack.lastIndexOf("/") + 1);
}

/** Project of a full name, `organization/project/stack`; undefined for a shorter name, which has none. */
export function findStackProject(stack: string): string | undefined {
  const parts = stack.split("/");
  return parts.length === 3 ? parts[1] : undefined;
}

const prefix = "/api/v4";

/**
 * Whether a fault's route matches a request. It is the route as declared or, with `*`, a pattern for the route or for
 * the request's path.
 */
export function matchesRoute(pattern: string, route: string | undefined, path: string): boolean {
  const names = [route ?? path, path].flatMap((name) => [name, name.replace(prefix, "")]);
  if (!pattern.includes("*")) return names.includes(pattern);
  const parts = pattern.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const expression = new RegExp(`^${parts.join(".*")}$`);
  return names.some((name) => expression.test(name));
}

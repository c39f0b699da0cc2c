const prefix = "/api/v4";

/**
 * Whether a fault's route is meant: it names the route as declared, or, with `*`, what it or the request's
 * path look like.
 */
export function matchesRoute(pattern: string, route: string | undefined, path: string): boolean {
  const names = [route ?? path, path].flatMap((name) => [name, name.replace(prefix, "")]);
  if (!pattern.includes("*")) return names.includes(pattern);
  const parts = pattern.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const expression = new RegExp(`^${parts.join(".*")}$`);
  return names.some((name) => expression.test(name));
}

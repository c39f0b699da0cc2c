import type { FastifyInstance } from "fastify";

/** Records the routes of a server as they are added. */
export class Routes {
  private readonly methods = new Map<string, Set<string>>();

  /** @param app a server without routes so far */
  constructor(app: FastifyInstance) {
    app.addHook("onRoute", ({ url, method }) => {
      const known = this.methods.get(url) ?? new Set();
      for (const one of [method].flat()) known.add(one);
      this.methods.set(url, known);
    });
  }

  /** Returns all routes, such as `GET /api/v4/user`. */
  list(): string[] {
    return [...this.methods].flatMap(([url, methods]) =>
      [...methods].map((method) => `${method} ${url}`),
    );
  }

  /** Returns the methods of the routes that match the path; empty if there is no such route. */
  findMethods(path: string): string[] {
    const segments = path.split("/");
    const found = [...this.methods].filter(([url]) => fits(url.split("/"), segments));
    return [...new Set(found.flatMap(([, methods]) => [...methods]))];
  }
}

function fits(pattern: readonly string[], segments: readonly string[]): boolean {
  return (
    pattern.length === segments.length &&
    pattern.every((part, index) =>
      part.startsWith(":") ? segments[index] !== "" : part === segments[index],
    )
  );
}

/** Path of a property: names of properties and positions in lists. */
export type PropertyPath = readonly (string | number)[];

const plainMember = /^[A-Za-z_$][\w$]*$/;
const part = /\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|\.?([^.[\]]+)/g;

/**
 * Parses a path in the notation of Pulumi's engine and providers: `spec.containers[0].image`,
 * `metadata.annotations["example.com/x"]`.
 */
export function parsePath(text: string): PropertyPath {
  return [...text.matchAll(part)].map(([, quoted, position, member]) => {
    if (quoted !== undefined) return quoted.replace(/\\(.)/g, "$1");
    return position === undefined ? member : Number(position);
  });
}

/** Renders a path in the notation that {@link parsePath} reads. */
export function formatPath(path: PropertyPath): string {
  return path
    .map((one, index) => {
      if (typeof one === "number") return `[${one}]`;
      if (!plainMember.test(one)) return `[${JSON.stringify(one)}]`;
      return index === 0 ? one : `.${one}`;
    })
    .join("");
}

/** Returns the value at a path; `undefined` if there is none. */
export function valueAt(value: unknown, path: PropertyPath): unknown {
  return path.reduce<unknown>(
    (at, one) =>
      typeof at === "object" && at !== null && Object.hasOwn(at, one)
        ? (at as Record<string | number, unknown>)[one]
        : undefined,
    value,
  );
}

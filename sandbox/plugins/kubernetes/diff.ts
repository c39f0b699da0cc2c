import { Unknown } from "../properties";
import { isMap } from "../properties";
import type { Json, JsonObject, PropertyMap, PropertyValue } from "../properties";
import type { DiffKind, PropertyDiff } from "../provider";
import { isQuantityPath, sameQuantity } from "./quantity";
import { touches } from "./replacement";

type Path = readonly (string | number)[];

/**
 * Compares the wanted inputs with the live object, reduced to the fields of its earlier inputs. Properties have the
 * engine's notation; a change below one of `replacing` replaces the object.
 */
export function compare(
  live: JsonObject,
  oldInputs: JsonObject,
  news: PropertyMap,
  replacing: readonly (readonly string[])[],
): Map<string, PropertyDiff> {
  const found = new Map<string, PropertyDiff>();

  function add(path: Path, kind: "ADD" | "UPDATE" | "DELETE", value: PropertyValue | undefined) {
    const plain = value instanceof Unknown ? undefined : (value as Json | undefined);
    const full: DiffKind = touches(replacing, path, plain) ? `${kind}_REPLACE` : kind;
    found.set(
      renderPath(path),
      kind === "DELETE" ? { kind: full, inputDiff: true } : { kind: full },
    );
  }

  function visit(path: Path, old: Json | undefined, input: Json | undefined, now: PropertyValue) {
    if (old === undefined) {
      // The API server leaves out zero values: one that was and still is an input counts as present.
      if (!(isZero(now) && input !== undefined && isZero(input))) {
        add(path, "ADD", now);
      }
    } else if (isMap(now) && isMap(old)) {
      visitMap(path, old, isMap(input) ? input : {}, now);
    } else if (Array.isArray(now) && Array.isArray(old)) {
      visitList(path, old, Array.isArray(input) ? input : [], now);
    } else if (old !== now && !(isQuantityPath(path) && sameQuantity(old, now))) {
      add(path, "UPDATE", now);
    }
  }

  function visitMap(path: Path, old: JsonObject, inputs: JsonObject, now: PropertyMap) {
    for (const [key, value] of Object.entries(now)) {
      visit([...path, key], old[key], inputs[key], value);
    }
    for (const [key, value] of Object.entries(old)) {
      if (now[key] === undefined) {
        add([...path, key], "DELETE", value);
      }
    }
  }

  function visitList(path: Path, old: Json[], inputs: Json[], now: PropertyValue[]) {
    now.forEach((value, index) => visit([...path, index], old[index], inputs[index], value));
    old
      .slice(now.length)
      .forEach((value, index) => add([...path, now.length + index], "DELETE", value));
  }

  visitMap([], live, oldInputs, news);
  return found;
}

/** Whether Go's JSON encoding may omit the value in a field marked `omitempty`. */
function isZero(value: PropertyValue): boolean {
  return (
    value === false ||
    value === 0 ||
    value === "" ||
    (Array.isArray(value) && value.length === 0) ||
    (isMap(value) && Object.values(value).every(isZero))
  );
}

/** Renders a path as the engine does: `spec.template.spec.containers[0].image`, `data[".dockerconfigjson"]`. */
function renderPath(path: Path): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") {
      return `${text}[${String(key)}]`;
    }
    if (/[."[\]]/.test(key)) {
      return `${text}["${key.replaceAll('"', '\\"')}"]`;
    }
    return text === "" ? key : `${text}.${key}`;
  }, "");
}

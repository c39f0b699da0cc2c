const SUFFIXES: Record<string, number> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** Keys whose values are quantities, or contain quantities. */
const QUANTITY_KEYS = new Set(["limits", "requests", "sizeLimit", "capacity", "hard", "divisor"]);

/** Whether the value at a path is a quantity, such as `0.5` processors or `64Mi` of memory. */
export function isQuantityPath(path: readonly (string | number)[]): boolean {
  return path.slice(-2).some((key) => QUANTITY_KEYS.has(String(key)));
}

/** Whether two notations of a quantity mean the same: the API server stores `0.5` as `500m`. */
export function sameQuantity(a: unknown, b: unknown): boolean {
  const [first, second] = [parseQuantity(a), parseQuantity(b)];
  return first !== undefined && first === second;
}

function parseQuantity(value: unknown): number | undefined {
  const match = /^([+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?)([numkMGTPE]?i?)$/.exec(String(value));
  const factor = SUFFIXES[match?.[2] ?? "none"];
  return match === null || factor === undefined ? undefined : Number(match[1]) * factor;
}

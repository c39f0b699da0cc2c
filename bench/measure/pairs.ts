/** Something that is done once and measured: it returns the value, such as seconds. */
export type Measure = () => Promise<number>;

/** Values of what is measured and of its peers, which were measured in turns. */
export interface Turns {
  readonly own: readonly number[];
  readonly peers: readonly (readonly number[])[];
}

/** How values are measured. */
export interface TurnOptions {
  /** Number of values of each. */
  readonly count: number;
  /** Whether each is done once before, for caches. */
  readonly warmUp?: boolean;
  /** Called after each turn. */
  readonly onTurn?: (line: string) => void;
}

/** Measures things in turns (A B A B), so that what else the machine does at a time slows all of them. */
export async function measureInTurns(
  own: Measure,
  peers: readonly Measure[],
  { count, onTurn, warmUp = false }: TurnOptions,
): Promise<Turns> {
  const all = [own, ...peers];
  if (warmUp) for (const measure of all) await measure();
  const values: number[][] = all.map(() => []);
  for (let turn = 1; turn <= count; turn++) {
    for (const [index, measure] of all.entries()) values[index].push(await measure());
    const last = values.map((series) => series[turn - 1].toFixed(2)).join(" | ");
    onTurn?.(`${turn} of ${count}: ${last}`);
  }
  return { own: values[0], peers: values.slice(1) };
}

/** Seconds that some work takes. */
export async function measureSeconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

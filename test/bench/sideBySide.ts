// How fast is something against the least that it could cost? Both measured in turns in one run, by the medians of five.

export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly figure: number;
  /** What it is measured against; absent where the figure stands for itself. */
  readonly floor?: number;
  /** Of figure to floor. */
  readonly ratio?: number;
  /** What the figure, or the ratio where there is one, must reach. */
  readonly goal: { readonly is: 'atLeast' | 'atMost'; readonly value: number };
}

/** One bench: it prepares what it needs, answers its figures and leaves nothing behind. */
export type Bench = () => Promise<readonly Figure[]>;

const rounds = 5;

export const medianOf = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** How many times a second `count` units of work were done. */
export const rateOf = async (count: number, work: () => Promise<void>): Promise<number> => {
  const start = performance.now();
  await work();
  return (count * 1000) / (performance.now() - start);
};

export interface SideBySide {
  readonly name: string;
  readonly unit: string;
  readonly goal: number;
  /** One sample each, a rate: higher is better. */
  readonly figure: () => Promise<number>;
  readonly floor: () => Promise<number>;
}

/** Measures both, warmed up, taking turns at going first; the ratio is that of the medians. */
export const sideBySide = async ({ name, unit, goal, figure, floor }: SideBySide): Promise<Figure> => {
  const figures: number[] = [];
  const floors: number[] = [];
  for (let round = -1; round < rounds; round += 1) {
    const floorFirst = round % 2 === 0;
    const before = floorFirst ? await floor() : undefined;
    const measured = await figure();
    const against = before ?? (await floor());
    // The first round only warms up.
    if (round < 0) continue;
    figures.push(measured);
    floors.push(against);
  }
  const [median, least] = [medianOf(figures), medianOf(floors)];
  return { name, unit, figure: median, floor: least, ratio: median / least, goal: { is: 'atLeast', value: goal } };
};

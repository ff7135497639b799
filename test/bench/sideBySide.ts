// How fast is something against the least that it could cost? Both measured in turns in one run, by the medians of five.

export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly figure: number;
  /** What it is measured against; absent where the figure stands for itself. */
  readonly floor?: number;
  /** Of figure to floor. */
  readonly ratio?: number;
  /** What the figure, or the ratio where there is one, must reach; absent where it is only to be known. */
  readonly goal?: { readonly is: 'atLeast' | 'atMost'; readonly value: number };
}

/** What a bench may be asked for on the command line. */
export interface Asked {
  /** So many facts, instead of as many as its goal speaks of: a shorter run. */
  readonly facts?: number | undefined;
}

/** One bench: it prepares what it needs, answers its figures and leaves nothing behind. */
export type Bench = (asked: Asked) => Promise<readonly Figure[]>;

const rounds = 5;

export const medianOf = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** How many times a second `count` units of work were done. */
export const rateOf = async (count: number, work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return (count * 1000) / (performance.now() - start);
};

export interface SideBySide {
  readonly name: string;
  readonly unit: string;
  readonly goal: number;
  /** One slice each, always of the same size; a rate: higher is better. */
  readonly figure: () => Promise<number>;
  readonly floor: () => Promise<number>;
}

const slices = 6;

/**
 * Measures both, warmed up. A round is six slices of each, in turns, so that what else the machine does meets both alike; the
 * ratio is that of the medians of five rounds.
 */
export const sideBySide = async ({ name, unit, goal, figure, floor }: SideBySide): Promise<Figure> => {
  const round = async (): Promise<readonly [number, number]> => {
    let [ours, least] = [0, 0];
    for (let slice = 0; slice < slices; slice += 1) {
      if (slice % 2 === 0) ours += 1 / (await figure());
      least += 1 / (await floor());
      if (slice % 2 === 1) ours += 1 / (await figure());
    }
    return [slices / ours, slices / least];
  };
  await round();
  const figures: number[] = [];
  const floors: number[] = [];
  for (let turn = 0; turn < rounds; turn += 1) {
    const [ours, least] = await round();
    figures.push(ours);
    floors.push(least);
  }
  const [median, least] = [medianOf(figures), medianOf(floors)];
  return { name, unit, figure: median, floor: least, ratio: median / least, goal: { is: 'atLeast', value: goal } };
};

// Which choice does a story make? A pseudo-random one, which is the same for the same seed and name on every machine.
import { uuidOf } from '../../events/identifiers.ts';

export interface Random {
  /** A number from `from` up to, not including, `to`. */
  between(from: number, to: number): number;
  /** A whole number from `from` to `to`, both included. */
  whole(from: number, to: number): number;
  pick<T>(from: readonly T[]): T;
  chance(probability: number): boolean;
}

/** The choices of one story or part; they don't change the choices of other parts. */
export const randomOf = (seed: number, name: string): Random => {
  let state = Number.parseInt(uuidOf('sample', String(seed), name).slice(0, 8), 16);
  // mulberry32: 32 bits of state are plenty for a few dozen choices.
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const whole = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1));
  return {
    between: (from, to) => from + next() * (to - from),
    whole,
    pick: (from) => {
      const found = from[whole(0, from.length - 1)];
      if (found === undefined) throw new Error(`nothing to pick from for ${name}`);
      return found;
    },
    chance: (probability) => next() < probability,
  };
};

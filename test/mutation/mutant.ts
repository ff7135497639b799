// What is a mutant, and which are left out? One change of one place in a file; what only readers would notice is no mutant for us.
import * as z from 'zod';

const place = z.object({ line: z.number(), column: z.number() });

/** As the instrumenter tells it: `id` is unique in a run, lines and columns count from 0. */
export const mutantShape = z.object({
  id: z.string(),
  fileName: z.string(),
  mutatorName: z.string(),
  replacement: z.string(),
  location: z.object({ start: place, end: place }),
});

export type Mutant = z.infer<typeof mutantShape>;

/** What became of a mutant. `static`: it acts only while modules load, before any test, so that no test can tell. */
export type Outcome = 'killed' | 'survived' | 'notCovered' | 'static';

/** The text that a mutant replaces. */
export const originalOf = ({ location: { start, end } }: Mutant, text: string): string => {
  const lines = text.split('\n').slice(start.line, end.line + 1);
  const last = lines.length - 1;
  return lines
    .map((line, at) => line.slice(at === 0 ? start.column : 0, at === last ? end.column : undefined))
    .join('\n');
};

/**
 * Whether a mutant is left out: another wording of a sentence. A text with a space is a sentence for readers (evidence, titles, reasons);
 * texts without one are names of states, events and rules, and stay. No other mutator is left out.
 */
export const isWording = (mutant: Mutant, text: string): boolean =>
  mutant.mutatorName === 'StringLiteral' && /\s/.test(originalOf(mutant, text).replace(/\$\{[^}]*\}/g, ''));

/** A generator of numbers from 0 to 1, the same for the same seed (mulberry32). */
export const numbersOf = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

/** The items in another order, the same for the same seed. */
const shuffled = <T>(items: readonly T[], seed: number): readonly T[] => {
  const next = numbersOf(seed);
  return items
    .map((item) => ({ item, at: next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
};

/**
 * At most `sample` mutants of each file, chosen by the seed, and in turns: one of each file, then the next of each, so that a run which
 * ends early has tried about as many of every file.
 */
export const inTurns = (
  mutants: readonly Mutant[],
  { sample, seed }: { readonly sample: number; readonly seed: number },
): readonly Mutant[] => {
  const byFile = [...Map.groupBy(mutants, ({ fileName }) => fileName).values()];
  const chosen = byFile.map((some) => shuffled(some, seed).slice(0, sample));
  const longest = Math.max(0, ...chosen.map(({ length }) => length));
  return Array.from({ length: longest }, (_, turn) => chosen.flatMap((some) => some.slice(turn, turn + 1))).flat();
};

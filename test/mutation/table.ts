// How good are the tests of each file? A line a file with what became of its mutants, and the sum.
import type { Mutant, Outcome } from './mutant.ts';

export interface Tried {
  readonly mutant: Mutant;
  readonly outcome: Outcome;
}

interface Line {
  readonly name: string;
  readonly mutants: number;
  readonly killed: number;
  readonly survived: number;
  readonly notCovered: number;
  /** The killed among all that a test could tell, in percent; undefined where there are none. */
  readonly score: number | undefined;
}

const lineOf = (name: string, tried: readonly Tried[]): Line => {
  const count = (wanted: Outcome): number => tried.filter(({ outcome }) => outcome === wanted).length;
  const [killed, survived, notCovered] = [count('killed'), count('survived'), count('notCovered')];
  const mutants = killed + survived + notCovered;
  return { name, mutants, killed, survived, notCovered, score: mutants === 0 ? undefined : (100 * killed) / mutants };
};

/** The lines by file, the lowest score first, and the sum as the last. Mutants that act only while modules load don't count. */
export const linesOf = (tried: readonly Tried[], nameOf: (path: string) => string): readonly Line[] => [
  ...[...Map.groupBy(tried, ({ mutant }) => mutant.fileName)]
    .map(([path, some]) => lineOf(nameOf(path), some))
    .sort((a, b) => (a.score ?? 101) - (b.score ?? 101) || a.name.localeCompare(b.name)),
  lineOf('all', tried),
];

const heading = ['file', 'mutants', 'killed', 'survived', 'no coverage', 'score'] as const;

/** The table as text; a score under the goal is marked. */
export const tableOf = (lines: readonly Line[], goal: number): string => {
  const rows = [
    heading,
    ...lines.map(({ name, mutants, killed, survived, notCovered, score }) => [
      name,
      String(mutants),
      String(killed),
      String(survived),
      String(notCovered),
      score === undefined ? '-' : `${score.toFixed(1)} %${score < goal ? ' LOW' : '    '}`,
    ]),
  ];
  const widths = heading.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join(' | ')
        .trimEnd(),
    )
    .join('\n');
};

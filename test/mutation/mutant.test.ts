// Are the same mutants chosen for the same seed, in turns by file, and does the table count what became of them?
import { describe, expect, it } from 'vitest';
import { inTurns, isWording, type Mutant, originalOf } from './mutant.ts';
import { linesOf, tableOf } from './table.ts';

const mutant = (fileName: string, id: number, more: Partial<Mutant> = {}): Mutant => ({
  id: String(id),
  fileName,
  mutatorName: 'ConditionalExpression',
  replacement: 'false',
  location: { start: { line: 0, column: 0 }, end: { line: 0, column: 1 } },
  ...more,
});

const many = [...Array.from({ length: 9 }, (_, id) => mutant('a', id)), mutant('b', 9), mutant('b', 10)];

describe('the mutants that are tried', () => {
  it('are the same for the same seed, and others for another', () => {
    const idsOf = (seed: number) => inTurns(many, { sample: 4, seed }).map(({ id }) => id);
    expect(idsOf(1)).toEqual(idsOf(1));
    expect(idsOf(1)).not.toEqual(idsOf(2));
  });

  it('come in turns, so that each file gets as many while it has some', () => {
    expect(inTurns(many, { sample: 4, seed: 1 }).map(({ fileName }) => fileName)).toEqual([
      'a',
      'b',
      'a',
      'b',
      'a',
      'a',
    ]);
  });
});

describe('a mutant that only words a sentence', () => {
  const text = "const said = 'nobody answered';\nconst state = 'not-raised';";
  const said = { start: { line: 0, column: 13 }, end: { line: 0, column: 30 } };
  const state = { start: { line: 1, column: 14 }, end: { line: 1, column: 26 } };

  it('is one whose text holds a space', () => {
    expect(originalOf(mutant('a', 1, { location: said }), text)).toBe("'nobody answered'");
    expect(isWording(mutant('a', 1, { mutatorName: 'StringLiteral', location: said }), text)).toBe(true);
    expect(isWording(mutant('a', 1, { mutatorName: 'StringLiteral', location: state }), text)).toBe(false);
    expect(isWording(mutant('a', 1, { location: said }), text)).toBe(false);
  });
});

describe('the table', () => {
  const tried = [
    { mutant: mutant('a', 1), outcome: 'killed' },
    { mutant: mutant('a', 2), outcome: 'static' },
    { mutant: mutant('b', 3), outcome: 'survived' },
    { mutant: mutant('b', 4), outcome: 'killed' },
    { mutant: mutant('b', 5), outcome: 'killed' },
    { mutant: mutant('b', 6), outcome: 'notCovered' },
  ] as const;
  const lines = linesOf(tried, (path) => `domain/${path}.ts`);

  it('counts by file, the weakest first, without what acts only while modules load', () => {
    expect(lines.map(({ name, mutants, killed, score }) => [name, mutants, killed, score])).toEqual([
      ['domain/b.ts', 4, 2, 50],
      ['domain/a.ts', 1, 1, 100],
      ['all', 5, 3, 60],
    ]);
  });

  it('marks what is under the goal', () => {
    expect(
      tableOf(lines, 55)
        .split('\n')
        .filter((line) => line.endsWith('LOW')),
    ).toEqual(['domain/b.ts |       4 |      2 |        1 |           1 |  50.0 % LOW']);
  });
});

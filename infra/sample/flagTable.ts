// How many flags are open, by partner and pattern? As lines of a small table: whatever patterns the flags name are its columns.
import type { ReadFlag } from './channelReader.ts';
import { partners } from './participants.ts';
import type { SampleFindings } from './sampleSummary.ts';

const nameWidth = 22;
const usualWidth = 12;

/** A pattern's name in words, in lines that fit a column: of `noEvidenceOfValue` no, evidence, of value. */
const headingOf = (pattern: string): readonly string[] => {
  const lines: string[] = [];
  for (const word of pattern.split(/(?=[A-Z])/)) {
    const longer = `${lines.at(-1) ?? ''} ${word.toLowerCase()}`.trim();
    if (longer.length <= usualWidth - 2) lines.pop();
    lines.push(longer.length <= usualWidth - 2 ? longer : word.toLowerCase());
  }
  return lines;
};

/** The patterns of the flags, in the order of their rules. */
const patternsOf = (flags: readonly ReadFlag[]): readonly string[] => [
  ...new Set(flags.toSorted((a, b) => (a.rule < b.rule ? -1 : 1)).map(({ pattern }) => pattern)),
];

/** Open flags: a row for each partner, a column for each pattern of which there ever was a flag. */
export const flagTable = ({ flags, partnerOf }: Pick<SampleFindings, 'flags' | 'partnerOf'>): readonly string[] => {
  const patterns = patternsOf(flags);
  const headings = [...patterns.map(headingOf), ['all']];
  const height = Math.max(...headings.map(({ length }) => length));
  const width = Math.max(usualWidth, ...headings.flat().map(({ length }) => length + 2));
  const line = (name: string, cells: readonly (string | number)[]): string =>
    `  ${name.padEnd(nameWidth)}${cells.map((cell) => String(cell).padStart(width)).join('')}`.trimEnd();

  const open = flags.filter(({ status }) => status === 'open');
  const row = (name: string, of: readonly ReadFlag[]): string =>
    line(name, [
      ...patterns.map((pattern) => of.filter((flag) => flag.pattern === pattern).length || '·'),
      of.length || '·',
    ]);
  return [
    // The last lines of all headings stand beside each other.
    ...Array.from({ length: height }, (_, index) =>
      line(
        '',
        headings.map((heading) => heading[index - height + heading.length] ?? ''),
      ),
    ),
    ...partners.map(({ name }) =>
      row(
        name,
        open.filter((flag) => partnerOf(flag) === name),
      ),
    ),
    row('all', open),
  ];
};

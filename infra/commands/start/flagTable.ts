// How many flags are open, by partner and pattern? As lines of a small table: whatever patterns the flags name are its columns.
import type { ReadFlag } from './tenantReader.ts';

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

export interface ShownFlags {
  readonly flags: readonly ReadFlag[];
  readonly partnerOf: (flag: ReadFlag) => string;
  /** The partners to list even where they have no open flag. */
  readonly partners: readonly string[];
}

/** More partners than these are counted together: those with the most open flags have rows of their own. */
const shownPartners = 20;

/** Open flags: a row for each partner, a column for each pattern of which there ever was a flag. */
export const flagTable = ({ flags, partnerOf, partners }: ShownFlags): readonly string[] => {
  const patterns = patternsOf(flags);
  const headings = [...patterns.map(headingOf), ['all']];
  const height = Math.max(...headings.map(({ length }) => length));
  const width = Math.max(usualWidth, ...headings.flat().map(({ length }) => length + 2));
  const line = (name: string, cells: readonly (string | number)[]): string =>
    `  ${name.slice(0, nameWidth - 1).padEnd(nameWidth)}${cells.map((cell) => String(cell).padStart(width)).join('')}`.trimEnd();

  const open = flags.filter(({ status }) => status === 'open');
  const row = (name: string, of: readonly ReadFlag[]): string =>
    line(name, [
      ...patterns.map((pattern) => of.filter((flag) => flag.pattern === pattern).length || '·'),
      of.length || '·',
    ]);
  const byPartner = new Map(partners.map((name): [string, ReadFlag[]] => [name, []]));
  for (const flag of open) {
    const name = partnerOf(flag);
    byPartner.set(name, [...(byPartner.get(name) ?? []), flag]);
  }
  const most = [...byPartner].sort(([, a], [, b]) => b.length - a.length).slice(0, shownPartners);
  const shown = new Set(byPartner.size > shownPartners ? most.map(([name]) => name) : byPartner.keys());
  const rest = [...byPartner].filter(([name]) => !shown.has(name));
  return [
    // The last lines of all headings stand beside each other.
    ...Array.from({ length: height }, (_, index) =>
      line(
        '',
        headings.map((heading) => heading[index - height + heading.length] ?? ''),
      ),
    ),
    ...[...byPartner].filter(([name]) => shown.has(name)).map(([name, of]) => row(name, of)),
    ...(rest.length === 0
      ? []
      : [
          row(
            `${rest.length} others`,
            rest.flatMap(([, of]) => of),
          ),
        ]),
    row('all', open),
  ];
};

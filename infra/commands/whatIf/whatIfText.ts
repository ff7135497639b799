// How does a person read what a what-if found: flags that would differ, the warning before losses, and how well each rule foretold them?
import * as z from 'zod';

const Score = z.looseObject({
  episodes: z.number(),
  hits: z.number(),
  losses: z.number(),
  foreseen: z.number(),
  precision: z.number().nullable(),
  precisionReason: z.string().nullable(),
  recall: z.number().nullable(),
  recallReason: z.string().nullable(),
  raised: z.number(),
  dismissed: z.number(),
  acceptance: z.number().nullable(),
  acceptanceReason: z.string().nullable(),
});

/** A run, as the API tells of it. */
export const Run = z.looseObject({
  run: z.string(),
  status: z.enum(['running', 'done', 'cancelled', 'failed']),
  problem: z.string().nullable().default(null),
  progress: z.looseObject({ of: z.number().nullable(), done: z.number() }),
  unreadable: z.array(z.string()).default([]),
  failed: z.array(z.looseObject({ id: z.string(), reason: z.string() })).default([]),
  scores: z.array(z.looseObject({ rule: z.string(), title: z.string(), is: Score, wouldBe: Score })).default([]),
});

export const Item = z.discriminatedUnion('kind', [
  z.looseObject({
    kind: z.literal('flag'),
    engagementId: z.string(),
    change: z.enum(['added', 'removed', 'earlier', 'later']),
    rule: z.string(),
  }),
  z.looseObject({
    kind: z.literal('loss'),
    engagementId: z.string(),
    loss: z.string(),
    at: z.string(),
    warningDays: z.number().nullable(),
    wouldBeWarningDays: z.number().nullable(),
  }),
]);

export interface Found {
  readonly run: z.infer<typeof Run>;
  readonly items: readonly z.infer<typeof Item>[];
}

const changes = ['added', 'removed', 'earlier', 'later'] as const;

const table = (rows: readonly (readonly string[])[]): readonly string[] => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
};

const shiftLines = (items: Found['items']): readonly string[] => {
  const flags = items.flatMap((item) => (item.kind === 'flag' ? [item] : []));
  if (flags.length === 0) return ['No flag would differ.'];
  const byRule = [...Map.groupBy(flags, ({ rule }) => rule)].sort(([a], [b]) => (a < b ? -1 : 1));
  const rows = byRule.map(([rule, of]) => [
    rule,
    ...changes.map((change) => String(of.filter((flag) => flag.change === change).length)),
  ]);
  return ['Flags that would differ:', ...table([['rule', ...changes], ...rows])];
};

const days = (count: number | null): string => (count === null ? 'none' : `${count} days`);

/** The most losses that are told one by one; --json has all. */
const mostLosses = 50;

const lossLines = (items: Found['items']): readonly string[] => {
  const losses = items.flatMap((item) => (item.kind === 'loss' ? [item] : []));
  if (losses.length === 0) return ['Nothing was lost in that time.'];
  const rows = losses
    .toSorted((a, b) => (a.at < b.at ? -1 : 1))
    .slice(0, mostLosses)
    .map(({ engagementId, loss, at, warningDays, wouldBeWarningDays }) => [
      ...[at.slice(0, 10), loss, engagementId],
      ...[days(warningDays), days(wouldBeWarningDays)],
    ]);
  const more = losses.length > mostLosses ? [`and ${losses.length - mostLosses} more: --json lists them`] : [];
  return ['Warning before each loss:', ...table([['day', 'loss', 'engagement', 'is', 'would be'], ...rows]), ...more];
};

const ratio = (value: number | null, reason: string | null, of: string): string =>
  value === null ? (reason ?? 'none') : `${(value * 100).toFixed(1)} % ${of}`;

const scoreCells = ({
  precision,
  precisionReason,
  hits,
  episodes,
  recall,
  recallReason,
  foreseen,
  losses,
}: z.infer<typeof Score>) => [
  ratio(precision, precisionReason, `(${hits} of ${episodes})`),
  ratio(recall, recallReason, `(${foreseen} of ${losses})`),
];

/** What the vendor did not dismiss, of what was raised. */
const acceptanceCell = ({ acceptance, acceptanceReason, raised, dismissed }: z.infer<typeof Score>): string =>
  ratio(acceptance, acceptanceReason, `(${raised - dismissed} of ${raised})`);

const scoreLines = ({ scores }: Found['run']): readonly string[] => {
  if (scores.length === 0) return [];
  const rows = scores.map(({ rule, is, wouldBe }) => [
    ...[rule, ...scoreCells(is), acceptanceCell(is)],
    ...scoreCells(wouldBe),
  ]);
  const head = ['rule', 'precision', 'recall', 'acceptance', 'would-be precision', 'would-be recall'];
  return ['', 'How well each rule foretold losses:', ...table([head, ...rows])];
};

/** What a person is told that stops following a run before its end. */
export const goesOnText = (url: string, place: string): string =>
  [
    `The run goes on; its result will be at ${url}${place} for 7 days. Cancel it with:`,
    `  curl -X DELETE -H @- ${url}${place} <<< "authorization: Bearer $TOKEN"`,
  ].join('\n');

/** What was found, as lines to print. */
export const reportLines = ({ run, items }: Found): readonly string[] => [
  ...shiftLines(items),
  '',
  ...lossLines(items),
  ...scoreLines(run),
  ...(run.unreadable.length === 0
    ? []
    : [
        '',
        `${run.unreadable.length} engagements could not be read, and count for nothing: ${run.unreadable.join(', ')}`,
      ]),
  ...(run.failed.length === 0
    ? []
    : [
        '',
        `${run.failed.length} engagements could not be judged, and count for nothing:`,
        ...run.failed.map(({ id, reason }) => `  ${id}: ${reason}`),
      ]),
];

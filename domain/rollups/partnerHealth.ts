// How healthy are the engagements of a partner together, and which flags are open in them?
import * as z from 'zod';
import { builtOnce } from '../../events/builtOnce.ts';
import { severities } from '../patterns/pattern.ts';
import { flags } from '../rows/flags.ts';
import { healthyScores } from '../rows/healthyScores.ts';
import { partnerHealth as table } from '../rows/partnerHealth.ts';
import type { Row } from '../rows/row.ts';
import type { ColumnsOf } from '../rows/table.ts';
import {
  countsTogether,
  elementNames,
  type HealthyCounts,
  type HealthyElement,
  type HealthyScores,
  healthyParts,
  scoresOf,
  shareOf,
} from '../scores/healthyParts.ts';
import { valueStates } from '../scores/valueState.ts';
import { type Contribution, defineRollup, type Fed } from './rollup.ts';

const Counted = () => z.strictObject({ sum: z.number(), of: z.number() });

/** What one engagement counts, or which flags are open in it, by severity; and what people read of the partner. */
const FedHealth = builtOnce(() =>
  z.strictObject({
    partner: z.string().nullable(),
    scores: z
      .strictObject({
        counts: z.partialRecord(z.enum(healthyParts), Counted()),
        value: z.enum(valueStates).nullable(),
      })
      .nullable(),
    open: z.partialRecord(z.enum(severities), z.int().min(1)),
  }),
);
type FedHealth = z.output<ReturnType<typeof FedHealth>>;

/** An engagement's scores belong to the partner that leads it now. */
const contribute = (rows: readonly Row<ColumnsOf<typeof healthyScores>>[]): readonly Contribution<FedHealth>[] =>
  rows.flatMap(({ columns: { engagementId, leadPartnerId, leadPartner, parts, valueState } }) => {
    if (leadPartnerId === null) return [];
    const known = parts.flatMap(({ part, sum, of }) => (of === 0 ? [] : [[part, { sum, of }] as const]));
    const scores = { counts: Object.fromEntries(known), value: valueState };
    const data = { partner: leadPartner, scores, open: {} };
    return [{ group: leadPartnerId, part: 'scores', spreadBy: engagementId, data }];
  });

const contributeFlags = (rows: readonly Row<ColumnsOf<typeof flags>>[]): readonly Contribution<FedHealth>[] => {
  const open = rows.filter(({ columns }) => columns.status === 'open').map(({ columns }) => columns);
  const [first] = open;
  if (first === undefined || first.leadPartnerId === null) return [];
  const counts = severities.flatMap((severity) => {
    const own = open.filter(({ ruleSeverity }) => ruleSeverity === severity);
    return own.length === 0 ? [] : [[severity, own.length] as const];
  });
  const data = { partner: first.leadPartner, scores: null, open: Object.fromEntries(counts) };
  return [{ group: first.leadPartnerId, part: 'flags', spreadBy: first.engagementId, data }];
};

interface Judged {
  readonly engagementId: string;
  readonly counts: Partial<HealthyCounts>;
  readonly scores: HealthyScores;
}

const elementCells = (engagements: readonly Judged[], element: HealthyElement) => {
  const own = engagements.flatMap(({ engagementId, scores }) => {
    const score = scores.elements[element];
    return score === undefined ? [] : [{ engagementId, score }];
  });
  const [lowest] = own.toSorted((a, b) => a.score - b.score);
  return { element, judged: own.length, lowest: lowest?.score ?? null, lowestOf: lowest?.engagementId ?? null };
};

const flagCells = (open: readonly FedHealth['open'][]) => {
  const bySeverity = severities.map((severity) => {
    const own = open.flatMap((counts) => counts[severity] ?? []);
    return { severity, open: own.reduce((sum, count) => sum + count, 0), engagements: own.length };
  });
  return {
    openFlags: bySeverity.reduce((sum, counts) => sum + counts.open, 0),
    flags: bySeverity,
    worstSeverity: bySeverity.findLast((counts) => counts.open > 0)?.severity ?? null,
  };
};

const scoreCells = (engagements: readonly Judged[]) => {
  const counts = countsTogether(engagements.map((each) => each.counts));
  const { elements, composite, coverage } = scoresOf(counts);
  return {
    engagements: engagements.length,
    judged: engagements.filter(({ scores }) => scores.composite !== undefined).length,
    ...{ h1: elements.h1 ?? null, h2: elements.h2 ?? null, h3: elements.h3 ?? null, h4: elements.h4 ?? null },
    ...{ composite: composite ?? null, coverage },
    elements: elementNames.map((element) => elementCells(engagements, element)),
    parts: healthyParts.map((part) => ({ part, ...counts[part], value: shareOf(part, counts[part]) ?? null })),
  };
};

/** Each contribution once, by its owner: sums of fractions depend on their order. */
const inOrder = (fed: readonly Fed<FedHealth>[]): readonly Fed<FedHealth>[] =>
  [...new Map(fed.map((each) => [`${each.owner}#${each.part}`, each]))]
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([, each]) => each);

export const partnerHealth = defineRollup({
  name: 'partner_health',
  describes: 'A partner: the healthy elements of the engagements that it leads now, and their open flags by severity.',
  over: healthyScores,
  writes: table,
  buckets: 4,
  data: FedHealth,
  contribute,
  also: { over: flags, contribute: contributeFlags },
  rowsOf: ({ group, fed: all }) => {
    const fed = inOrder(all);
    // Of several texts the first by itself holds, whatever came first.
    const partner = fed.flatMap(({ data }) => data.partner ?? []).sort()[0] ?? null;
    const scored = fed.flatMap(({ owner, data: { scores } }) => (scores === null ? [] : [{ owner, ...scores }]));
    const row = table.row({
      key: { partnerId: group },
      columns: {
        ...{ lastEventId: null, policyVersion: null },
        ...{ partnerId: group, partner, leadPartnerId: group, leadPartner: partner },
        ...scoreCells(
          scored.map(({ owner, counts }) => ({
            engagementId: owner,
            counts,
            scores: scoresOf(countsTogether([counts])),
          })),
        ),
        ...flagCells(fed.map(({ data }) => data.open)),
        values: [...valueStates, null].map((state) => ({
          state,
          engagements: scored.filter(({ value }) => value === state).length,
        })),
      },
    });
    return { rows: fed.length === 0 ? [] : [row], nextDueAt: undefined };
  },
});

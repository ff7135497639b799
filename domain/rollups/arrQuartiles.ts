// From which revenue on does an engagement stand in the top quartile of its partner, at any instant?
import * as z from 'zod';
import { builtOnce } from '../../events/builtOnce.ts';
import { Instant } from '../../events/instant.ts';
import { arrQuartiles as table } from '../rows/arrQuartiles.ts';
import { arrSteps } from '../rows/arrSteps.ts';
import { quartileGroup } from '../rows/severityShown.ts';
import { firstWhere, turningPoint } from '../time/sortedSearch.ts';
import { unknown } from './measures.ts';
import { type Contribution, defineRollup, type Fed } from './rollup.ts';
import { type ArrStepRow, add, byOccurrence, effectOf, fedStep, type Holding, readStep } from './steps.ts';

/** What people read of the partner, and the revenue of one engagement from each instant on, minor units; 0: none that counts. */
const FedRevenue = builtOnce(() =>
  z.strictObject({ partner: z.string().nullable(), revenue: z.array(z.tuple([Instant, z.int().min(0)])) }),
);
type FedRevenue = z.output<ReturnType<typeof FedRevenue>>;

/** A contribution holds at most this many changes: some 80 KB, of the 400 KB that an item may have. */
const mostChanges = 2_000;

/** Below this many engagements nothing stands out. */
const fewest = 4;

/** The revenue that is compared: known, of one currency, and above nothing, as `engagements.arrMinor` counts it. */
const countedIn = (holding: Holding): { readonly currency: string; readonly minor: number } | undefined => {
  const [only, ...others] = holding;
  if (only === undefined || others.length > 0) return undefined;
  const [currency, minor] = only;
  return currency === unknown || minor <= 0 || !Number.isSafeInteger(minor) ? undefined : { currency, minor };
};

/** The revenue of one engagement with one partner, by currency, from each instant at which it changed. */
const revenueOf = (rows: readonly ArrStepRow[]): ReadonlyMap<string, readonly [Instant, number][]> => {
  const steps = rows.map((row) => readStep(fedStep(row))).sort(byOccurrence);
  const holding = new Map<string, number>();
  const byCurrency = new Map<string, [Instant, number][]>();
  for (const [index, step] of steps.entries()) {
    for (const [measure, amount] of effectOf(step)) add(holding, measure, amount);
    if (steps[index + 1]?.at === step.at) continue;
    const counted = countedIn(holding);
    if (counted !== undefined && !byCurrency.has(counted.currency)) byCurrency.set(counted.currency, []);
    for (const [currency, changes] of byCurrency) {
      const minor = counted?.currency === currency ? counted.minor : 0;
      if (changes.at(-1)?.[1] !== minor) changes.push([step.at, minor]);
    }
  }
  return byCurrency;
};

const contribute = (rows: readonly ArrStepRow[]): readonly Contribution<FedRevenue>[] =>
  [...Map.groupBy(rows, ({ columns }) => columns.partnerId)].flatMap(([partnerId, own]) => {
    const [first] = own;
    if (partnerId === null || first === undefined) return [];
    const { partner, engagementId } = first.columns;
    return [...revenueOf(own)].flatMap(([currency, changes]) =>
      Array.from({ length: Math.ceil(changes.length / mostChanges) }, (_, part) => ({
        group: quartileGroup(partnerId, currency),
        part: String(part),
        spreadBy: engagementId,
        data: { partner, revenue: changes.slice(part * mostChanges, (part + 1) * mostChanges) },
      })),
    );
  });

/**
 * The least revenue of the top quartile, from revenues in ascending order (domain reference C0); null where nobody
 * stands in it.
 *
 * Of n engagements a quarter (n / 4, rounded down) stand in it at most, from four on. Who has exactly the least revenue
 * stands in it. Equal revenues stand together: where they don't all fit, none of them stands in it, because none is above
 * the others. So of a partner whose engagements all bring the same, none stands out.
 */
export const topQuartile = (ascending: readonly number[]): number | null => {
  if (ascending.length < fewest) return null;
  const below = ascending.length - Math.floor(ascending.length / 4);
  const mostBelow = ascending[below - 1] ?? 0;
  return firstWhere(ascending, (revenue) => revenue > mostBelow) ?? null;
};

interface Stretch {
  readonly from: Instant;
  readonly arrMinor: number | null;
  readonly engagements: number;
}

/** Every stretch of one threshold, in order, from the changes of all engagements. */
const stretchesOf = (fed: readonly Fed<FedRevenue>[]): readonly Stretch[] => {
  const once = new Map(fed.map((each) => [`${each.owner}#${each.part}`, each]));
  const changes = [...once.values()]
    .flatMap(({ owner, data }) => data.revenue.map(([at, minor]) => ({ owner, at, minor })))
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const revenues = new Map<string, number>();
  const ascending: number[] = [];
  const placeOf = (minor: number): number => turningPoint(ascending, (revenue) => revenue >= minor);
  const stretches: Stretch[] = [];
  for (const [index, { owner, at, minor }] of changes.entries()) {
    const before = revenues.get(owner) ?? 0;
    if (before > 0) ascending.splice(placeOf(before), 1);
    if (minor > 0) ascending.splice(placeOf(minor), 0, minor);
    revenues.set(owner, minor);
    if (changes[index + 1]?.at === at) continue;
    const arrMinor = topQuartile(ascending);
    const last = stretches.at(-1)?.arrMinor ?? null;
    if (arrMinor !== last) stretches.push({ from: at, arrMinor, engagements: ascending.length });
  }
  return stretches;
};

/**
 * The revenue from which on an engagement stands in the top quartile of one partner in one currency. Revenue counts for
 * the partner that `arr_steps` names: the lead partner, or the one that the subscription itself names.
 */
export const arrQuartiles = defineRollup({
  name: 'arr_quartiles',
  describes:
    'A partner and a currency: from which annual recurring revenue on an engagement stands in the partner’s top quartile, in each stretch of time.',
  over: arrSteps,
  writes: table,
  buckets: 4,
  data: FedRevenue,
  contribute,
  rowsOf: ({ group, fed }) => {
    const stretches = stretchesOf(fed);
    const [partnerId = '', currency = ''] = group.split('|');
    // Of several texts the first by itself holds, whatever came first.
    const partner = fed.flatMap(({ data }) => data.partner ?? []).sort()[0] ?? null;
    const named = { partnerId, partner, leadPartnerId: partnerId, leadPartner: partner };
    return {
      rows: stretches.flatMap(({ from, arrMinor, engagements }, index) => {
        if (arrMinor === null) return [];
        const until = stretches[index + 1]?.from ?? null;
        return [
          table.row({
            key: { group, from },
            columns: {
              ...{ lastEventId: null, policyVersion: null },
              ...named,
              ...{ currency, from, until, arrMinor, engagements },
            },
          }),
        ];
      }),
      nextDueAt: undefined,
    };
  },
});

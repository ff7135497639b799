// How much recurring revenue does a customer have, month by month, with each partner and over all?
import * as z from 'zod';
import { builtOnce } from '../../events/builtOnce.ts';
import { arrSteps } from '../rows/arrSteps.ts';
import { customerMonths as table } from '../rows/customerMonths.ts';
import type { Row } from '../rows/row.ts';
import type { ColumnsOf } from '../rows/table.ts';
import { lastBefore } from '../time/sortedSearch.ts';
import { type ClosedRun, closedRuns, seenAfter, seenInMonth } from './closedMonths.ts';
import { type CustomerSteps, measuresOf } from './customerSeries.ts';
import { customerOf, groupOf, type Scope, scopeOf } from './customers.ts';
import { logos, monthsOf, unknown } from './measures.ts';
import type { MonthView } from './monthSeries.ts';
import { monthAt, placeOf, startOf } from './months.ts';
import { movementsOf } from './movements.ts';
import { type Contribution, defineRollup, type Fed, type Group } from './rollup.ts';
import {
  type ArrStepRow,
  byOccurrence,
  exactSteps,
  FedStep,
  fedStep,
  isTransfer,
  readStep,
  type Step,
} from './steps.ts';

/** Steps, and what people read of the customer and of the partner. */
const FedSteps = builtOnce(() =>
  z.preprocess(
    // An earlier release fed the steps alone.
    (said) => (Array.isArray(said) ? { customer: null, partner: null, steps: said } : said),
    z.strictObject({ customer: z.string().nullable(), partner: z.string().nullable(), steps: z.array(FedStep()) }),
  ),
);
type FedSteps = z.output<ReturnType<typeof FedSteps>>;

/** A contribution holds at most this many steps: some 80 KB, of the 400 KB that an item may have. */
const mostSteps = 500;

const contributionsTo = (scope: Scope, rows: readonly ArrStepRow[]): readonly Contribution<FedSteps>[] =>
  Array.from({ length: Math.ceil(rows.length / mostSteps) }, (_, part) => ({
    group: groupOf(scope),
    part: String(part),
    spreadBy: customerOf(scope),
    data: {
      customer: rows[0]?.columns.customer ?? null,
      partner: scope.partnerId === null ? null : (rows[0]?.columns.partner ?? null),
      steps: rows.slice(part * mostSteps, (part + 1) * mostSteps).map(fedStep),
    },
  }));

/**
 * A customer over all partners gets its steps without transfers, because a change of partner changes nothing there. A
 * customer with a partner gets the steps with that partner.
 */
const contribute = (rows: readonly ArrStepRow[]): readonly Contribution<FedSteps>[] => {
  const ordered = rows.toSorted((a, b) => (a.rowKey < b.rowKey ? -1 : 1));
  const scopeIn = ({ columns: { customerId, engagementId } }: ArrStepRow, partnerId: string | null): Scope => ({
    customerId,
    engagementId: customerId === null ? engagementId : null,
    partnerId,
  });
  const overAll = ordered.filter(({ columns }) => !isTransfer(columns));
  const withPartner = ordered.filter(({ columns }) => columns.partnerId !== null);
  return [
    ...Map.groupBy(overAll, (row) => groupOf(scopeIn(row, null))),
    ...Map.groupBy(withPartner, (row) => groupOf(scopeIn(row, row.columns.partnerId))),
  ].flatMap(([group, own]) => contributionsTo(scopeOf(group), own));
};

/** The steps of each engagement, in order of occurrence. A contribution that was read twice counts once. */
const stepsByOwner = (fed: readonly Fed<FedSteps>[]): readonly (readonly Step[])[] => {
  const once = new Map(fed.map((each) => [`${each.owner}#${each.part}`, each]));
  return [...Map.groupBy(once.values(), ({ owner }) => owner)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, parts]) => parts.flatMap(({ data }) => data.steps.map(readStep)).sort(byOccurrence));
};

type Columns = ColumnsOf<typeof table>;

/** What people read of the group. Of several texts the first by itself holds, whatever came first. */
const namesOf = (fed: readonly Fed<FedSteps>[]): Pick<Columns, 'customer' | 'partner' | 'leadPartner'> => {
  const first = (texts: readonly (string | null)[]): string | null =>
    texts.filter((text) => text !== null).sort()[0] ?? null;
  const partner = first(fed.map(({ data }) => data.partner));
  return { customer: first(fed.map(({ data }) => data.customer)), partner, leadPartner: partner };
};

/** The amounts of a month's row, by its measure. */
const amountsOf = (measure: string, { start, end, moves, window }: MonthView) => {
  const reason = start === null || end === null || moves === null ? 'amountUnknown' : null;
  const windowReason = window.start === null || window.end === null ? 'amountUnknown' : null;
  const [added, expansion, reactivation, transferIn, contraction, churn, transferOut] = moves ?? [];
  const isLogos = measure === logos;
  const money = (amount: number | null | undefined): number | null => (isLogos ? null : (amount ?? null));
  const count = (amount: number | null | undefined): number | null => (isLogos ? (amount ?? null) : null);
  const retained = window.start === null || window.end === null ? null : Math.min(window.start, window.end);
  return {
    measure: isLogos ? 'logos' : 'money',
    currency: isLogos || measure === unknown ? null : measure,
    startMinor: money(start),
    newMinor: money(added),
    expansionMinor: money(expansion),
    reactivationMinor: money(reactivation),
    transferInMinor: money(transferIn),
    contractionMinor: money(contraction),
    churnMinor: money(churn),
    transferOutMinor: money(transferOut),
    endMinor: money(end),
    logosStart: count(start),
    newLogos: count(added),
    reactivatedLogos: count(reactivation),
    transferredInLogos: count(transferIn),
    churnedLogos: count(churn),
    transferredOutLogos: count(transferOut),
    logosEnd: count(end),
    reason,
    windowStartMinor: money(window.start),
    windowEndMinor: money(window.end),
    windowRetainedMinor: money(retained),
    windowTransferOutMinor: money(window.transferOut),
    windowTransferInMinor: money(window.transferIn),
    windowLogosStart: count(window.start),
    windowLogosEnd: count(window.end),
    windowTransferred: window.transferred,
    windowReason,
  } satisfies Partial<Columns>;
};

/** The rows of a customer's past steps, up to the month of `now`. */
const rowsOfSteps = (
  { group, fed, now }: Group<FedSteps>,
  { months, withLead, closed }: CustomerSteps & { readonly closed: readonly ClosedRun[] },
): readonly Row[] => {
  const scope = scopeOf(group);
  const names = namesOf(fed);
  const current = placeOf(now);
  return [...monthsOf(measuresOf({ months, withLead }, current), current)].flatMap(([measure, views]) =>
    views.map((view) =>
      table.row({
        key: { customer: group, month: monthAt(view.place), measured: measure },
        columns: {
          ...scope,
          ...names,
          leadPartnerId: scope.partnerId,
          lastEventId: lastBefore(months, ({ place }) => place > view.place)?.lastEventId ?? '',
          policyVersion: null,
          month: monthAt(view.place),
          closed: view.place < current,
          ...seenInMonth(closed, view.place),
          amountsSeenAfter: seenAfter(closed, view.place),
          ...amountsOf(measure, view),
        },
      }),
    ),
  );
};

export const customerMonths = defineRollup({
  name: 'customer_months',
  describes:
    'A customer with one partner, or over all: its revenue in each month by currency, how it changed, and whether it is a customer.',
  over: arrSteps,
  writes: table,
  buckets: 1,
  data: FedSteps,
  contribute,
  rowsOf: (group) => {
    const { fed, now } = group;
    const owners = stepsByOwner(fed).map((steps) => ({
      come: steps.filter(({ at }) => at <= now),
      ahead: steps.filter(({ at }) => at > now),
    }));
    const exact = exactSteps(owners.map((owner) => owner.come));
    const come = exact.flat().sort(byOccurrence);
    const withLead = exact.map((steps) => steps.filter(({ byLead }) => byLead));
    const rows = rowsOfSteps(group, { months: movementsOf(come), withLead, closed: closedRuns(come) });
    const ahead = owners.flatMap((owner) => owner.ahead.map(({ at }) => at)).sort();
    // If the current month has no row, no later window holds anything either.
    const isOpen = rows.some(({ columns }) => columns.closed === false);
    const turns = [...ahead.slice(0, 1), ...(isOpen ? [startOf(placeOf(now) + 1)] : [])].sort();
    return { rows, nextDueAt: turns[0] };
  },
});

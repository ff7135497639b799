// Which share of what it bought did a customer use in each month?
import type { RecordedOf } from '../../../events/catalog.ts';
import { addDays, addMilliseconds, epochOf, type Instant } from '../../../events/instant.ts';
import { type Month, monthAfter, monthOf, startOfMonth } from '../../time/months.ts';
import { turningPoint } from '../../time/sortedSearch.ts';
import { tolerance } from '../../time/tolerance.ts';
import type { Engagement } from '../engagement.ts';
import { effectiveAt, factsBySubscription, type SubscriptionEvent } from '../inEffect.ts';
import type { Subscription } from '../subscriptions.ts';
import { plannedUnitsAt, rampsOf } from './rollOut.ts';

type Measured = RecordedOf<'UsageMeasured'>;

/** What a customer's look at a live dashboard is measured as. It is no use of the product. */
export const dashboardViews = 'dashboard_views';

/** The adoption of a subscription in a month: the best that was measured in it. */
export interface MonthlyAdoption {
  readonly month: Month;
  /** The first measurement of the month. */
  readonly first: Measured;
  /** The measurement with the greatest share. */
  readonly best: Measured;
  /** The units that are to be used: those bought, or fewer by a declared ramp. */
  readonly expected: number;
  /** Active units / expected units; over 1 for more use than was bought. */
  readonly share: number;
}

/** A subscription's months that were measured, in order. */
export type AdoptionOf = (subscriptionId: string) => readonly MonthlyAdoption[];

/** When a month's measurements are complete: what comes later no longer counts for it. */
export const settledAt = (month: Month, settleDays: number): Instant =>
  addDays(startOfMonth(monthAfter(month)), settleDays);

/** The month in which a window ends; one that ends as a month begins is of the month before. */
const monthMeasured = ({ data: { windowEnd } }: Measured): Month => monthOf(addMilliseconds(windowEnd, -1));

interface Step {
  readonly at: Instant;
  /** Null if it is not known. */
  readonly quantity: number | null;
  readonly saidBy: SubscriptionEvent;
}

const stepsOf = (own: readonly SubscriptionEvent[]): readonly Step[] =>
  own
    .flatMap((saidBy): readonly Step[] => {
      if (saidBy.type === 'SubscriptionEnded') return [];
      const quantity = 'quantity' in saidBy.data ? saidBy.data.quantity : undefined;
      return quantity === undefined ? [] : [{ at: effectiveAt(saidBy), quantity, saidBy }];
    })
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));

/** The units bought in a window, weighted by time; undefined if they are not known in all of it. */
const boughtIn = (
  steps: readonly Step[],
  { from, to, saidUntil }: { readonly from: Instant; readonly to: Instant; readonly saidUntil: Instant },
): number | undefined => {
  const start = Math.max(0, turningPoint(steps, ({ at }) => at > from) - 1);
  const isKnown = ({ saidBy }: Step): boolean => saidBy.occurredAt <= saidUntil;
  // What was said afterwards of that time changes nothing of what was bought by what was known.
  let begin = start;
  for (let step = steps[begin]; begin > 0 && step !== undefined && !isKnown(step); step = steps[begin]) begin -= 1;
  const inside = steps.slice(
    begin,
    Math.max(
      start + 1,
      turningPoint(steps, ({ at }) => at >= to),
    ),
  );
  const known = inside.filter(isKnown);
  const [first] = known;
  if (first === undefined || first.at > from) return undefined;
  if (to <= from) return first.quantity ?? undefined;
  let sum = 0;
  for (const [index, { at, quantity }] of known.entries()) {
    if (quantity === null) return undefined;
    const until = known[index + 1]?.at ?? to;
    sum += quantity * (epochOf(until) - epochOf(at < from ? from : at));
  }
  return sum / (epochOf(to) - epochOf(from));
};

const monthsOf = (
  measurements: readonly Measured[],
  {
    steps,
    plannedAt,
    settleDays,
  }: {
    readonly steps: readonly Step[];
    readonly plannedAt: (at: Instant) => number | undefined;
    readonly settleDays: number;
  },
): readonly MonthlyAdoption[] => {
  const months = new Map<Month, MonthlyAdoption>();
  for (const event of measurements) {
    const { windowStart: from, windowEnd: to, purchasedUnits, activeUnits, metric } = event.data;
    const month = monthMeasured(event);
    const saidUntil = addMilliseconds(settledAt(month, settleDays), tolerance);
    if (metric === dashboardViews || event.occurredAt > saidUntil) continue;
    const bought = purchasedUnits ?? boughtIn(steps, { from, to, saidUntil });
    const expected = Math.min(bought ?? 0, plannedAt(startOfMonth(month)) ?? Number.POSITIVE_INFINITY);
    // Without units that are to be used there is no share of them.
    if (expected <= 0) continue;
    const share = activeUnits / expected;
    const known = months.get(month);
    if (known === undefined) months.set(month, { month, first: event, best: event, expected, share });
    else if (share > known.share) months.set(month, { ...known, best: event, expected, share });
  }
  return [...months.values()].sort((a, b) => (a.month < b.month ? -1 : 1));
};

/**
 * The monthly adoption of each subscription. A measurement is of the month in which its window ends, and counts if it
 * occurred within `settleDays` days after the month. Of several the best one holds: a product without users is known by
 * its other metrics, such as protected objects, and a day alone says less than a month. Units bought are as measured, else the
 * subscription's own, weighted by time. Months without them, or in which a ramp plans no use, are left out.
 */
export const adoptionOf = (engagement: Engagement, settleDays: number): AdoptionOf => {
  const measurements = Map.groupBy(engagement.of('UsageMeasured'), ({ data }) => data.subscriptionId);
  const own = factsBySubscription(engagement);
  const ramps = rampsOf(engagement);
  const plannedAt = (at: Instant): number | undefined => plannedUnitsAt(ramps, at)?.activeUnits;
  const found = new Map<string, readonly MonthlyAdoption[]>();
  return (subscriptionId) => {
    const known = found.get(subscriptionId);
    if (known !== undefined) return known;
    const steps = stepsOf(own.get(subscriptionId) ?? []);
    const months = monthsOf(measurements.get(subscriptionId) ?? [], { steps, plannedAt, settleDays });
    found.set(subscriptionId, months);
    return months;
  };
};

const none: ReadonlySet<string> = new Set();

/**
 * The months in which a subscription's base was measured, by subscription: licences of a pool are often counted there alone. The
 * months of the nearest base that was measured count.
 */
export const countedAtBases = (
  subscriptions: readonly Subscription[],
  adoption: AdoptionOf,
): ((subscriptionId: string) => ReadonlySet<string>) => {
  const bases = new Map(
    subscriptions.map(({ subscriptionId, started }) => [subscriptionId, started?.data.baseSubscriptionId]),
  );
  const own = (id: string): ReadonlySet<string> => new Set(adoption(id).map(({ month }) => month));
  const found = new Map<string, ReadonlySet<string>>();
  for (const { subscriptionId } of subscriptions) {
    const path: string[] = [];
    let id: string | undefined = subscriptionId;
    for (; id !== undefined && !found.has(id); id = bases.get(id)) {
      path.push(id);
      found.set(id, none);
    }
    // From the base down: each subscription counts where its own base is measured, else where that one counts.
    for (const below of path.reverse()) {
      const base = bases.get(below);
      if (base === undefined || base === below) continue;
      const months = own(base);
      found.set(below, months.size > 0 ? months : (found.get(base) ?? none));
    }
  }
  return (id) => found.get(id) ?? none;
};

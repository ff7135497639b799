// What must sums of months come to? Computed anew from the subscriptions at every instant, without steps, series or groups.
import { leadAt } from '../../../domain/engagement/engagement.ts';
import { effectiveAt, factsBySubscription, inEffectAt } from '../../../domain/engagement/inEffect.ts';
import { annualised } from '../../../domain/engagement/subscriptions.ts';
import { engagementViewOf } from '../../../domain/rows/engagementRows.ts';
import { partyOf } from '../../../domain/rows/rowContext.ts';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { addMilliseconds, type Instant } from '../../../events/instant.ts';
import { contextOf } from '../contexts.ts';

/** What a subscription brings at an instant: nothing, an amount of a currency, or something unknown. */
type Brought = { readonly currency: string; readonly amount: number } | 'unknown' | undefined;

interface Watched {
  readonly customer: string;
  readonly at: (instant: Instant) => Brought;
  readonly partnerAt: (instant: Instant) => string | null;
  /** Every instant at which anything of it may change. */
  readonly instants: readonly Instant[];
}

const watchedIn = (events: readonly RecordedEvent[], now: Instant): readonly Watched[] => {
  const { rowContext } = engagementViewOf({ events, context: contextOf(), now });
  const { engagement, context } = rowContext;
  const bySubscription = factsBySubscription(engagement);
  return engagement.subscriptions.map(({ subscriptionId, started, terms }) => {
    const own = bySubscription.get(subscriptionId) ?? [];
    const begins = terms.map(({ start }) => start).sort()[0];
    const at = (instant: Instant): Brought => {
      if (begins === undefined || instant < begins) return undefined;
      const { price, billingPeriod, ended } = inEffectAt(own, instant);
      if (ended !== undefined || price?.amountMinor === 0) return undefined;
      if (price === undefined || billingPeriod === undefined) return 'unknown';
      const { amountMinor: amount, currency } = annualised(price, billingPeriod);
      return amount === 0 ? undefined : { currency, amount };
    };
    const partnerAt = (instant: Instant) => partyOf(context, started?.data.partner ?? leadAt(engagement, instant));
    const instants = [begins ?? now, ...own.map(effectiveAt), ...engagement.leads.map((lead) => lead.at)];
    const customer = partyOf(context, started?.data.customer) ?? rowContext.customerId ?? engagement.engagementId;
    return { customer, at, partnerAt, instants: instants.filter((instant) => instant <= now) };
  });
};

export const moveKinds = [
  'new',
  'expansion',
  'reactivation',
  'transferIn',
  'contraction',
  'churn',
  'transferOut',
] as const;

/** The sums of a month over all customers of a scope. */
export interface Expected {
  start: number;
  end: number;
  readonly moves: Record<(typeof moveKinds)[number], number>;
  unknown: number;
  windowUnknown: number;
  denominator: number;
  numerator: number;
  retained: number;
  n: number;
  transferOut: number;
  transferIn: number;
  transferred: number;
}

const nothing = (): Expected => ({
  start: 0,
  end: 0,
  moves: { new: 0, expansion: 0, reactivation: 0, transferIn: 0, contraction: 0, churn: 0, transferOut: 0 },
  unknown: 0,
  windowUnknown: 0,
  denominator: 0,
  numerator: 0,
  retained: 0,
  n: 0,
  transferOut: 0,
  transferIn: 0,
  transferred: 0,
});

const amountOf = (brought: readonly Brought[], measure: string): number => {
  const money = brought.flatMap((each) => (each === undefined || each === 'unknown' ? [] : [each]));
  if (measure === 'logos') return money.length > 0 ? 1 : 0;
  return money.filter(({ currency }) => currency === measure).reduce((sum, { amount }) => sum + amount, 0);
};

const isUnknown = (brought: readonly Brought[], measure: string): boolean =>
  brought.includes('unknown') && (measure !== 'logos' || amountOf(brought, measure) === 0);

const monthsLater = (month: string, count: number): string => {
  const place = Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1 + count;
  return `${Math.floor(place / 12)}-${String((place % 12) + 1).padStart(2, '0')}`;
};
const firstOf = (month: string): Instant => `${month}-01T00:00:00.000Z`;
const justBefore = (at: Instant): Instant => addMilliseconds(at, -1);

interface Asked {
  /** Null: over all partners. */
  readonly partner: string | null;
  readonly month: string;
  /** A currency, or `logos`. */
  readonly measure: string;
  readonly now: Instant;
}

const addCustomer = (sum: Expected, own: readonly Watched[], { partner, month, measure, now }: Asked): void => {
  const within = (each: Watched, at: Instant) => partner === null || each.partnerAt(at) === partner;
  const seen = (at: Instant) => own.map((each) => (within(each, at) ? each.at(at) : undefined));
  const instants = [...new Set(own.flatMap((each) => each.instants))].sort();
  const start = justBefore(firstOf(month));
  const nextMonth = firstOf(monthsLater(month, 1));
  const end = nextMonth <= now ? justBefore(nextMonth) : now;
  const windowStart = justBefore(firstOf(monthsLater(month, -11)));

  const isThere = (each: Watched, at: Instant) => each.at(at) !== undefined;
  const moves = (each: Watched, at: Instant) =>
    isThere(each, justBefore(at)) && isThere(each, at) && within(each, justBefore(at)) !== within(each, at);

  const moved = nothing().moves;
  let unsure = isUnknown(seen(start), measure);
  for (const at of instants.filter((each) => each > start && each <= end)) {
    const before = seen(justBefore(at));
    const between = own.map((each, index) => {
      if (!moves(each, at)) return before[index];
      return within(each, at) ? each.at(justBefore(at)) : undefined;
    });
    const after = seen(at);
    unsure ||= [before, between, after].some((brought) => isUnknown(brought, measure));
    const [was, came, is] = [amountOf(before, measure), amountOf(between, measure), amountOf(after, measure)];
    const ever = instants
      .filter((each) => each < at)
      .some((each) => amountOf(seen(each), measure) > 0 || seen(each).includes('unknown'));
    moved.transferIn += Math.max(came - was, 0);
    moved.transferOut += Math.max(was - came, 0);
    if (is > came) moved[came > 0 ? 'expansion' : ever ? 'reactivation' : 'new'] += is - came;
    else moved[is > 0 ? 'contraction' : 'churn'] += came - is;
  }
  if (unsure) sum.unknown += 1;
  else {
    sum.start += amountOf(seen(start), measure);
    sum.end += amountOf(seen(end), measure);
    for (const kind of moveKinds) sum.moves[kind] += moved[kind];
  }

  const inWindow = instants.filter((at) => at > windowStart && at <= end);
  const lasts = (each: Watched, from: Instant, to: Instant) =>
    isThere(each, from) && inWindow.every((at) => at <= from || at > to || isThere(each, at));
  const leaves = (each: Watched) => inWindow.some((at) => moves(each, at) && lasts(each, windowStart, at));
  const comes = (each: Watched) => inWindow.some((at) => moves(each, at) && lasts(each, justBefore(at), end));
  const atStart = own.map((each) => (within(each, windowStart) ? each.at(windowStart) : undefined));
  const atEnd = seen(end);
  const kept = atStart.map((brought, index) => (own[index] !== undefined && leaves(own[index]) ? undefined : brought));
  const stayed = atEnd.map((brought, index) => (own[index] !== undefined && comes(own[index]) ? undefined : brought));
  if (measure !== 'logos') {
    sum.transferOut += amountOf(atStart, measure) - amountOf(kept, measure);
    sum.transferIn += amountOf(atEnd, measure) - amountOf(stayed, measure);
  }
  if (inWindow.some((at) => own.some((each) => moves(each, at)))) sum.transferred += 1;
  if (isUnknown(kept, measure) || isUnknown(stayed, measure)) {
    sum.windowUnknown += 1;
    return;
  }
  const [base, left] = [amountOf(kept, measure), amountOf(stayed, measure)];
  if (base === 0) return;
  sum.n += 1;
  sum.denominator += base;
  sum.numerator += left;
  sum.retained += Math.min(base, left);
};

/** The sums of a month over the customers of these events, of any engagements. */
export const expectedOf = (events: readonly RecordedEvent[], now: Instant) => {
  const byStream = Map.groupBy(events, ({ streamId }) => streamId);
  const watched = [...byStream.values()].flatMap((own) => watchedIn(own, now));
  const customers = [...Map.groupBy(watched, ({ customer }) => customer).values()];
  return (asked: Omit<Asked, 'now'>): Expected => {
    const sum = nothing();
    for (const own of customers) addCustomer(sum, own, { ...asked, now });
    return sum;
  };
};

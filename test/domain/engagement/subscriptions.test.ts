// Which terms, quantities, yearly prices, windows and ends do subscriptions have, and which one is the anchor?
import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../domain/engagement/facts.ts';
import {
  anchorOf,
  annualised,
  arrOf,
  daysOf,
  effectsOf,
  subscriptionsOf,
  type Term,
  windowOf,
} from '../../../domain/engagement/subscriptions.ts';
import { inFoldOrder } from '../../../domain/history.ts';
import type { RecordedEvent } from '../../../events/catalog.ts';
import type { BillingPeriod } from '../../../events/fields.ts';
import { instant, recorded } from '../../support/histories/events.ts';

const usd = (amountMinor: number) => ({ amountMinor, currency: 'USD' });
const started = recorded(
  'SubscriptionStarted',
  {
    subscriptionId: 's1',
    kind: 'managed_service',
    quantity: 10,
    price: usd(70_000),
    billingPeriod: 'P1M',
    termStart: instant('2026-01-01'),
    termEnd: instant('2027-01-01'),
  },
  { at: '2026-01-01' },
);
const grown = recorded(
  'SubscriptionChanged',
  { subscriptionId: 's1', quantity: 12, price: usd(84_000), effectiveAt: instant('2026-07-01') },
  { at: '2026-06-01' },
);
const renewed = recorded(
  'SubscriptionRenewed',
  { subscriptionId: 's1', termStart: instant('2027-01-01'), termEnd: instant('2028-01-01'), price: usd(90_000) },
  { at: '2026-12-01' },
);
const ended = recorded(
  'SubscriptionEnded',
  { subscriptionId: 's1', effectiveAt: instant('2028-01-01'), reason: 'price' },
  { at: '2027-11-01' },
);
const facts = (...events: readonly RecordedEvent[]) => factsOf([...events].sort(inFoldOrder));
const at = (until: string, ...events: readonly RecordedEvent[]) => subscriptionsOf(facts(...events), instant(until))[0];

describe('a subscription', () => {
  it('has a term for its start and for each renewal; the next fact decides it', () => {
    expect(at('2029-01-01', started, grown, renewed, ended)?.terms).toEqual([
      { start: instant('2026-01-01'), end: instant('2027-01-01'), begunBy: started, decidedBy: renewed },
      { start: instant('2027-01-01'), end: instant('2028-01-01'), begunBy: renewed, decidedBy: ended },
    ]);
  });

  it('has its terms in their order, where its start is said after its first renewal', () => {
    const said = { ...started, occurredAt: instant('2027-03-01') };
    const again = recorded(
      'SubscriptionRenewed',
      { subscriptionId: 's1', termStart: instant('2028-01-01'), termEnd: instant('2029-01-01') },
      { at: '2027-12-01' },
    );
    expect(at('2029-01-01', said, renewed, again)?.terms).toEqual([
      { start: instant('2026-01-01'), end: instant('2027-01-01'), begunBy: said, decidedBy: renewed },
      { start: instant('2027-01-01'), end: instant('2028-01-01'), begunBy: renewed, decidedBy: again },
      { start: instant('2028-01-01'), end: instant('2029-01-01'), begunBy: again, decidedBy: undefined },
    ]);
  });

  it('changes when the change takes effect, and keeps fields that it does not name', () => {
    expect(at('2026-06-30', started, grown)).toMatchObject({ quantity: 10, price: usd(70_000) });
    expect(at('2026-07-01', started, grown)).toMatchObject({ quantity: 12, price: usd(84_000), billingPeriod: 'P1M' });
    expect(at('2026-12-01', started, grown, renewed)).toMatchObject({ quantity: 12, price: usd(90_000) });
  });

  it('ends when its end takes effect, and is worth nothing from then on', () => {
    const before = at('2027-12-31', started, ended);
    expect(before?.ended).toBeUndefined();
    expect(before && arrOf(before)).toEqual(usd(840_000));
    const after = at('2028-01-01', started, ended);
    expect(after?.ended).toEqual({ at: instant('2028-01-01'), event: ended });
    expect(after && arrOf(after)).toBeUndefined();
  });

  it('is known from any of its facts, even without its start', () => {
    expect(at('2026-12-31', renewed)).toMatchObject({
      subscriptionId: 's1',
      started: undefined,
      terms: [{ begunBy: renewed }],
    });
  });

  it('names the instants at which announced changes take effect', () => {
    expect(effectsOf(facts(started, grown, ended))).toEqual([instant('2026-07-01'), instant('2028-01-01')]);
  });
});

describe('the anchor', () => {
  const of = (
    subscriptionId: string,
    termStart: string,
    kind?: 'base_licence' | 'managed_service' | 'add_on_service',
  ) =>
    recorded(
      'SubscriptionStarted',
      { subscriptionId, termStart: instant(termStart), ...(kind === undefined ? {} : { kind }) },
      { at: termStart },
    );

  it('is the earliest base licence or managed service, else the earliest subscription', () => {
    const anchor = (...events: readonly RecordedEvent[]) => anchorOf(subscriptionsOf(facts(...events)))?.subscriptionId;
    const [addOn, base, service] = [
      of('a', '2026-01-01', 'add_on_service'),
      of('b', '2026-03-01', 'base_licence'),
      of('m', '2026-02-01', 'managed_service'),
    ];
    expect(anchor(addOn, base, service)).toBe('m');
    expect(anchor(addOn, of('x', '2025-12-01'))).toBe('x');
    expect(anchor(of('z', '2026-01-01'), of('y', '2026-01-01'))).toBe('y');
    expect(anchor()).toBeUndefined();
  });
});

describe('a price a year (domain reference B0)', () => {
  const cases: readonly [BillingPeriod, number, number][] = [
    ['P1D', 100, 36_500],
    ['P1W', 100, 5200],
    ['P1M', 70_000, 840_000],
    ['P3M', 100, 400],
    ['P6M', 100, 200],
    ['P1Y', 100, 100],
    ['P2Y', 101, 50],
    ['P2Y', 103, 52],
    ['P3Y', 100, 33],
    ['P3Y', 101, 34],
  ];
  it.each(cases)('of %s %i is %i', (period, price, year) => {
    expect(annualised(usd(price), period)).toEqual(usd(year));
  });

  it('of 50 customers at 700 a month is 420,000', () => {
    expect(50 * annualised(usd(70_000), 'P1M').amountMinor).toBe(42_000_000);
  });
});

describe('the window before a term ends', () => {
  const term = (start: string, end: string | undefined): Term => ({
    start: instant(start),
    end: end === undefined ? undefined : instant(end),
    begunBy: started,
    decidedBy: undefined,
  });

  it('is 90 days, or a quarter of a shorter term', () => {
    expect(windowOf(term('2026-01-01', '2027-01-01'))).toBe(instant('2026-10-03'));
    expect(windowOf(term('2026-01-01', '2026-04-11'))).toBe(instant('2026-03-17'));
  });

  it('does not open for terms under 90 days, nor without an end', () => {
    expect(windowOf(term('2026-01-01', '2026-04-01'))).toBe(instant('2026-03-09T12:00'));
    expect(windowOf(term('2026-01-01', '2026-03-31T23:59'))).toBeUndefined();
    expect(windowOf(term('2026-01-01', undefined))).toBeUndefined();
    expect(daysOf(term('2026-01-01', undefined))).toBeUndefined();
  });
});

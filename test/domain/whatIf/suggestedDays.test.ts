// Which purchases are the sample of P5.5's own days, and which days and policy follow from it?
import { describe, expect, test } from 'vitest';
import { stalledOrder } from '../../../domain/patterns/stalledOrder.ts';
import { closedPurchases } from '../../../domain/whatIf/closedPurchases.ts';
import {
  leastPurchases,
  p90,
  publishing,
  purchaseLimitsAt,
  suggestedDays,
} from '../../../domain/whatIf/suggestedDays.ts';
import type { RecordedEvent, RecordedOf } from '../../../events/catalog.ts';
import {
  fulfilled,
  opened,
  placed,
  policyPublished,
  reopened,
  routeAgreed,
  won,
} from '../../support/histories/engagementFacts.ts';
import { instant } from '../../support/histories/events.ts';
import { given } from '../../support/histories/given.ts';

const defaults = stalledOrder.thresholds.parse({});
const purchasesOf = (...events: readonly RecordedEvent[]) =>
  closedPurchases(given(...events).viewAt('2027-01-01').engagement, defaults);
const win = won('2026-03-01T10:00');
const direct = routeAgreed('2026-02-01', 'direct');

describe('the sample of P5.5', () => {
  test.each([
    ['2026-03-11T10:00', 10],
    ['2026-03-11T22:00', 10.5],
    ['2026-02-20', 0],
  ])('given a win and a fulfilment at %s, then the purchase took %s days', (at, days) => {
    expect(purchasesOf(direct, win, fulfilled(at))).toEqual([{ route: 'direct', days }]);
  });

  test('its days are those that P5.5 measures: with a limit of so many days there is no flag, with a minute less there is', () => {
    const events = [direct, win, fulfilled('2026-03-11T10:00')];
    const [purchase] = purchasesOf(...events);
    const flags = (limit: number) =>
      given(...events, policyPublished({ thresholds: { 'P5.5': { direct: limit } } })).flagsAt('2027-01-01', 'P5.5');
    expect(flags(purchase?.days ?? 0)).toEqual([]);
    // Within the tolerance of five minutes nothing is late.
    expect(flags((purchase?.days ?? 0) - 6 / (24 * 60))).toHaveLength(1);
  });

  test.each<[string, readonly RecordedEvent[]]>([
    ['that is not fulfilled', [direct, win]],
    ['without a route', [win, fulfilled('2026-03-11')]],
    ['whose route was agreed only afterwards', [win, fulfilled('2026-03-11'), routeAgreed('2026-03-12', 'direct')]],
    ['whose win was undone before', [direct, win, reopened('2026-03-05'), fulfilled('2026-03-11')]],
    [
      'for which P5.5 waited until the expected close',
      [opened('2026-01-01', { expectedClose: '2026-06-30' }), direct, win, fulfilled('2026-03-11')],
    ],
    [
      'in several steps whose first did not come in time',
      [routeAgreed('2026-02-01', 'direct', { inSteps: true }), win, placed('2026-12-01'), fulfilled('2026-12-05')],
    ],
  ])('leaves out a purchase %s', (_, events) => {
    expect(purchasesOf(...events)).toEqual([]);
  });

  test('counts the days of a purchase in several steps from its first order', () => {
    const inSteps = routeAgreed('2026-02-01', 'co_sell', { inSteps: true });
    expect(purchasesOf(inSteps, win, placed('2026-05-10'), fulfilled('2026-05-20'))).toEqual([
      { route: 'co_sell', days: 10 },
    ]);
  });

  test('takes the route that was agreed when it was fulfilled', () => {
    const changed = [direct, routeAgreed('2026-03-05', 'two_tier'), routeAgreed('2026-04-01', 'marketplace')];
    expect(purchasesOf(...changed, win, fulfilled('2026-03-11T10:00'))).toEqual([{ route: 'two_tier', days: 10 }]);
  });
});

const engagements = (count: number, daysOf: (index: number) => number, route: 'direct' | 'co_sell' = 'direct') =>
  Array.from({ length: count }, (_, index) => ({
    engagementId: `${route}-${index}`,
    purchases: [{ route, days: daysOf(index) }],
  }));

describe('the suggestion', () => {
  test('is the 90th percentile of a route in whole days, with its sample', () => {
    const all = [...engagements(20, (index) => index + 0.5), ...engagements(3, () => 400, 'co_sell')];
    const [first] = all;
    const twice = [{ engagementId: first?.engagementId ?? '', purchases: [...(first?.purchases ?? [])] }];
    const suggested = suggestedDays([...all].reverse(), defaults);
    expect(suggested).toContainEqual({
      ...{ rule: 'P5.5', threshold: 'direct', days: 30, suggestedDays: 18, reason: null },
      ...{ purchases: 20, engagements: 20, leastPurchases },
    });
    expect(suggestedDays(twice, defaults).find(({ threshold }) => threshold === 'direct')?.purchases).toBe(1);
  });

  test.each([
    [leastPurchases - 1, null, 'tooFew'],
    [leastPurchases, 7, null],
  ])('of %s purchases it is %s (%s)', (count, days, reason) => {
    const of = suggestedDays(
      engagements(count, () => 7),
      defaults,
    );
    expect(of.find(({ threshold }) => threshold === 'direct')).toMatchObject({ suggestedDays: days, reason });
    expect(of.find(({ threshold }) => threshold === 'co_sell')).toMatchObject({ reason: 'tooFew', purchases: 0 });
  });

  test('is a day at least', () => {
    expect(
      suggestedDays(
        engagements(20, () => 0),
        defaults,
      ),
    ).toContainEqual(expect.objectContaining({ threshold: 'direct', suggestedDays: 1 }));
  });

  test('p90 is the least value that nine of ten do not exceed', () => {
    expect(p90([])).toBeUndefined();
    expect(p90([5])).toBe(5);
    expect(p90([10, 9, 8, 7, 6, 5, 4, 3, 2, 1])).toBe(9);
    expect(p90(Array.from({ length: 11 }, (_, index) => index + 1))).toBe(10);
  });
});

describe('the policy that makes it hold', () => {
  const isPolicy = (event: RecordedEvent): event is RecordedOf<'PolicyPublished'> => event.type === 'PolicyPublished';
  const policies = (...events: readonly RecordedEvent[]) => events.filter(isPolicy);
  const now = instant('2026-06-01');
  const wanted = { threshold: 'direct', days: 18 } as const;

  test('is the first where none was published', () => {
    expect(publishing([], now, wanted)).toEqual({
      data: { policyVersion: 1, effectiveFrom: now, thresholds: { 'P5.5': { direct: 18 } } },
    });
    expect(purchaseLimitsAt([], now)).toEqual(defaults);
  });

  test('repeats what the policy in force says, and changes the days of the route alone', () => {
    const said = { thresholds: { 'P4.1': { days: 31 }, 'P5.5': { direct: 40, two_tier: 50 } }, lateClaimAfter: 3 };
    const held = policies(policyPublished(said, { version: 4 }));
    expect(purchaseLimitsAt(held, now)).toMatchObject({ direct: 40, two_tier: 50, co_sell: 60 });
    expect(publishing(held, now, wanted)).toEqual({
      data: {
        ...{ policyVersion: 5, effectiveFrom: now, lateClaimAfter: 3 },
        thresholds: { 'P4.1': { days: 31 }, 'P5.5': { direct: 18, two_tier: 50 } },
      },
    });
  });

  test('is not made while a later policy waits for its day: it would keep that one from ever holding', () => {
    const later = policies(
      policyPublished({}, { version: 1 }),
      policyPublished({}, { version: 2, from: '2026-07-01' }),
    );
    expect(publishing(later, now, wanted)).toEqual({ reason: 'policyScheduled' });
  });
});

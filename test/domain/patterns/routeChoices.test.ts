// Are P5.2 (route against the buyer's preference) and P5.4 (route changed late) raised and cleared, and quiet where they must be?
import { describe, expect, test } from 'vitest';
import {
  fulfilled,
  opened,
  orderCancelled,
  placed,
  renewed,
  reopened,
  routeAgreed,
  subscribed,
  won,
} from '../../support/histories/engagementFacts.ts';
import { given } from '../../support/histories/given.ts';

describe('P5.2 route against the buyer’s preference', () => {
  const against = routeAgreed('2026-03-02T10:00', 'direct', { buyerPreference: 'marketplace' });

  test('is raised once the tolerance after the agreement is over', () => {
    const story = given(opened('2026-02-01'), against);
    expect(story.verdictsAt('2026-03-02T10:04:59.999Z', 'P5.2')).toMatchObject([{ state: 'armed' }]);
    const flag = story.flagAt('2026-03-02T10:05', 'P5.2');
    expect(flag).toMatchObject({ raisedAt: '2026-03-02T10:05:00.000Z', severity: 'medium', cleared: undefined });
    expect(flag.openedBy.eventId).toBe(against.eventId);
    expect(flag.evidence).toContainEqual({
      ...{ kind: 'value', name: 'agreed route', value: 'direct', threshold: 'marketplace' },
    });
  });

  test.each([
    ['no preference is known', [routeAgreed('2026-03-02')]],
    ['the preferred route is agreed', [routeAgreed('2026-03-02', 'direct', { buyerPreference: 'direct' })]],
    [
      'the agreement gives a reason',
      [routeAgreed('2026-03-02', 'direct', { buyerPreference: 'co_sell', reason: 'r' })],
    ],
    ['a reason comes within the tolerance', [against, routeAgreed('2026-03-02T10:05', 'direct', { reason: 'r' })]],
    ['the preferred route comes within the tolerance', [against, routeAgreed('2026-03-02T10:05', 'marketplace')]],
    [
      'the route is agreed again, for which a reason was given before',
      [
        routeAgreed('2026-03-01', 'direct', { buyerPreference: 'co_sell', reason: 'r' }),
        routeAgreed('2026-03-05', 'direct', { buyerPreference: 'co_sell' }),
      ],
    ],
  ])('is quiet where %s', (_, routes) => {
    expect(given(opened('2026-02-01'), ...routes).flagsAt('2026-06-01', 'P5.2')).toEqual([]);
  });

  test.each([
    ['reasonGiven', routeAgreed('2026-03-02T10:06', 'direct', { reason: 'code:contract' })],
    ['preferredRouteAgreed', routeAgreed('2026-03-03', 'marketplace')],
    ['preferredRouteAgreed', routeAgreed('2026-03-03', 'direct', { buyerPreference: 'direct' })],
  ])('clears as %s', (reason, mending) => {
    expect(given(against, mending).flagAt('2026-06-01', 'P5.2')).toMatchObject({
      cleared: { at: mending.occurredAt, eventId: mending.eventId, reason },
    });
  });

  test('a preference named later opens it, and another route that is not preferred leaves it open', () => {
    const named = routeAgreed('2026-03-10', 'direct', { buyerPreference: 'two_tier' });
    const story = given(routeAgreed('2026-03-01'), named, routeAgreed('2026-03-20', 'co_sell'));
    const flag = story.flagAt('2026-06-01', 'P5.2');
    expect(flag).toMatchObject({ raisedAt: '2026-03-10T00:05:00.000Z', cleared: undefined });
    expect(flag.openedBy.eventId).toBe(named.eventId);
  });

  test('a reason for one route is none for another', () => {
    const other = routeAgreed('2026-04-01', 'co_sell');
    const story = given(routeAgreed('2026-03-01', 'direct', { buyerPreference: 'two_tier', reason: 'r' }), other);
    expect(story.flagAt('2026-06-01', 'P5.2').openedBy.eventId).toBe(other.eventId);
  });

  test('stays open over a renewal, and does not depend on arrival', () => {
    const life = [
      against,
      won('2026-03-10'),
      subscribed('2026-03-12', { to: '2027-03-12' }),
      renewed('2027-03-12', { to: '2028-03-12' }),
      routeAgreed('2027-06-01', 'marketplace'),
    ];
    for (const events of [life, life.toReversed()]) {
      expect(given(...events).flagAt('2027-05-01', 'P5.2').cleared).toBeUndefined();
      expect(given(...events).flagAt('2027-07-01', 'P5.2').cleared).toMatchObject({ reason: 'preferredRouteAgreed' });
    }
  });
});

describe('P5.4 route changed late', () => {
  const win = won('2026-03-01T10:00');
  const agreed = routeAgreed('2026-02-01', 'direct');
  const changed = (at: string) => routeAgreed(at, 'two_tier');

  test.each([
    ['win', win],
    ['order', placed('2026-03-01T10:00')],
  ])('is raised by a change after the %s', (_, begun) => {
    const late = changed('2026-03-01T10:05:00.001Z');
    const flag = given(agreed, begun, late).flagAt('2026-03-02', 'P5.4');
    expect(flag).toMatchObject({
      ...{
        subject: 'cycle:1',
        raisedAt: late.occurredAt,
        severity: 'medium',
        cleared: undefined,
        changesAt: undefined,
      },
    });
    expect(flag.openedBy.eventId).toBe(late.eventId);
    expect(flag.evidence.flatMap((proof) => (proof.kind === 'event' ? [proof.eventId] : []))).toEqual([
      agreed.eventId,
      begun.eventId,
      late.eventId,
    ]);
  });

  test.each([
    ['before the win', [agreed, win, changed('2026-02-27')]],
    ['within the tolerance after the win', [agreed, win, changed('2026-03-01T10:05')]],
    ['first of all', [win, routeAgreed('2026-03-10')]],
    ['again as it was', [agreed, win, routeAgreed('2026-03-10', 'direct', { reason: 'doc:1' })]],
    ['after the fulfilment, for a further purchase', [agreed, win, fulfilled('2026-03-09'), changed('2026-03-10')]],
    [
      'after the order was cancelled',
      [agreed, placed('2026-03-01'), orderCancelled('2026-03-09'), changed('2026-03-10')],
    ],
    ['after the win was undone', [agreed, win, reopened('2026-03-05'), changed('2026-03-10')]],
    [
      'again, with the marketplace that it left out between',
      [
        routeAgreed('2026-02-01', 'marketplace', { marketplace: 'aws' }),
        win,
        routeAgreed('2026-03-10', 'marketplace'),
        routeAgreed('2026-03-11', 'marketplace', { marketplace: 'aws' }),
      ],
    ],
    [
      'while an order is claimed late that was fulfilled, as an invoice is',
      [
        agreed,
        placed('2026-03-01'),
        fulfilled('2026-03-05'),
        placed('2026-03-20', { poNumber: '7' }),
        changed('2026-04-01'),
      ],
    ],
  ])('is quiet where a route is agreed %s', (_, events) => {
    expect(given(...events).verdictsAt('2026-06-01', 'P5.4')).toEqual([]);
  });

  test.each([
    ['marketplace', { marketplace: 'azure' as const }],
    ['distributor', { distributor: { system: 'erp', kind: 'account', id: 'd2' } }],
  ])('another %s changes the route', (_, said) => {
    const before = { marketplace: 'aws' as const, distributor: { system: 'erp', kind: 'account', id: 'd1' } };
    const story = given(
      routeAgreed('2026-02-01', 'marketplace', before),
      win,
      routeAgreed('2026-03-10', 'marketplace', { ...before, ...said }),
    );
    expect(story.flagsAt('2026-06-01', 'P5.4')).toHaveLength(1);
  });

  test('a change that was flagged hides no later one, while another order is on its way', () => {
    const orders = [placed('2026-03-02'), placed('2026-03-03', { orderId: 'order-2' })];
    const first = changed('2026-03-10');
    const second = routeAgreed('2026-05-01', 'direct');
    const story = given(agreed, win, ...orders, first, fulfilled('2026-03-12'), second);
    expect(story.flagsAt('2026-06-01', 'P5.4')).toMatchObject([
      { openedBy: { eventId: first.eventId }, cleared: { at: '2026-03-12T00:00:00.000Z' } },
      { openedBy: { eventId: second.eventId }, cleared: undefined },
    ]);
  });

  test('clears at the fulfilment, or as the deal opens again', () => {
    const done = fulfilled('2026-03-20');
    const story = given(agreed, win, changed('2026-03-10'));
    expect(story.and(done).flagAt('2026-06-01', 'P5.4').cleared).toMatchObject({
      ...{ at: done.occurredAt, eventId: done.eventId, reason: 'fulfilled' },
    });
    expect(story.and(reopened('2026-03-15')).flagAt('2026-06-01', 'P5.4').cleared).toMatchObject({
      ...{ at: '2026-03-15T00:00:00.000Z', reason: 'dealReopened' },
    });
  });

  test('further changes belong to the open flag', () => {
    const story = given(agreed, win, changed('2026-03-10'), placed('2026-03-11'), routeAgreed('2026-03-12', 'co_sell'));
    expect(story.flagsAt('2026-06-01', 'P5.4')).toHaveLength(1);
  });

  test('a route that is chosen for a renewal is not late, but one that is changed after its order is', () => {
    const renewal = [
      agreed,
      win,
      subscribed('2026-03-12', { to: '2027-03-12' }),
      renewed('2027-03-12', { to: '2028-03-12' }),
      routeAgreed('2027-04-01', 'marketplace'),
    ];
    expect(given(...renewal).verdictsAt('2027-06-01', 'P5.4')).toEqual([]);
    const ordered = placed('2027-05-01', { orderId: 'order-2' });
    expect(given(...renewal, ordered, changed('2027-05-10')).flagAt('2027-06-01', 'P5.4').subject).toBe('cycle:2');
  });
});

// Does Throughline tell when the way to buy is thought of too late? P5.1, P5.3 and P5.5, at their limits and after them.
import { describe, expect, test } from 'vitest';
import {
  fulfilled,
  lost,
  offerId,
  offerPublished,
  opened,
  policyPublished,
  proposed,
  renewed,
  routeAgreed,
  subscribed,
  won,
} from '../../support/engagementFacts.ts';
import { given } from '../../support/given.ts';

describe('P5.1 route agreed late', () => {
  const proposal = proposed('2026-03-02T10:00');

  test('is raised once the tolerance after the proposal is over', () => {
    const early = given(opened('2026-02-01'), proposal);
    expect(early.verdictsAt('2026-03-02T10:04:59.999Z', 'P5.1')).toMatchObject([{ state: 'armed' }]);
    const flag = early.flagAt('2026-03-02T10:05', 'P5.1');
    expect(flag).toMatchObject({ raisedAt: '2026-03-02T10:05:00.000Z', severity: 'low', cleared: undefined });
    expect(flag.openedBy.eventId).toBe(proposal.eventId);
  });

  test.each(['2026-02-20', '2026-03-02T10:00', '2026-03-02T10:05'])('a route agreed at %s keeps it quiet', (at) => {
    expect(given(proposal, routeAgreed(at)).verdictsAt('2026-04-01', 'P5.1')).toEqual([]);
  });

  test('is medium from the win on, if still without a route', () => {
    const late = given(proposal, won('2026-03-20'));
    expect(late.flagAt('2026-03-19T23:59:59.999Z', 'P5.1').severity).toBe('low');
    expect(late.flagAt('2026-03-20', 'P5.1').severity).toBe('medium');
    const after = routeAgreed('2026-03-25');
    expect(late.and(after).flagAt('2026-04-01', 'P5.1')).toMatchObject({
      severity: 'medium',
      cleared: { eventId: after.eventId },
    });
    expect(late.and(routeAgreed('2026-03-10')).flagAt('2026-04-01', 'P5.1')).toMatchObject({
      severity: 'low',
      cleared: { at: '2026-03-10T00:00:00.000Z' },
    });
  });

  test('a route of an earlier cycle still holds', () => {
    const secondCycle = given(
      routeAgreed('2025-01-02'),
      won('2025-01-10'),
      subscribed('2025-01-12', { to: '2026-01-12' }),
      renewed('2026-01-12', { to: '2027-01-12' }),
      proposed('2026-02-01'),
    );
    expect(secondCycle.verdictsAt('2026-03-01', 'P5.1')).toEqual([]);
  });

  test('only the first proposal of a cycle counts', () => {
    expect(
      given(proposal, proposed('2026-03-05', { proposalRef: 'doc:5' })).flagsAt('2026-04-01', 'P5.1'),
    ).toHaveLength(1);
  });

  test('a route heard of late, agreed in time, withdraws it', () => {
    expect(given(proposal).and(routeAgreed('2026-03-01')).verdictsAt('2026-04-01', 'P5.1')).toEqual([]);
  });
});

describe('P5.3 route that the offer is not sold by', () => {
  const offer = offerPublished('2026-01-01', { routes: ['direct', 'marketplace'], marketplaces: ['aws'] });
  const engagement = opened('2026-02-01', { offerId, offerVersion: 1 });
  const twoTier = routeAgreed('2026-02-10', 'two_tier');

  test('is raised at the agreement itself', () => {
    const flag = given(offer, engagement, twoTier).flagAt('2026-02-10', 'P5.3');
    expect(flag).toMatchObject({ raisedAt: twoTier.occurredAt, severity: 'high', cleared: undefined });
    expect(flag.openedBy.eventId).toBe(twoTier.eventId);
    expect(flag.evidence).toEqual([
      expect.objectContaining({ kind: 'event', eventId: twoTier.eventId }),
      expect.objectContaining({ kind: 'event', eventId: offer.eventId }),
      { kind: 'value', name: 'route', value: 'two_tier', threshold: 'direct, marketplace' },
    ]);
  });

  test.each([
    ['a route that it is sold by', routeAgreed('2026-02-10', 'direct'), 0],
    ['a marketplace that lists it', routeAgreed('2026-02-10', 'marketplace', { marketplace: 'aws' }), 0],
    ['a marketplace left unsaid', routeAgreed('2026-02-10', 'marketplace'), 0],
    ['a marketplace that does not list it', routeAgreed('2026-02-10', 'marketplace', { marketplace: 'azure' }), 1],
    ['a marketplace beside another route', routeAgreed('2026-02-10', 'direct', { marketplace: 'azure' }), 0],
  ])('%s', (_case, route, times) => {
    expect(given(offer, engagement, route).flagsAt('2026-03-01', 'P5.3')).toHaveLength(times);
  });

  test.each([
    ['no offer is named', [offer, opened('2026-02-01'), twoTier]],
    ['the offer is not known', [engagement, twoTier]],
    ['its version is not known', [offer, opened('2026-02-01', { offerId, offerVersion: 7 }), twoTier]],
    ['its routes are not said', [offerPublished('2026-01-01'), engagement, twoTier]],
    ['no route is agreed', [offer, engagement]],
  ])('is quiet where %s', (_case, events) => {
    expect(given(...events).verdictsAt('2026-03-01', 'P5.3')).toEqual([]);
  });

  test('the latest proposal says what is sold', () => {
    const second = offerPublished('2026-01-15', { version: 2, routes: ['two_tier'] });
    const proposal = proposed('2026-02-05', { offerId, offerVersion: 2 });
    expect(given(offer, second, engagement, proposal, twoTier).flagsAt('2026-03-01', 'P5.3')).toEqual([]);
  });

  test('without a version named, the newest published by then is sold', () => {
    const second = offerPublished('2026-02-09', { version: 2, routes: ['two_tier'] });
    const later = offerPublished('2026-02-20', { version: 3, routes: ['direct'] });
    const bare = opened('2026-02-01', { offerId });
    expect(given(offer, bare, twoTier).flagsAt('2026-03-01', 'P5.3')).toHaveLength(1);
    expect(given(offer, second, later, bare, twoTier).flagsAt('2026-03-01', 'P5.3')).toEqual([]);
  });

  test('a route that can be sold clears it, another that cannot leaves it', () => {
    const direct = routeAgreed('2026-02-20', 'direct');
    const mended = given(offer, engagement, twoTier, routeAgreed('2026-02-15', 'co_sell'), direct);
    expect(mended.flagAt('2026-03-01', 'P5.3').cleared).toEqual({
      at: direct.occurredAt,
      eventId: direct.eventId,
      reason: 'sellableRouteAgreed',
    });
  });

  test('a new version that sells the route clears it, one that does not leaves it', () => {
    const second = offerPublished('2026-02-20', { version: 2, routes: ['direct', 'co_sell'] });
    const third = offerPublished('2026-03-01', { version: 3, routes: ['two_tier'] });
    const fourth = offerPublished('2026-04-01', { version: 4, routes: ['direct'] });
    expect(given(offer, engagement, twoTier, second).flagAt('2026-05-01', 'P5.3').cleared).toBeUndefined();
    expect(given(offer, engagement, twoTier, second, third, fourth).flagAt('2026-05-01', 'P5.3').cleared).toMatchObject(
      {
        eventId: third.eventId,
        reason: 'offerSellsRoute',
      },
    );
  });

  test('a newer version that stood by then was not what was sold', () => {
    const second = offerPublished('2026-02-05', { version: 2, routes: ['two_tier'] });
    expect(given(offer, second, engagement, twoTier).flagAt('2026-05-01', 'P5.3').cleared).toBeUndefined();
  });

  test('a version published once the engagement has ended does not clear it', () => {
    const second = offerPublished('2026-03-01', { version: 2, routes: ['two_tier'] });
    const over = given(offer, engagement, twoTier, lost('2026-02-20'), second);
    expect(over.flagAt('2026-05-01', 'P5.3').cleared?.reason).toBe('closedMoot');
  });

  test('opens again, as another episode, and a proposal of another offer ends it', () => {
    const flags = given(
      offer,
      engagement,
      twoTier,
      routeAgreed('2026-02-20', 'direct'),
      routeAgreed('2026-02-25', 'co_sell'),
      proposed('2026-03-05', { offerId: 'another' }),
    ).flagsAt('2026-04-01', 'P5.3');
    expect(flags.map((flag) => [flag.raisedAt, flag.cleared?.reason])).toEqual([
      ['2026-02-10T00:00:00.000Z', 'sellableRouteAgreed'],
      ['2026-02-25T00:00:00.000Z', 'otherOfferProposed'],
    ]);
  });

  test('an offer version heard of late, published in time, withdraws it', () => {
    const bare = given(offer, opened('2026-02-01', { offerId }), twoTier);
    const late = offerPublished('2026-01-20', { version: 2, routes: ['two_tier'] });
    expect(bare.and(late).verdictsAt('2026-03-01', 'P5.3')).toEqual([]);
  });
});

describe('P5.5 stalled order', () => {
  const win = won('2026-03-01T10:00');

  test.each([
    ['direct', '2026-03-31T10:00:00.000Z', '2026-04-30T10:00:00.000Z'],
    ['marketplace', '2026-03-31T10:00:00.000Z', '2026-04-30T10:00:00.000Z'],
    ['two_tier', '2026-04-15T10:00:00.000Z', '2026-05-30T10:00:00.000Z'],
    ['co_sell', '2026-04-30T10:00:00.000Z', '2026-06-29T10:00:00.000Z'],
  ] as const)('by %s is raised at %s, and high from %s on', (route, due, high) => {
    const stalled = given(routeAgreed('2026-02-01', route), win);
    expect(stalled.verdictsAt('2026-03-02', 'P5.5')).toMatchObject([{ state: 'armed', dueAt: due }]);
    expect(stalled.flagAt(due, 'P5.5')).toMatchObject({
      raisedAt: due,
      severity: 'medium',
      changesAt: high,
      cleared: undefined,
    });
    expect(stalled.flagAt(high, 'P5.5')).toMatchObject({ raisedAt: due, severity: 'high', changesAt: undefined });
  });

  test('is quiet while no route is known', () => {
    expect(given(win).verdictsAt('2027-01-01', 'P5.5')).toEqual([]);
  });

  test.each(['2026-02-20', '2026-03-31T10:00', '2026-03-31T10:05'])('a fulfilment at %s keeps it quiet', (at) => {
    expect(given(routeAgreed('2026-02-01'), win, fulfilled(at)).verdictsAt('2026-06-01', 'P5.5')).toEqual([]);
  });

  test('a later fulfilment clears it, as severe as it was then', () => {
    const late = fulfilled('2026-03-31T10:05:00.001Z');
    const flag = given(routeAgreed('2026-02-01'), win, late).flagAt('2026-12-01', 'P5.5');
    expect(flag).toMatchObject({ severity: 'medium', changesAt: undefined, cleared: { eventId: late.eventId } });
    const later = given(routeAgreed('2026-02-01'), win, fulfilled('2026-05-01')).flagAt('2026-12-01', 'P5.5');
    expect(later.severity).toBe('high');
  });

  test('a fulfilment heard of late withdraws it', () => {
    expect(given(routeAgreed('2026-02-01'), win).and(fulfilled('2026-03-10')).verdictsAt('2026-06-01', 'P5.5')).toEqual(
      [],
    );
  });

  test('the route in force says how long: agreed anew before the due instant it moves it', () => {
    const moved = given(routeAgreed('2026-02-01', 'direct'), win, routeAgreed('2026-03-20', 'co_sell'));
    expect(moved.verdictsAt('2026-04-05', 'P5.5')).toMatchObject([
      { state: 'armed', dueAt: '2026-04-30T10:00:00.000Z' },
    ]);
  });

  test('agreed anew after it was raised it does not take it back', () => {
    const moved = given(routeAgreed('2026-02-01', 'direct'), win, routeAgreed('2026-04-05', 'co_sell'));
    expect(moved.flagAt('2026-04-10', 'P5.5').raisedAt).toBe('2026-03-31T10:00:00.000Z');
  });

  test('a route agreed when its own days are over raises it there', () => {
    expect(given(win, routeAgreed('2026-05-10')).flagAt('2026-05-20', 'P5.5')).toMatchObject({
      raisedAt: '2026-05-10T00:00:00.000Z',
      severity: 'high',
    });
  });

  test('the order of an earlier cycle does not count for the next', () => {
    const secondCycle = given(
      routeAgreed('2025-01-02'),
      won('2025-01-10'),
      fulfilled('2025-01-12'),
      subscribed('2025-01-12', { to: '2026-01-12' }),
      renewed('2026-01-12', { to: '2027-01-12' }),
      won('2026-02-01'),
    );
    expect(secondCycle.flagAt('2026-03-10', 'P5.5')).toMatchObject({ subject: 'cycle:2' });
  });

  test('a policy gives more days', () => {
    const patient = policyPublished({ thresholds: { 'P5.5': { direct: 90 } } });
    expect(given(routeAgreed('2026-02-01'), win, patient).verdictsAt('2026-05-01', 'P5.5')).toMatchObject([
      { state: 'armed', dueAt: '2026-05-30T10:00:00.000Z' },
    ]);
  });
});

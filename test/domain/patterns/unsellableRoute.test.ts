// Is P5.3 (offer not sold by the agreed route) raised and cleared, at its limits and after them?
import { describe, expect, test } from 'vitest';
import {
  lost,
  offerId,
  offerPublished,
  opened,
  proposed,
  routeAgreed,
} from '../../support/histories/engagementFacts.ts';
import { type RecordedOptions, recorded } from '../../support/histories/events.ts';
import { given } from '../../support/histories/given.ts';

describe('P5.3 offer not sold by the agreed route', () => {
  const offer = offerPublished('2026-01-01', { routes: ['direct', 'marketplace'], marketplaces: ['aws'] });
  const engagement = opened('2026-02-01', { offerId, offerVersion: 1 });
  const twoTier = routeAgreed('2026-02-10', 'two_tier');

  test('is raised when the route is agreed', () => {
    const flag = given(offer, engagement, twoTier).flagAt('2026-02-10', 'P5.3');
    expect(flag).toMatchObject({ raisedAt: twoTier.occurredAt, severity: 'high', cleared: undefined });
    expect(flag.openedBy.eventId).toBe(twoTier.eventId);
    expect(flag.evidence).toEqual([
      expect.objectContaining({ kind: 'event', eventId: twoTier.eventId }),
      expect.objectContaining({ kind: 'event', eventId: offer.eventId }),
      { kind: 'value', name: 'route', value: 'two_tier', threshold: 'direct, marketplace' },
    ]);
  });

  test('says of the offer no more than its id, its version and its routes: it may be another partner’s', () => {
    const azure = routeAgreed('2026-02-10', 'marketplace', { marketplace: 'azure' });
    const { evidence, nextStep } = given(offer, engagement, azure).flagAt('2026-03-01', 'P5.3');
    expect(evidence).toContainEqual(expect.objectContaining({ says: expect.stringContaining('not listed in azure') }));
    expect(JSON.stringify([evidence, nextStep])).not.toContain('aws');
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
  ])('is quiet if %s', (_case, events) => {
    expect(given(...events).verdictsAt('2026-03-01', 'P5.3')).toEqual([]);
  });

  test('the latest proposal decides which offer is sold', () => {
    const second = offerPublished('2026-01-15', { version: 2, routes: ['two_tier'] });
    const proposal = proposed('2026-02-05', { offerId, offerVersion: 2 });
    expect(given(offer, second, engagement, proposal, twoTier).flagsAt('2026-03-01', 'P5.3')).toEqual([]);
  });

  test('if no version is named, the newest version published by then is sold', () => {
    const second = offerPublished('2026-02-09', { version: 2, routes: ['two_tier'] });
    const later = offerPublished('2026-02-20', { version: 3, routes: ['direct'] });
    const bare = opened('2026-02-01', { offerId });
    expect(given(offer, bare, twoTier).flagsAt('2026-03-01', 'P5.3')).toHaveLength(1);
    expect(given(offer, second, later, bare, twoTier).flagsAt('2026-03-01', 'P5.3')).toEqual([]);
  });

  test('a route by which the offer is sold clears it, another wrong route does not', () => {
    const direct = routeAgreed('2026-02-20', 'direct');
    const mended = given(offer, engagement, twoTier, routeAgreed('2026-02-15', 'co_sell'), direct);
    expect(mended.flagAt('2026-03-01', 'P5.3').cleared).toEqual({
      at: direct.occurredAt,
      eventId: direct.eventId,
      reason: 'sellableRouteAgreed',
    });
  });

  test('a new version that is sold by the route clears it, another version does not', () => {
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

  test('a newer version that was already published does not count as the version sold', () => {
    const second = offerPublished('2026-02-05', { version: 2, routes: ['two_tier'] });
    expect(given(offer, second, engagement, twoTier).flagAt('2026-05-01', 'P5.3').cleared).toBeUndefined();
  });

  test('a version that is published after the engagement has ended does not clear it', () => {
    const second = offerPublished('2026-03-01', { version: 2, routes: ['two_tier'] });
    const over = given(offer, engagement, twoTier, lost('2026-02-20'), second);
    expect(over.flagAt('2026-05-01', 'P5.3').cleared?.reason).toBe('closedMoot');
  });

  test('opens again as another episode, and a proposal of another offer clears it', () => {
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

  test('a version that was published in time, but recorded late, withdraws it', () => {
    const bare = given(offer, opened('2026-02-01', { offerId }), twoTier);
    const late = offerPublished('2026-01-20', { version: 2, routes: ['two_tier'] });
    expect(bare.and(late).verdictsAt('2026-03-01', 'P5.3')).toEqual([]);
  });
});

describe('a partner’s own offer', () => {
  const stream = 'acme/offer/own';
  const published = (
    version: number,
    routes: readonly ['direct' | 'two_tier'],
    options: Pick<RecordedOptions, 'at' | 'recordedAt' | 'seq'>,
  ) =>
    recorded(
      'OfferPublished',
      { offerId: 'own', version, routes: [...routes], components: [{ componentId: 'c', kind: 'base_licence' }] },
      { ...options, stream, sourceId: `v${version}`, saidBy: { role: 'partner', partyId: 'p1' } },
    );
  const first = published(1, ['direct'], { at: '2026-01-01', seq: '1' });
  const story = given(first, opened('2026-02-01', { offerId: 'own' }), routeAgreed('2026-02-10', 'two_tier'));

  test.each([
    ['a new version, dated back', published(2, ['two_tier'], { at: '2026-01-02', recordedAt: '2026-04-01' })],
    ['the version, restated', published(1, ['two_tier'], { at: '2026-01-01', recordedAt: '2026-04-01', seq: '2' })],
    ['the version, restated later', published(1, ['two_tier'], { at: '2026-04-01', seq: '2' })],
  ])('hides no flag by %s', (_how, event) => {
    const { raisedAt, evidence } = story.flagAt('2026-03-01', 'P5.3');
    const flag = story.and(event).flagAt('2026-06-01', 'P5.3');
    expect(flag).toMatchObject({ raisedAt, evidence });
    expect(flag.cleared?.at ?? '9').toBeOneOf(['9', '2026-04-01T00:00:00.000Z']);
  });
});

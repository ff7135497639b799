// Which custom work became part of a later version of the offer that was sold, and is an offer new?
import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../domain/engagement/facts.ts';
import { inFoldOrder } from '../../../domain/history.ts';
import { isNewOffer, namingAt, promotionsOf } from '../../../domain/patterns/promotedDeviations.ts';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { streamIdOf } from '../../../events/identifiers.ts';
import { contextOf, offersOf } from '../../support/contexts.ts';
import { instant, recorded, tenantId } from '../../support/histories/events.ts';

const published = (at: string, version: number, features: readonly string[] = [], offerId = 'suite') =>
  recorded(
    'OfferPublished',
    { offerId, version, features: [...features], components: [{ componentId: 'x', kind: 'base_licence' }] },
    { at, stream: streamIdOf(tenantId, 'offer', offerId) },
  );
const opened = recorded('EngagementOpened', { offerId: 'suite' }, { at: '2026-02-01' });
const proposed = (at: string, offerId: string, offerVersion?: number) =>
  recorded('SolutionProposed', { offerId, ...(offerVersion !== undefined && { offerVersion }) }, { at });
const customised = (at: string, feature?: string) =>
  recorded('DeviationRecorded', { kind: 'customisation', ...(feature !== undefined && { feature }) }, { at });
const factsFrom = (...events: readonly RecordedEvent[]) => factsOf([...events].sort(inFoldOrder));

describe('the fact that names the offer', () => {
  it('is the latest proposal by then, else the latest opening', () => {
    const named = namingAt(
      factsFrom(
        recorded('EngagementOpened', { offerId: 'new' }, { at: '2026-02-03', sourceId: 'second' }),
        opened,
        proposed('2026-03-01', 'other'),
        recorded('SolutionProposed', {}, { at: '2026-04-01' }),
      ),
    );
    const at = (when: string) => named(instant(when))?.data.offerId;
    expect(at('2026-01-31T23:59')).toBeUndefined();
    expect(at('2026-02-01')).toBe('suite');
    expect(at('2026-02-03')).toBe('new');
    expect(at('2026-02-28T23:59')).toBe('new');
    expect(at('2026-03-01')).toBe('other');
    expect(at('2026-05-01')).toBe('other');
  });
});

describe('custom work', () => {
  const first = published('2026-01-01', 1, ['old']);
  const second = published('2026-04-01', 2, ['old', 'sso']);
  const third = published('2026-05-01', 3, ['old', 'sso', 'audit']);
  const offers = offersOf(first, second, third);
  const work = customised('2026-03-01', 'sso');
  const promotedAt = (when: string, ...events: readonly RecordedEvent[]) =>
    [...promotionsOf(factsFrom(...events), contextOf({ offers }), instant(when))].map(([, version]) => version);

  it('is part of the offer from the first later version that lists its feature', () => {
    expect(promotedAt('2026-03-31T23:59', opened, work)).toEqual([]);
    expect(promotedAt('2026-04-01', opened, work)).toEqual([second]);
    expect(promotedAt('2026-06-01', opened, work)).toEqual([second]);
    expect(promotedAt('2026-06-01', opened, work, customised('2026-03-02', 'audit'))).toEqual([second, third]);
  });

  it('is not, where the version that was sold listed it already', () => {
    expect(promotedAt('2026-06-01', opened, customised('2026-03-01', 'old'))).toEqual([]);
    expect(promotedAt('2026-06-01', proposed('2026-02-01', 'suite', 2), work)).toEqual([]);
    expect(promotedAt('2026-06-01', proposed('2026-02-01', 'suite', 1), work)).toEqual([second]);
  });

  it('is not without a feature, an offer, or a version that was out when it was named', () => {
    expect(promotedAt('2026-06-01', opened, customised('2026-03-01'))).toEqual([]);
    expect(promotedAt('2026-06-01', work)).toEqual([]);
    expect(promotedAt('2026-06-01', proposed('2026-02-01', 'unknown'), work)).toEqual([]);
    const early = recorded('EngagementOpened', { offerId: 'suite' }, { at: '2025-12-01' });
    expect(promotedAt('2026-06-01', early, work)).toEqual([]);
  });

  it('of another kind is no customisation', () => {
    const gap = recorded('DeviationRecorded', { kind: 'scope_gap', feature: 'sso' }, { at: '2026-03-01' });
    expect(promotedAt('2026-06-01', opened, gap)).toEqual([]);
  });
});

describe('an offer', () => {
  const offers = offersOf(published('2026-02-10', 1), published('2026-06-01', 2));
  const isNew = (at: string, days: number, ...events: readonly RecordedEvent[]) =>
    isNewOffer(factsFrom(...events), contextOf({ offers }), { at: instant(at), days });

  it('is new for so many days after its first version', () => {
    expect(isNew('2026-02-09T23:59', 30, opened)).toBe(false);
    expect(isNew('2026-02-10', 30, opened)).toBe(true);
    expect(isNew('2026-03-11T23:59', 30, opened)).toBe(true);
    expect(isNew('2026-03-12', 30, opened)).toBe(false);
    expect(isNew('2026-06-02', 30, opened)).toBe(false);
    expect(isNew('2026-02-10', 0, opened)).toBe(false);
  });

  it('that nobody names or published is not new', () => {
    expect(isNew('2026-02-10', 30)).toBe(false);
    expect(isNew('2026-02-10', 30, proposed('2026-02-01', 'unknown'))).toBe(false);
  });
});

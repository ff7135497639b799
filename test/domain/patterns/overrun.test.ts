// Is P2.3 (a delivery takes more effort than planned) raised and closed, at its limits and after them?
import { describe, expect, test } from 'vitest';
import {
  customised,
  goLive,
  offerId,
  offerPublished,
  opened,
  policyPublished,
  renewed,
  subscribed,
  won,
  worked,
} from '../../support/histories/engagementFacts.ts';
import { recorded } from '../../support/histories/events.ts';
import { given } from '../../support/histories/given.ts';

const started = (at: string, plannedMinutes?: number) =>
  recorded('DeliveryStarted', plannedMinutes === undefined ? {} : { plannedMinutes }, { at });
const start = started('2026-03-02', 1000);

describe('P2.3 delivery takes more effort than planned', () => {
  test('a quarter more than planned raises nothing', () => {
    expect(given(start, worked('2026-03-10', 1250)).verdictsAt('2026-06-01', 'P2.3')).toEqual([]);
  });

  test('is raised at the event that takes it above a quarter more', () => {
    const crossing = worked('2026-03-11', 1);
    const flag = given(start, worked('2026-03-10', 1250), crossing).flagAt('2026-03-11', 'P2.3');
    expect(flag).toMatchObject({
      ...{ raisedAt: crossing.occurredAt, severity: 'medium', cleared: undefined },
      subject: 'engagement',
    });
    expect(flag.openedBy.eventId).toBe(crossing.eventId);
    expect(flag.evidence).toEqual([
      expect.objectContaining({ eventId: start.eventId }),
      expect.objectContaining({ eventId: crossing.eventId }),
      { kind: 'value', name: 'actual by planned minutes', value: 1.251, threshold: 1.25 },
      { kind: 'value', name: 'highest ratio', value: 1.251, threshold: 1.5 },
    ]);
  });

  test.each([
    [1500, 'medium'],
    [1501, 'high'],
  ])('%i of 1000 planned minutes are %s', (minutes, severity) => {
    expect(given(start, worked('2026-03-10', minutes)).flagAt('2026-06-01', 'P2.3').severity).toBe(severity);
  });

  test('becomes more severe as the work goes on', () => {
    const growing = given(start, worked('2026-03-10', 1300), worked('2026-03-12', 300));
    expect(growing.flagAt('2026-03-11', 'P2.3').severity).toBe('medium');
    expect(growing.flagAt('2026-03-12', 'P2.3')).toMatchObject({
      severity: 'high',
      raisedAt: '2026-03-10T00:00:00.000Z',
    });
  });

  test.each(['presales', 'managed', 'support', 'internal'] as const)(
    'work of the category %s does not count',
    (other) => {
      expect(given(start, worked('2026-03-10', 5000, other)).verdictsAt('2026-06-01', 'P2.3')).toEqual([]);
    },
  );

  test('without a plan, or with a plan of nothing, the rule is quiet', () => {
    for (const planned of [undefined, 0])
      expect(
        given(started('2026-03-02', planned), worked('2026-03-10', 5000)).verdictsAt('2026-06-01', 'P2.3'),
      ).toEqual([]);
    expect(given(opened('2026-02-01'), worked('2026-03-10', 5000)).verdictsAt('2026-06-01', 'P2.3')).toEqual([]);
  });

  test('a start that bases the delivery anew replaces the plan, and one that names no plan leaves it', () => {
    const again = started('2026-03-05', 2000);
    expect(given(start, again, worked('2026-03-10', 2500)).verdictsAt('2026-06-01', 'P2.3')).toEqual([]);
    expect(given(start, started('2026-03-05'), worked('2026-03-10', 1251)).flagsAt('2026-06-01', 'P2.3')).toHaveLength(
      1,
    );
    const late = given(start, worked('2026-03-04', 1300), again);
    expect(late.flagAt('2026-06-01', 'P2.3').cleared).toBeUndefined();
  });

  test('closes at the go-live, with the final value', () => {
    const live = goLive('2026-03-20');
    const flag = given(start, worked('2026-03-10', 1300), worked('2026-03-20', 100), live).flagAt('2026-06-01', 'P2.3');
    expect(flag.cleared).toEqual({ at: live.occurredAt, eventId: live.eventId, reason: 'completed' });
    expect(flag.evidence).toContainEqual({ kind: 'value', name: 'ratio at go-live', value: 1.4, threshold: 1.25 });
  });

  test('work after the go-live counts to no delivery', () => {
    const live = [start, worked('2026-03-10', 1000), goLive('2026-03-20')];
    expect(given(...live, worked('2026-03-20T00:00:00.001Z', 500)).verdictsAt('2026-06-01', 'P2.3')).toEqual([]);
    expect(given(...live, worked('2026-03-20', 500)).flagsAt('2026-06-01', 'P2.3')).toHaveLength(1);
  });

  test('across a renewal, each delivery is looked at on its own', () => {
    const twice = given(
      won('2025-01-10'),
      subscribed('2025-01-12', { to: '2026-01-12' }),
      ...[started('2025-01-15', 1000), worked('2025-01-20', 1300), goLive('2025-02-01')],
      renewed('2026-01-12', { to: '2027-01-12' }),
      ...[worked('2026-01-20', 5000), started('2026-02-01', 1000), worked('2026-02-05', 1000)],
    );
    expect(twice.flagsAt('2026-03-01', 'P2.3')).toHaveLength(1);
    expect(
      twice
        .and(worked('2026-02-06', 251))
        .flagsAt('2026-03-01', 'P2.3')
        .map(({ raisedAt }) => raisedAt),
    ).toEqual(['2025-01-20T00:00:00.000Z', '2026-02-06T00:00:00.000Z']);
  });

  test('work that is recorded late withdraws nothing, a plan that is recorded late does', () => {
    const over = given(start, worked('2026-03-10', 1300));
    expect(over.and(worked('2026-03-08', 10)).flagsAt('2026-06-01', 'P2.3')).toHaveLength(1);
    expect(over.and(started('2026-03-03', 2000)).flagsAt('2026-06-01', 'P2.3')).toEqual([]);
  });

  test('a policy changes its thresholds', () => {
    const lenient = policyPublished({ thresholds: { 'P2.3': { medium: 2, high: 3 } } });
    expect(given(start, worked('2026-03-10', 2000), lenient).verdictsAt('2026-06-01', 'P2.3')).toEqual([]);
    expect(given(start, worked('2026-03-10', 2001), lenient).flagAt('2026-06-01', 'P2.3').severity).toBe('medium');
  });

  describe('custom work that became part of the offer', () => {
    const sold = [
      offerPublished('2026-01-01', { version: 1, features: ['sso'] }),
      opened('2026-02-01', { offerId, offerVersion: 1 }),
    ];
    const custom = (at: string, feature?: string) =>
      recorded('DeviationRecorded', { kind: 'customisation', minutes: 300, ...(feature && { feature }) }, { at });
    const next = (at: string) => offerPublished(at, { version: 2, features: ['sso', 'archive'] });

    test('is no overrun, whether the version came before the work or after it', () => {
      for (const at of ['2026-03-05', '2026-03-09'])
        expect(
          given(...sold, start, custom('2026-03-07', 'archive'), next(at), worked('2026-03-10', 1500)).verdictsAt(
            '2026-06-01',
            'P2.3',
          ),
        ).toEqual([]);
    });

    test('that is more than the limit without it, still is', () => {
      const most = given(
        ...sold,
        start,
        custom('2026-03-07', 'archive'),
        next('2026-03-09'),
        worked('2026-03-10', 1551),
      );
      expect(most.flagsAt('2026-06-01', 'P2.3')).toHaveLength(1);
    });

    test('clears an open flag when the version is published, and no longer after the go-live', () => {
      const version = next('2026-03-15');
      const over = [...sold, start, custom('2026-03-07', 'archive'), worked('2026-03-10', 1500)];
      expect(given(...over, version, goLive('2026-03-20')).flagAt('2026-06-01', 'P2.3').cleared).toEqual({
        ...{ at: version.occurredAt, eventId: version.eventId, reason: 'promotedIntoOffer' },
      });
      expect(given(...over, version).flagAt('2026-03-14', 'P2.3').cleared).toBeUndefined();
      const live = goLive('2026-03-14');
      expect(given(...over, live, version).flagAt('2026-06-01', 'P2.3').cleared?.eventId).toBe(live.eventId);
    });

    test('counts as before if no later version lists its feature, or if it names none', () => {
      const over = [start, worked('2026-03-10', 1500)];
      for (const deviation of [
        custom('2026-03-07', 'sso'),
        custom('2026-03-07', 'other'),
        customised('2026-03-07', 300),
      ])
        expect(given(...sold, ...over, deviation, next('2026-03-09')).flagsAt('2026-06-01', 'P2.3')).toHaveLength(1);
    });
  });

  test('a policy skips the first deliveries of an offer', () => {
    const published = offerPublished('2026-02-20', { version: 1 });
    const learning = policyPublished({ thresholds: { 'P2.3': { learningDays: 10 } } });
    const sale = [published, opened('2026-02-01', { offerId, offerVersion: 1 }), worked('2026-03-10', 1300)];
    expect(given(...sale, start).flagsAt('2026-06-01', 'P2.3')).toHaveLength(1);
    const before = started('2026-03-01T23:59:59.999Z', 1000);
    expect(given(...sale, learning, before).flagsAt('2026-06-01', 'P2.3')).toEqual([]);
    expect(given(...sale, learning, start).flagsAt('2026-06-01', 'P2.3')).toHaveLength(1);
  });
});

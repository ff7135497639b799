// Are P2.1 and P2.2 (custom work every time) raised and cleared, at their limits and after them?
import { describe, expect, test } from 'vitest';
import {
  customised,
  deliveryStarted,
  goLive,
  offerId,
  offerPublished,
  policyPublished,
  proposed,
  renewed,
  subscribed,
  won,
  worked,
} from '../../support/histories/engagementFacts.ts';
import { recorded } from '../../support/histories/events.ts';
import { given } from '../../support/histories/given.ts';

describe('P2.1 delivery without a template', () => {
  test('is raised at the start of the delivery', () => {
    const start = deliveryStarted('2026-03-02T10:00');
    const flag = given(start).flagAt('2026-03-02T10:00', 'P2.1');
    expect(flag).toMatchObject({
      ...{ raisedAt: start.occurredAt, severity: 'low', cleared: undefined },
      subject: `delivery:${start.factId}`,
    });
    expect(flag.evidence).toEqual([expect.objectContaining({ eventId: start.eventId })]);
  });

  test('a delivery on a template raises nothing', () => {
    expect(given(deliveryStarted('2026-03-02', 'template:7')).verdictsAt('2026-04-01', 'P2.1')).toEqual([]);
  });

  test('a new start on a template clears it', () => {
    const again = deliveryStarted('2026-03-09', 'template:7');
    const rebased = given(deliveryStarted('2026-03-02'), deliveryStarted('2026-03-05'), again);
    expect(rebased.flagsAt('2026-04-01', 'P2.1').map(({ cleared }) => cleared?.eventId)).toEqual([
      again.eventId,
      again.eventId,
    ]);
  });

  test('every start counts, in every cycle', () => {
    const delivered = given(
      won('2025-01-10'),
      subscribed('2025-01-12', { to: '2026-01-12' }),
      deliveryStarted('2025-01-15', 'template:7'),
      deliveryStarted('2025-02-01'),
      renewed('2026-01-12', { to: '2027-01-12' }),
      deliveryStarted('2026-02-01'),
    );
    expect(delivered.flagsAt('2026-03-01', 'P2.1').map(({ raisedAt }) => raisedAt)).toEqual([
      '2025-02-01T00:00:00.000Z',
      '2026-02-01T00:00:00.000Z',
    ]);
  });

  test('an earlier start on a template does not cover it', () => {
    const custom = given(deliveryStarted('2026-03-02'), deliveryStarted('2026-03-01', 'template:7'));
    expect(custom.flagAt('2026-04-01', 'P2.1').cleared).toBeUndefined();
  });
});

describe('P2.2 customisation takes too much of the effort', () => {
  const tenHours = worked('2026-03-02', 600);

  test('a share of exactly a fifth raises nothing', () => {
    expect(given(tenHours, customised('2026-03-03', 120)).verdictsAt('2026-04-01', 'P2.2')).toEqual([]);
  });

  test('is raised at the event that takes the share above a fifth', () => {
    const crossing = customised('2026-03-03', 121);
    const flag = given(tenHours, crossing).flagAt('2026-03-03', 'P2.2');
    expect(flag).toMatchObject({ raisedAt: crossing.occurredAt, severity: 'medium', cleared: undefined });
    expect(flag.openedBy.eventId).toBe(crossing.eventId);
    expect(flag.evidence).toContainEqual({
      kind: 'value',
      name: 'customisation share of implementation',
      value: 121 / 600,
      threshold: 0.2,
    });
  });

  test('is not raised before eight hours are logged', () => {
    const early = [worked('2026-03-02', 479), customised('2026-03-03', 200)];
    expect(given(...early).verdictsAt('2026-04-01', 'P2.2')).toEqual([]);
    const eighth = worked('2026-03-04', 1);
    expect(given(...early, eighth).flagAt('2026-04-01', 'P2.2').openedBy.eventId).toBe(eighth.eventId);
  });

  test.each([
    [210, 'medium'],
    [211, 'high'],
  ])('%i of 600 minutes are %s', (minutes, severity) => {
    expect(given(tenHours, customised('2026-03-03', minutes)).flagAt('2026-04-01', 'P2.2').severity).toBe(severity);
  });

  test('keeps the severity of its highest share after the share falls', () => {
    const fallen = given(tenHours, customised('2026-03-03', 240), worked('2026-03-10', 300));
    expect(fallen.flagAt('2026-03-03', 'P2.2').severity).toBe('high');
    expect(fallen.flagAt('2026-04-01', 'P2.2').severity).toBe('high');
  });

  test('becomes more severe as the share rises', () => {
    const rising = given(tenHours, customised('2026-03-03', 150), customised('2026-03-05', 100));
    expect(rising.flagAt('2026-03-04', 'P2.2').severity).toBe('medium');
    expect(rising.flagAt('2026-03-05', 'P2.2')).toMatchObject({
      severity: 'high',
      raisedAt: '2026-03-03T00:00:00.000Z',
    });
  });

  test('only implementation work and customisation count', () => {
    const other = given(tenHours, worked('2026-03-03', 600, 'presales'), customised('2026-03-04', 121));
    expect(other.flagsAt('2026-04-01', 'P2.2')).toHaveLength(1);
  });

  test('clears at go-live if the share is at most 15 %', () => {
    const live = goLive('2026-03-20');
    const raised = [tenHours, customised('2026-03-03', 150)];
    const atLimit = given(...raised, worked('2026-03-10', 400), live);
    expect(atLimit.flagAt('2026-04-01', 'P2.2').cleared).toMatchObject({ at: live.occurredAt, eventId: live.eventId });
    const above = given(...raised, worked('2026-03-10', 399), live);
    expect(above.flagAt('2026-04-01', 'P2.2').cleared).toBeUndefined();
    const afterwards = worked('2026-03-25', 1);
    expect(above.and(afterwards).flagAt('2026-04-01', 'P2.2').cleared?.eventId).toBe(afterwards.eventId);
  });

  test('does not clear before go-live', () => {
    const fallen = given(tenHours, customised('2026-03-03', 150), worked('2026-03-10', 4000));
    expect(fallen.flagAt('2026-04-01', 'P2.2').cleared).toBeUndefined();
  });

  test('opens again, as another episode', () => {
    const again = customised('2026-03-25', 100);
    const flags = given(
      tenHours,
      customised('2026-03-03', 150),
      worked('2026-03-10', 400),
      goLive('2026-03-20'),
      again,
    ).flagsAt('2026-04-01', 'P2.2');
    expect(flags.map((flag) => [flag.raisedAt, flag.cleared?.at])).toEqual([
      ['2026-03-03T00:00:00.000Z', '2026-03-20T00:00:00.000Z'],
      [again.occurredAt, undefined],
    ]);
  });

  test('work that is logged at one instant counts together', () => {
    const together = given(
      customised('2026-03-02', 121),
      worked('2026-03-02', 600),
      worked('2026-03-02T00:00:00.000Z', 300, 'implementation'),
    );
    expect(together.verdictsAt('2026-04-01', 'P2.2')).toEqual([]);
  });

  test('work that is recorded late withdraws it', () => {
    const raised = given(tenHours, customised('2026-03-03', 121));
    expect(raised.and(worked('2026-03-01', 60)).verdictsAt('2026-04-01', 'P2.2')).toEqual([]);
  });

  test('a policy changes its thresholds', () => {
    const lenient = policyPublished({ thresholds: { 'P2.2': { medium: 0.5, high: 0.8 } } });
    expect(given(tenHours, customised('2026-03-03', 300), lenient).verdictsAt('2026-04-01', 'P2.2')).toEqual([]);
    expect(given(tenHours, customised('2026-03-03', 301), lenient).flagAt('2026-04-01', 'P2.2').severity).toBe(
      'medium',
    );
  });

  test('a policy with invalid thresholds leaves the defaults', () => {
    const impossible = policyPublished({ thresholds: { 'P2.2': { medium: true } } });
    const broken = given(tenHours, customised('2026-03-03', 121), impossible);
    expect(broken.flagAt('2026-04-01', 'P2.2').severity).toBe('medium');
  });
});

describe('P2.2, where custom work became part of the offer', () => {
  const sold = [
    offerPublished('2026-01-01', { version: 1, features: ['sso'] }),
    proposed('2026-02-01', { offerId }),
    worked('2026-03-02', 600),
  ];
  const archive = recorded(
    'DeviationRecorded',
    { kind: 'customisation', minutes: 121, feature: 'archive' },
    { at: '2026-03-03' },
  );
  const next = (at: string, ...features: readonly string[]) =>
    offerPublished(at, { version: 2, features: [...features] });

  test('before it was done, the work counts for nothing', () => {
    expect(given(...sold, archive, next('2026-03-01', 'archive')).verdictsAt('2026-04-01', 'P2.2')).toEqual([]);
    expect(given(...sold, archive, next('2026-03-01', 'sso')).flagsAt('2026-04-01', 'P2.2')).toHaveLength(1);
  });

  test('afterwards, the flag clears with the publication, before or after the go-live', () => {
    const version = next('2026-03-10', 'archive');
    const promoted = given(...sold, archive, version);
    expect(promoted.flagAt('2026-03-09', 'P2.2').cleared).toBeUndefined();
    const cleared = { at: version.occurredAt, eventId: version.eventId, reason: 'promotedIntoOffer' };
    expect(promoted.flagAt('2026-04-01', 'P2.2').cleared).toEqual(cleared);
    expect(promoted.and(goLive('2026-03-05')).flagAt('2026-04-01', 'P2.2').cleared).toEqual(cleared);
  });

  test('work that the version does not take in counts on', () => {
    const version = next('2026-03-10', 'archive');
    expect(
      given(...sold, archive, customised('2026-03-04', 91), version).flagAt('2026-04-01', 'P2.2').cleared,
    ).toBeUndefined();
    const most = given(...sold, archive, customised('2026-03-04', 90), version);
    expect(most.flagAt('2026-04-01', 'P2.2').cleared?.eventId).toBe(version.eventId);
    expect(most.and(customised('2026-03-12', 31)).flagsAt('2026-04-01', 'P2.2')).toHaveLength(2);
  });

  test('a version without a number that the offer had when it was proposed takes nothing in', () => {
    const republished = offerPublished('2026-01-15', { version: 2, features: ['archive'] });
    expect(given(...sold, archive, republished).flagsAt('2026-04-01', 'P2.2')).toHaveLength(1);
  });

  test('a policy skips the first deliveries of an offer', () => {
    const learning = policyPublished({ thresholds: { 'P2.2': { learningDays: 60 } } });
    const early = deliveryStarted('2026-03-01T23:59', 'template:1');
    expect(given(...sold, archive, learning, early).verdictsAt('2026-04-01', 'P2.2')).toEqual([]);
    expect(given(...sold, archive, learning, deliveryStarted('2026-03-02')).flagsAt('2026-04-01', 'P2.2')).toHaveLength(
      1,
    );
    expect(given(...sold, archive, early).flagsAt('2026-04-01', 'P2.2')).toHaveLength(1);
  });

  test('a delivery that the policy skips hides no later one', () => {
    const learning = policyPublished({ thresholds: { 'P2.2': { learningDays: 60 } } });
    const second = [deliveryStarted('2026-06-01', 'template:1'), customised('2026-06-10', 60)];
    const flags = given(
      ...[...sold, archive, learning, deliveryStarted('2026-03-01T23:59', 'template:1')],
      ...[goLive('2026-03-20'), ...second],
    ).flagsAt('2026-07-01', 'P2.2');
    expect(flags.map(({ raisedAt }) => raisedAt)).toEqual(['2026-06-10T00:00:00.000Z']);
  });
});

// Which verdicts hold at an engagement's end, near a renewal and under a policy, and when do they next change?
import { describe, expect, test } from 'vitest';
import { ruleOf, rules, thresholdsSchema } from '../../../domain/patterns/catalog.ts';
import {
  deliveryStarted,
  ended,
  goLive,
  handoffAccepted,
  handoffOffered,
  incompleteHandoffOffered,
  lost,
  opened,
  policyPublished,
  renewed,
  reported,
  routeAgreed,
  subscribed,
  subscriptionId,
  won,
} from '../../support/histories/engagementFacts.ts';
import { recorded } from '../../support/histories/events.ts';
import { given } from '../../support/histories/given.ts';

describe('once the engagement has ended', () => {
  const running = given(opened('2026-01-01'), won('2026-02-02'), deliveryStarted('2026-02-10', 'template:1'));

  test('a lost deal clears open flags as moot, at the end, and arms nothing', () => {
    const over = running.and(lost('2026-02-20'));
    expect(over.flagAt('2026-06-01', 'P3.1').cleared).toEqual({
      at: '2026-02-20T00:00:00.000Z',
      eventId: undefined,
      reason: 'closedMoot',
    });
    expect(over.verdictsAt('2026-06-01').every((verdict) => verdict.state === 'raised')).toBe(true);
  });

  test('the end of its last subscription clears open flags as realised, when it takes effect', () => {
    const announced = ended('2026-03-01', { effectiveAt: '2026-04-01T00:00:00.000Z' });
    const churned = running.and(subscribed('2026-02-05'), announced);
    expect(churned.flagAt('2026-03-31', 'P3.1').cleared).toBeUndefined();
    expect(churned.flagAt('2026-06-01', 'P3.1').cleared).toEqual({
      at: '2026-04-01T00:00:00.000Z',
      eventId: undefined,
      reason: 'closedRealised',
    });
  });

  test('later events raise no flag and clear none', () => {
    const over = given(goLive('2026-01-01'), subscribed('2026-01-01'), ended('2026-04-01'));
    expect(over.flagsAt('2026-12-01', 'P4.1')).toEqual([]);
    const flagged = running.and(lost('2026-02-20'), handoffAccepted('2026-03-01'));
    expect(flagged.flagAt('2026-06-01', 'P3.1').cleared?.reason).toBe('closedMoot');
  });

  test('a flag that had cleared before stays cleared by its own event', () => {
    const over = running.and(handoffAccepted('2026-02-15'), lost('2026-02-20'));
    expect(over.flagAt('2026-06-01', 'P3.1').cleared?.reason).toBe('acceptedLate');
  });
});

describe('once an ended engagement goes on', () => {
  const again = given(
    won('2026-01-05'),
    deliveryStarted('2026-01-10', 'template:1'),
    goLive('2026-01-20'),
    subscribed('2026-01-05'),
    ended('2026-04-01'),
    subscribed('2026-09-01', { subscription: 'sub_2' }),
    deliveryStarted('2026-09-10'),
  );

  test('flags that its end cleared stay cleared, and the time between raises none', () => {
    const before = again.flagsAt('2026-08-31', 'P3.1');
    expect(before).toMatchObject([{ cleared: { at: '2026-04-01T00:00:00.000Z', reason: 'closedRealised' } }]);
    for (const now of ['2026-09-01', '2026-12-01']) {
      expect(again.flagsAt(now, 'P3.1'), now).toEqual(before);
      expect(again.flagsAt(now, 'P4.1'), now).toEqual(again.flagsAt('2026-08-31', 'P4.1'));
    }
  });

  test('new episodes are judged, and end with its next end', () => {
    const offered = again.and(incompleteHandoffOffered('2026-09-12'));
    expect(offered.flagAt('2026-10-01', 'P3.4').cleared).toBeUndefined();
    const over = offered.and(ended('2026-11-01', { subscriptionId: 'sub_2' }));
    expect(over.verdictsAt('2027-03-01').every((verdict) => verdict.state === 'raised' && verdict.cleared)).toBe(true);
    expect(over.flagAt('2027-03-01', 'P3.4').cleared?.at).toBe('2026-11-01T00:00:00.000Z');
    expect(over.flagsAt('2027-03-01', 'P3.1')).toEqual(again.flagsAt('2026-08-31', 'P3.1'));
  });
});

describe('severity', () => {
  const renewable = given(
    won('2025-05-01'),
    handoffOffered('2025-05-02'),
    deliveryStarted('2025-05-05', 'template:1'),
    subscribed('2025-06-01', { to: '2026-06-01' }),
  );

  test.each([
    ['2026-03-02T23:59:59.999Z', 'high'],
    ['2026-03-03', 'critical'],
    ['2026-05-31T23:59:59.999Z', 'critical'],
    ['2026-06-01', 'critical'],
    ['2027-06-01', 'critical'],
  ])('at %s, with a term that ends on 2026-06-01, is %s', (now, severity) => {
    expect(renewable.flagAt(now, 'P3.1').severity).toBe(severity);
  });

  test('falls again once the term is decided', () => {
    const decided = renewable.and(renewed('2026-04-01', { from: '2026-06-01', to: '2027-06-01' }));
    expect(decided.flagAt('2026-04-02', 'P3.1').severity).toBe('high');
  });

  test('of a cleared flag stays as it was when the flag cleared', () => {
    const near = renewable.and(handoffAccepted('2026-05-01'));
    expect(near.flagAt('2027-01-01', 'P3.1').severity).toBe('critical');
    const decided = near.and(renewed('2026-05-20', { from: '2026-06-01', to: '2027-06-01' }));
    expect(decided.flagAt('2027-01-01', 'P3.1').severity).toBe('critical');
    const far = renewable.and(handoffAccepted('2025-06-15'));
    expect(far.flagAt('2026-05-01', 'P3.1').severity).toBe('high');
  });

  test.each([
    ['an end', ended('2026-05-20')],
    ['a renewal that a moment later is answered', renewed('2026-06-20', { from: '2026-06-01', to: '2027-06-01' })],
  ])('of a flag is that of just before %s', (_, decision) => {
    const answered = renewable.and(decision, handoffAccepted(decision.occurredAt));
    expect(answered.flagAt('2027-01-01', 'P3.1')).toMatchObject({
      severity: 'critical',
      cleared: { at: decision.occurredAt },
    });
  });

  test('does not rise for terms that renew month by month', () => {
    const monthly = given(won('2026-02-02'), subscribed('2026-02-02', { to: '2026-03-02' }));
    expect(monthly.flagAt('2026-02-20', 'P1.1').severity).toBe('medium');
  });
});

describe('the catalog', () => {
  test('lists these rules, in order', () => {
    const first = ['P1.1', 'P1.3', 'P2.1', 'P2.2', 'P3.1', 'P3.2', 'P3.4', 'P4.1', 'P4.4', 'P5.1', 'P5.3', 'P5.5'];
    expect(rules.map(({ id }) => id).filter((id) => first.includes(id))).toEqual(first);
    expect(ruleOf('P4.1')).toMatchObject({ pattern: 'noEvidenceOfValue' });
    expect(ruleOf('P9.9')).toBeUndefined();
  });

  test('gives each rule an id of its own', () => {
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
  });

  test.each([
    [{}, true],
    [{ 'P1.3': { days: 30 }, 'P5.5': { co_sell: 90 } }, true],
    [{ 'P1.3': {} }, true],
    [{ 'P9.9': { days: 30 } }, false],
    [{ 'P1.3': { hours: 30 } }, false],
    [{ 'P1.3': { days: -1 } }, false],
    [{ 'P1.3': { days: true } }, false],
  ])('takes thresholds %j: %s', (thresholds, taken) => {
    expect(thresholdsSchema().safeParse(thresholds).success).toBe(taken);
  });

  test('applies a policy only to what is armed from its date on', () => {
    const monthly = policyPublished({ thresholds: { 'P4.1': { days: 31 } } }, { from: '2026-03-01' });
    const live = given(goLive('2026-01-01'), monthly);
    expect(live.nextDueAt('2026-02-20')).toBe('2026-03-01T00:00:00.000Z');
    for (const now of ['2026-02-20', '2026-03-01'])
      expect(live.verdictsAt(now, 'P4.1')).toMatchObject([{ state: 'armed', dueAt: '2026-04-11T00:00:00.000Z' }]);
    expect(live.and(reported('2026-03-05', 'business_impact')).verdictsAt('2026-03-06', 'P4.1')).toMatchObject([
      { state: 'armed', dueAt: '2026-04-05T00:00:00.000Z' },
    ]);
  });
});

describe('when a verdict next changes', () => {
  test.each([
    ['the win’s tolerance', '2026-01-05T00:00', '2026-01-05T00:05:00.000Z'],
    ['the tolerance after the handoff was due', '2026-01-05T00:05', '2026-01-12T00:05:00.000Z'],
    ['the order stalls', '2026-01-12T00:05', '2026-02-04T00:05:00.000Z'],
    ['the subscription starts', '2026-02-04T00:05', '2026-02-06T00:00:00.000Z'],
    ['it stalls badly', '2026-02-06', '2026-03-06T00:00:00.000Z'],
    ['the change takes effect', '2026-03-06', '2026-03-20T00:00:00.000Z'],
    ['the tolerance after use was due', '2026-03-20', '2026-03-23T00:05:00.000Z'],
    ['the tolerance after more than a licence was due', '2026-03-23T00:05', '2026-05-07T00:05:00.000Z'],
    ['the renewal is near', '2026-05-07T00:05', '2026-05-08T00:00:00.000Z'],
    ['Renew opens', '2026-05-08', '2026-06-21T18:00:00.000Z'],
    ['the tolerance after the case for the renewal was due', '2026-06-21T18:00', '2026-06-21T18:05:00.000Z'],
    ['the tolerance after the handoff to Renew was due', '2026-06-21T18:05', '2026-06-29T00:05:00.000Z'],
    ['the tolerance after two months were to be measured', '2026-06-29T00:05', '2026-08-04T00:05:00.000Z'],
    ['the tolerance after the decision was due', '2026-08-04T00:05', '2026-08-06T00:05:00.000Z'],
    ['nothing more: the end of the term makes nothing milder', '2026-08-06T00:05', undefined],
  ])('is the instant that it names: %s', (_what, now, next) => {
    const history = given(
      routeAgreed('2026-01-01'),
      won('2026-01-05'),
      subscribed('2026-02-06', { to: '2026-08-06' }),
      recorded(
        'SubscriptionChanged',
        { subscriptionId, quantity: 4, effectiveAt: '2026-03-20T00:00:00.000Z' },
        { at: '2026-02-06' },
      ),
    );
    expect(history.nextDueAt(now)).toBe(next);
  });

  test('is the instant of a fact that is dated ahead', () => {
    const history = given(goLive('2026-01-01'), reported('2026-02-01'));
    expect(history.nextDueAt('2026-01-15')).toBe('2026-02-01T00:00:00.000Z');
    expect(history.nextDueAt('2026-02-02')).toBe('2026-05-12T00:05:00.000Z');
    expect(history.nextDueAt('2026-05-12T00:05')).toBeUndefined();
  });
});

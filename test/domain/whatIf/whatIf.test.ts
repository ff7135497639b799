// What would other thresholds have changed: flags added, removed, earlier, later, and days of warning before each loss?
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultPolicy } from '../../../domain/context/policy.ts';
import { contextWith, type Thresholds, whatIf } from '../../../domain/whatIf/whatIf.ts';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { parseStreamId } from '../../../events/identifiers.ts';
import {
  ended,
  goLive,
  lost,
  opened,
  policyPublished,
  reopened,
  reported,
  subscribed,
} from '../../support/histories/engagementFacts.ts';
import { instant, recorded, tenantId } from '../../support/histories/events.ts';
import { given } from '../../support/histories/given.ts';
import { aHistory } from '../../support/histories/randomHistories.ts';

const window = { from: instant('2025-01-01'), to: instant('2027-01-01') };

const asked = (events: readonly RecordedEvent[], set: Thresholds, now = '2027-06-01', asked = window) => {
  const story = given(...events);
  const own = story.events.filter(({ streamId }) => parseStreamId(streamId).kind === 'engagement');
  const { context } = story.viewAt(now);
  return whatIf({ source: { events: own, context, now: instant(now) }, set, window: asked });
};

/** Live on March 1st, reported late: P4.1 is raised 100 days after by default. */
const silent = [opened('2026-01-01'), subscribed('2026-01-01', { to: '2027-01-01' }), goLive('2026-03-01')];
const of = (rule: string) => (shift: { readonly rule: string }) => shift.rule === rule;

describe('flags', () => {
  test('come earlier under a shorter threshold, and later under a longer one', () => {
    const shift = (days: number) => asked(silent, { 'P4.1': { days } }).shifts.filter(of('P4.1'));
    expect(shift(30)).toMatchObject([
      { change: 'earlier', raisedAt: '2026-06-09T00:05:00.000Z', wouldBeRaisedAt: '2026-03-31T00:05:00.000Z' },
    ]);
    expect(shift(120)).toMatchObject([{ change: 'later', wouldBeRaisedAt: '2026-06-29T00:05:00.000Z' }]);
    expect(shift(100)).toEqual([]);
  });

  test('are added, or go', () => {
    const answered = [...silent, reported('2026-05-01'), ended('2026-06-01')];
    expect(asked(answered, { 'P4.1': { days: 30 } }).shifts.filter(of('P4.1'))).toMatchObject([
      { change: 'added', raisedAt: null, wouldBeRaisedAt: '2026-03-31T00:05:00.000Z' },
      { change: 'added', raisedAt: null, wouldBeRaisedAt: '2026-05-31T00:05:00.000Z' },
    ]);
    const stillSilent = [...silent, reported('2026-07-01'), ended('2026-08-01')];
    expect(asked(stillSilent, { 'P4.1': { days: 200 } }).shifts.filter(of('P4.1'))).toMatchObject([
      { change: 'removed', raisedAt: '2026-06-09T00:05:00.000Z', wouldBeRaisedAt: null },
    ]);
  });

  test('outside the window are not asked about', () => {
    const before = { from: instant('2025-01-01'), to: instant('2026-03-31') };
    expect(asked(silent, { 'P4.1': { days: 30 } }, '2027-06-01', before).shifts.filter(of('P4.1'))).toEqual([]);
    const until = { ...before, to: instant('2026-04-01') };
    expect(asked(silent, { 'P4.1': { days: 30 } }, '2027-06-01', until).shifts.filter(of('P4.1'))).toHaveLength(1);
  });

  test('stay as they are where nothing is set, whatever policies followed one another', () => {
    fc.assert(
      fc.property(aHistory, (events) => {
        if (!events.some(({ streamId }) => parseStreamId(streamId).kind === 'engagement')) return;
        const { shifts, losses, tallies } = asked(events, {});
        expect(shifts).toEqual([]);
        expect(tallies.wouldBe).toEqual(tallies.is);
        for (const { warningDays, wouldBeWarningDays } of losses) expect(wouldBeWarningDays).toBe(warningDays);
      }),
      { numRuns: 60 },
    );
  });
});

describe('a loss', () => {
  const found = (events: readonly RecordedEvent[]) =>
    asked(events, {}).losses.map(({ kind, at }) => [kind, at.slice(0, 10)]);

  test('is the end of the anchor subscription, with the warning before it as it was and as it would have been', () => {
    const [loss] = asked([...silent, ended('2026-08-01')], { 'P4.1': { days: 30 } }).losses;
    expect(loss).toMatchObject({ kind: 'anchorEnded', at: instant('2026-08-01') });
    expect(loss?.warningDays).toBeGreaterThanOrEqual(52);
    expect(loss?.wouldBeWarningDays).toBeGreaterThanOrEqual(122);
    expect(found([...silent, ended('2026-08-01', { effectiveAt: instant('2027-07-01') })])).toEqual([]);
    expect(found([...silent, ended('2026-08-01', { reason: 'merged' })])).toEqual([]);
    expect(found([...silent, ended('2026-08-01', { reason: 'closed_business' })])).toHaveLength(1);
  });

  test('is a lost deal for the rules of P5 alone, and none where the deal was opened again', () => {
    const rejected = [opened('2026-01-01'), lost('2026-02-01')];
    const { losses, tallies } = asked(rejected, {});
    expect(losses).toMatchObject([{ kind: 'dealLost', warningDays: null }]);
    expect(Object.keys(tallies.is).every((rule) => rule.startsWith('P5.'))).toBe(true);
    expect(tallies.is['P5.1']).toMatchObject({ losses: 1, foreseen: 0 });
    expect(asked([...rejected, reopened('2026-03-01')], {}).losses).toEqual([]);
  });

  const term = (amountMinor: number, from: string) => ({
    ...{ subscriptionId: 's1', price: { amountMinor, currency: 'EUR' }, billingPeriod: 'P1Y' as const },
    ...{ termStart: instant(from), termEnd: instant(`${Number(from.slice(0, 4)) + 1}${from.slice(4)}`) },
  });
  const sold = recorded(
    'SubscriptionStarted',
    { ...term(10_000, '2025-01-01'), kind: 'base_licence' },
    { at: '2025-01-01' },
  );
  const renewedAt = (at: string, amountMinor: number) =>
    recorded('SubscriptionRenewed', term(amountMinor, '2026-01-01'), { at });
  test.each([
    [8001, []],
    [8000, [['arrFell', '2026-01-01']]],
    [0, [['arrFell', '2026-01-01']]],
    [12000, []],
  ])('is revenue that falls to %s of 10000 at a renewal', (to, expected) => {
    expect(found([sold, renewedAt('2026-01-01', to)])).toEqual(expected);
    expect(found([sold, renewedAt('2025-12-01', to)])).toEqual(expected);
    expect(found([sold, renewedAt('2026-02-01', to)])).toEqual(expected.map(([kind]) => [kind, '2026-02-01']));
  });
});

test('thresholds that are set leave the others, and the policy that is in force, as they are', () => {
  const { context } = given(
    policyPublished({ thresholds: { 'P1.3': { days: 10 }, 'P4.1': { days: 31 } } }),
    opened('2026-01-01'),
  ).viewAt('2026-06-01');
  const other = contextWith(context, { 'P4.1': { days: 7 } });
  expect(other.policy.thresholds).toEqual({ 'P1.3': { days: 10 }, 'P4.1': { days: 7 } });
  expect(context.policy.thresholds['P4.1']).toEqual({ days: 31 });
  expect(other.tenantId).toBe(tenantId);
  expect(defaultPolicy.thresholds).toEqual({});
});

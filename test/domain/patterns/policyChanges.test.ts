// Does every verdict keep the policy under which it was opened, whatever policies come, change or go later?
import { describe, expect, test } from 'vitest';
import type { RecordedEvent } from '../../../events/catalog.ts';
import {
  customised,
  goLive,
  handoffOffered,
  opened,
  policyPublished,
  reported,
  retracted,
  routeAgreed,
  won,
  worked,
} from '../../support/histories/engagementFacts.ts';
import { recorded } from '../../support/histories/events.ts';
import { given } from '../../support/histories/given.ts';

const reportDays = (days: number, from: string, version: number) =>
  policyPublished({ thresholds: { 'P4.1': { days } } }, { from, version });

const life = [
  opened('2025-01-24T09:00'),
  won('2025-02-03T09:00'),
  goLive('2025-03-15T09:00'),
  reported('2025-05-04T09:00', 'business_impact'),
];

/** The flags of P4.1 as people read them: when raised, when cleared, by which policy. */
const shown = (now: string, ...events: readonly RecordedEvent[]) =>
  given(...life, ...events)
    .flagsAt(now, 'P4.1')
    .map(({ raisedAt, cleared, policy }) => [raisedAt, cleared?.at, policy.version]);

const first = ['2025-04-15T09:05:00.000Z', '2025-05-04T09:00:00.000Z', 1];
const second = ['2025-06-04T09:05:00.000Z', undefined, 1];

describe('a policy that comes later', () => {
  const policies = [reportDays(31, '2024-01-01', 1), reportDays(100, '2025-06-01', 2)];

  test('erases no flag that was raised and cleared before it, and a running timer keeps its own', () => {
    for (const arrived of [policies, policies.toReversed()]) {
      expect(shown('2025-05-31', ...arrived)).toEqual([first]);
      expect(shown('2025-12-01', ...arrived)).toEqual([first, second]);
    }
  });

  test('was not there on an earlier date', () => {
    expect(shown('2025-04-20', ...policies)).toEqual([['2025-04-15T09:05:00.000Z', undefined, 1]]);
  });

  test('between arming and due changes no due instant, neither to later nor to earlier', () => {
    const between = given(...life.slice(0, 3), reportDays(31, '2024-01-01', 1), reportDays(10, '2025-04-01', 2));
    expect(between.verdictsAt('2025-04-10', 'P4.1')).toMatchObject([
      { state: 'armed', dueAt: '2025-04-15T09:00:00.000Z', policy: { version: 1 } },
    ]);
    expect(between.flagAt('2025-04-16', 'P4.1')).toMatchObject({ raisedAt: first[0], policy: { version: 1 } });
  });

  test('judges what is armed from its start on', () => {
    const later = [reportDays(31, '2024-01-01', 1), reportDays(100, '2025-05-04', 2)];
    expect(shown('2025-12-01', ...later)).toEqual([first, ['2025-08-12T09:05:00.000Z', undefined, 2]]);
  });
});

test('of two changes, each episode keeps the policy of its own time', () => {
  const policies = [
    reportDays(31, '2024-01-01', 1),
    reportDays(60, '2025-05-01', 2),
    reportDays(200, '2025-06-15', 3),
    reported('2025-07-20T09:00', 'business_impact'),
  ];
  expect(shown('2026-06-01', ...policies)).toEqual([
    first,
    ['2025-07-03T09:05:00.000Z', '2025-07-20T09:00:00.000Z', 2],
    ['2026-02-05T09:05:00.000Z', undefined, 3],
  ]);
});

test('a policy that is retracted never held', () => {
  const wrong = reportDays(100, '2025-05-01', 2);
  const taken = { ...retracted('2025-05-20', wrong), streamId: wrong.streamId };
  expect(shown('2025-12-01', reportDays(31, '2024-01-01', 1), wrong, taken)).toEqual([first, second]);
});

test('a policy that is dated back holds from its date, also for dates before it was published', () => {
  const back = recorded(
    'PolicyPublished',
    { policyVersion: 2, effectiveFrom: '2025-05-01T00:00:00.000Z', thresholds: { 'P4.1': { days: 100 } } },
    { at: '2026-01-10', stream: reportDays(1, '2024-01-01', 1).streamId },
  );
  const policies = [reportDays(31, '2024-01-01', 1), back];
  expect(shown('2025-06-10', ...policies)).toEqual([first]);
  expect(shown('2026-06-01', ...policies)).toEqual([first, ['2025-08-12T09:05:00.000Z', undefined, 2]]);
});

test('a version that is in force before a lower one leaves the lower one no time', () => {
  const policies = [reportDays(31, '2025-02-01', 2), reportDays(100, '2025-03-01', 1)];
  expect(shown('2025-05-01', ...policies)).toEqual([['2025-04-15T09:05:00.000Z', undefined, 2]]);
});

describe('what waits for nothing', () => {
  const share = (medium: number, clear: number, from: string, version: number) =>
    policyPublished({ thresholds: { 'P2.2': { medium, clear } } }, { from, version });
  const work = [worked('2025-02-10', 1000), customised('2025-02-20', 300)];
  const strict = share(0.2, 0.1, '2025-04-01', 2);

  test('is raised by a stricter policy from its start on, if it holds by then', () => {
    const story = given(...life, share(0.4, 0.3, '2024-01-01', 1), strict, ...work);
    expect(story.flagsAt('2025-03-31', 'P2.2')).toEqual([]);
    expect(story.flagAt('2025-04-01', 'P2.2')).toMatchObject({
      ...{ raisedAt: '2025-04-01T00:00:00.000Z', openedBy: { eventId: work[1]?.eventId }, policy: { version: 2 } },
    });
    expect(story.nextDueAt('2025-03-31T12:00')).toBe('2025-04-01T00:00:00.000Z');
  });

  test('that was over before a stricter policy came is not raised by it', () => {
    const over = [...work, worked('2025-03-10', 4000)];
    expect(given(...life, share(0.4, 0.3, '2024-01-01', 1), strict, ...over).flagsAt('2026-01-01', 'P2.2')).toEqual([]);
  });

  test('that is open stays one flag under a milder policy, with the line at which it clears', () => {
    const mild = share(0.29, 0.25, '2025-04-01', 2);
    const story = given(...life, share(0.2, 0.1, '2024-01-01', 1), mild, ...work, customised('2025-04-10', 20));
    expect(story.flagAt('2025-06-01', 'P2.2')).toMatchObject({ raisedAt: work[1]?.occurredAt, policy: { version: 1 } });
    const mended = story.and(worked('2025-07-01', 400));
    expect(mended.flagAt('2025-08-01', 'P2.2').cleared).toBeUndefined();
    expect(mended.and(worked('2025-08-02', 4000)).flagAt('2025-09-01', 'P2.2').cleared).toBeDefined();
  });

  test('and holds for a stricter policy still when the flag of the one before clears goes on as the next flag', () => {
    const stricter = share(0.2, 0.05, '2025-04-01', 2);
    const customisedMore = customised('2025-03-01', 200);
    const mended = worked('2025-05-01', 1500);
    const story = given(...life, share(0.4, 0.3, '2024-01-01', 1), stricter, ...work, customisedMore, mended);
    expect(story.flagsAt('2025-06-01', 'P2.2')).toMatchObject([
      { raisedAt: customisedMore.occurredAt, cleared: { at: mended.occurredAt }, policy: { version: 1 } },
      { raisedAt: mended.occurredAt, cleared: undefined, policy: { version: 2 } },
    ]);
  });

  test('is the same under a policy that says nothing of it', () => {
    const other = policyPublished({ thresholds: { 'P1.3': { days: 3 } } }, { from: '2025-04-01', version: 2 });
    const story = given(...life, share(0.2, 0.1, '2024-01-01', 1), ...work);
    expect(story.and(other).flagsAt('2025-06-01', 'P2.2')).toEqual(story.flagsAt('2025-06-01', 'P2.2'));
  });
});

test('a handoff that a later policy requires is needed only from then on', () => {
  const required = policyPublished(
    { handoffs: [{ fromStages: ['sell'], toStage: 'deliver', withinBusinessDays: 1 }] },
    { from: '2025-02-05', version: 1 },
  );
  const story = given(opened('2025-01-24T09:00'), won('2025-02-03T09:00'), required, routeAgreed('2025-01-30'));
  expect(story.verdictsAt('2025-02-07', 'P3.2')).toMatchObject([{ state: 'armed', dueAt: '2025-02-10T09:00:00.000Z' }]);
  expect(story.and(handoffOffered('2025-02-10')).flagsAt('2025-03-01', 'P3.2')).toEqual([]);
});

test.each([
  [30, 0, 0],
  [0, 30, 1],
])('a flag keeps the days of its own policy for late words: %i, then %i', (before, after, flags) => {
  const late = (lateClaimAfter: number, from: string, version: number) =>
    policyPublished({ lateClaimAfter }, { from, version });
  const claim = recorded(
    'OutcomeAgreed',
    { outcomeId: 'o' },
    { at: '2025-01-28', recordedAt: '2025-02-20', saidBy: { role: 'partner', partyId: 'p1' } },
  );
  const policies = [late(before, '2024-01-01', 1), late(after, '2025-02-15', 2)];
  expect(given(...life.slice(0, 2), ...policies, claim).flagsAt('2025-03-10', 'P1.1')).toHaveLength(flags);
});

describe('one subject whose timer runs, or whose flag is open, while policies change (P4.6)', () => {
  const sent = (at: string, reportId: string) =>
    recorded('ValueReported', { reportId, sections: ['business_impact', 'adoption'], outcomeIds: [] }, { at });
  const readDays = (days: number, from: string, version: number) =>
    policyPublished({ thresholds: { 'P4.6': { days } } }, { from, version });
  const reports = [
    ...[won('2025-01-28T09:00'), sent('2025-04-21T09:00', 'r0'), sent('2025-05-11T09:00', 'r1')],
    ...[recorded('ReportAcknowledged', { reportId: 'r0' }, { at: '2025-05-12T09:00' }), sent('2025-05-31T09:00', 'r2')],
  ];
  const flags = (now: string, ...policies: readonly RecordedEvent[]) =>
    given(...reports, ...policies)
      .flagsAt(now, 'P4.6')
      .map(({ raisedAt, cleared, policy }) => [raisedAt, cleared?.at, policy.version]);

  test('the open flag of the earlier policy is the only one', () => {
    const policies = [readDays(7, '2024-03-07', 1), readDays(21, '2025-05-31', 2)];
    expect(flags('2025-12-01', ...policies)).toEqual([['2025-05-18T09:05:00.000Z', undefined, 1]]);
  });

  test('the running timer of the earlier policy keeps its due instant, and is the only one', () => {
    const policies = [readDays(30, '2024-03-07', 1), readDays(7, '2025-06-01', 2)];
    const more = [...policies, sent('2025-06-05T09:00', 'r3')];
    expect(flags('2025-06-29', ...more)).toEqual([]);
    expect(flags('2025-12-01', ...more)).toEqual([['2025-06-30T09:05:00.000Z', undefined, 1]]);
  });

  test('what a policy would have opened before it held hides nothing', () => {
    expect(flags('2025-06-07T09:04', readDays(7, '2025-05-31', 1))).toEqual([]);
    expect(flags('2025-06-08', readDays(7, '2025-05-31', 1))).toEqual([['2025-06-07T09:05:00.000Z', undefined, 1]]);
  });
});

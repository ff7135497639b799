// Is P1.2 (low adoption) raised by two months of little use, and cleared by two of enough, with all that excuses little use?
import { describe, expect, test } from 'vitest';
import { plannedUnitsAt, rampsOf } from '../../../domain/engagement/value/rollOut.ts';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { addDays } from '../../../events/instant.ts';
import { rampDeclared, usedIn, usedUntil } from '../../support/histories/adoptionFacts.ts';
import {
  ended,
  goLive,
  opened,
  policyPublished,
  renewed,
  subscribed,
  subscriptionId,
} from '../../support/histories/engagementFacts.ts';
import { instant, recorded } from '../../support/histories/events.ts';
import { given } from '../../support/histories/given.ts';

const start = subscribed('2026-01-01');
const live = goLive('2026-01-15');
/** Go-live + 60 days is 16 March: April is the first full month. */
const base = given(start, live);
const of = (...shares: readonly (number | undefined)[]): readonly RecordedEvent[] =>
  shares.flatMap((share, index) =>
    share === undefined ? [] : [usedIn(`2026-${String(index + 4).padStart(2, '0')}`, share)],
  );

/** The flag of April and May. */
const raised = '2026-06-04T00:05:00.000Z';

describe('P1.2 low adoption', () => {
  test('is raised three days after the second full month below the line, and armed by its measurement until then', () => {
    const low = base.and(...of(70, 79));
    expect(low.verdictsAt('2026-06-01', 'P1.2')).toEqual([]);
    expect(low.verdictsAt('2026-06-04T00:04:59.999Z', 'P1.2')).toMatchObject([
      { state: 'armed', dueAt: '2026-06-04T00:00:00.000Z', subject: 'subscription:sub_1' },
    ]);
    const flag = low.flagAt('2026-06-04T00:05', 'P1.2');
    expect(flag).toMatchObject({ raisedAt: raised, severity: 'medium', pattern: 'toolsInsteadOfOutcomes' });
    expect(flag.evidence).toContainEqual(expect.objectContaining({ eventId: live.eventId, type: 'MilestoneReached' }));
    expect(flag.evidence).toContainEqual({ kind: 'value', name: 'adoption in 2026-04', value: 0.7, threshold: 0.8 });
    expect(flag.evidence).toContainEqual({ kind: 'value', name: 'adoption in 2026-05', value: 0.79, threshold: 0.8 });
    expect(low.nextDueAt('2026-06-02')).toBe(raised);
  });

  test.each([
    ['both months below half', [49, 30], 'high'],
    ['one month at half', [50, 10], 'medium'],
    ['one month at four fifths', [80, 10], undefined],
    ['a month alone', [10], undefined],
    ['a month between that was not measured', [10, undefined, 10], undefined],
    ['more use than was bought', [130, 120], undefined],
  ])('%s', (_, shares, severity) => {
    const flags = base.and(...of(...shares)).flagsAt('2026-12-01', 'P1.2');
    expect(flags.map((flag) => flag.severity)).toEqual(severity === undefined ? [] : [severity]);
  });

  test('months before 60 days of go-live do not count, nor before 90 of the start where no go-live is known', () => {
    const early = [usedIn('2026-03', 10), usedIn('2026-04', 10)];
    expect(base.and(...early).flagsAt('2026-05-10', 'P1.2')).toEqual([]);
    expect(given(start, goLive('2026-01-01'), usedIn('2026-02', 1), ...early).flagsAt('2026-05-05', 'P1.2')).toEqual(
      [],
    );
    expect(given(start, goLive('2025-12-31'), usedIn('2026-02', 1), ...early).flagsAt('2026-05-05', 'P1.2')).toEqual(
      [],
    );
    // 1 April is the 90th day after the start.
    expect(given(start, ...of(10, 10)).flagAt('2026-07-01', 'P1.2').raisedAt).toBe(raised);
    expect(given(subscribed('2026-01-02'), ...of(10, 10)).flagsAt('2026-07-01', 'P1.2')).toEqual([]);
  });

  test('is high while two months are below half, and medium again from 0.6 on', () => {
    const worse = base.and(...of(70, 70, 40, 40));
    expect(worse.flagAt('2026-08-04T00:04', 'P1.2').severity).toBe('medium');
    expect(worse.nextDueAt('2026-08-03')).toBe('2026-08-04T00:05:00.000Z');
    expect(worse.flagAt('2026-08-04T00:05', 'P1.2')).toMatchObject({ severity: 'high', raisedAt: raised });
    expect(base.and(...of(40, 40, 59, 60)).flagAt('2026-12-01', 'P1.2').severity).toBe('high');
    expect(base.and(...of(40, 40, 60, 60)).flagAt('2026-12-01', 'P1.2').severity).toBe('medium');
  });

  test('clears only after two months of 0.85', () => {
    expect(base.and(...of(70, 70, 84, 90)).flagAt('2026-12-01', 'P1.2').cleared).toBeUndefined();
    const enough = base.and(...of(70, 70, 85, 85));
    expect(enough.flagAt('2026-08-04T00:04', 'P1.2').cleared).toBeUndefined();
    expect(enough.flagAt('2026-08-04T00:05', 'P1.2').cleared).toMatchObject({
      ...{ at: '2026-08-04T00:05:00.000Z', reason: 'usedEnough' },
    });
    const again = base.and(...of(70, 70, 85, 85, 10, 10)).flagsAt('2026-12-01', 'P1.2');
    expect(again.map((flag) => [flag.severity, flag.cleared?.reason])).toEqual([
      ['medium', 'usedEnough'],
      ['high', undefined],
    ]);
  });

  test('a renewal changes nothing, and the end of the subscription closes it', () => {
    const low = base.and(...of(70, 70));
    expect(low.and(renewed('2026-07-01')).flagAt('2026-08-01', 'P1.2').cleared).toBeUndefined();
    const other = subscribed('2026-02-01', { subscription: 'sub_2' });
    const left = low.and(other, ended('2026-07-01', { reason: 'price' }));
    expect(left.flagAt('2026-08-01', 'P1.2').cleared).toMatchObject({ reason: 'closedRealised' });
    const merged = low.and(other, ended('2026-07-01', { reason: 'merged' }));
    expect(merged.flagAt('2026-08-01', 'P1.2').cleared).toMatchObject({ reason: 'closedMoot' });
    expect(low.and(other, ended('2026-06-04T00:05')).flagsAt('2026-08-01', 'P1.2')).toEqual([]);
  });

  test('is suspended while nothing is measured', () => {
    expect(base.verdictsAt('2026-06-04T00:04', 'P1.2')).toMatchObject([{ state: 'armed' }]);
    expect(base.verdictsAt('2026-06-04T00:05', 'P1.2')).toMatchObject([
      { state: 'suspended', since: '2026-06-04T00:00:00.000Z' },
    ]);
    expect(base.and(usedIn('2026-06', 90)).verdictsAt('2026-08-01', 'P1.2')).toEqual([]);
  });

  test('a month is known three days after it: what comes later does not count for it', () => {
    const late = (at: string) =>
      recorded('UsageMeasured', { ...usedIn('2026-05', 90).data, purchasedUnits: 100 }, { at });
    const low = base.and(...of(70, 70));
    expect(low.and(late('2026-06-04T00:05')).flagsAt('2026-07-01', 'P1.2')).toEqual([]);
    expect(low.and(late('2026-06-04T00:05:00.001Z')).flagsAt('2026-07-01', 'P1.2')).toHaveLength(1);
  });

  test('a window counts for the month in which it ends, if all of it is judged', () => {
    const rolling = given(start, live, usedUntil('2026-05-10', 3), usedUntil('2026-06-10', 3));
    expect(rolling.flagAt('2026-07-05', 'P1.2').evidence).toContainEqual(
      expect.objectContaining({ name: 'adoption in 2026-05', value: 0.3 }),
    );
    const early = given(start, live, usedUntil('2026-04-10', 3), usedUntil('2026-05-10', 3));
    expect(early.flagsAt('2026-07-05', 'P1.2')).toEqual([]);
  });

  test('units that the measurement does not name are those of the subscription, weighted by time', () => {
    const grows = recorded('SubscriptionChanged', { subscriptionId, quantity: 20 }, { at: '2026-05-16T12:00' });
    const own = (month: string, units: number) => usedIn(month, units, { purchasedUnits: undefined });
    const flag = given(start, live, grows, own('2026-04', 7), own('2026-05', 9)).flagAt('2026-07-01', 'P1.2');
    expect(flag.evidence).toContainEqual(expect.objectContaining({ name: 'adoption in 2026-05', value: 0.6 }));
    const unknown = recorded('SubscriptionChanged', { subscriptionId, quantity: null }, { at: '2026-05-16' });
    expect(given(start, live, unknown, own('2026-04', 7), own('2026-05', 9)).flagsAt('2026-07-01', 'P1.2')).toEqual([]);
  });
});

describe('P1.2 finds no low adoption', () => {
  test('in a staged roll-out that goes as its handoff planned', () => {
    const plan = [
      { from: '2026-01-01', activeUnits: 40 },
      { from: '2026-06-01', activeUnits: 100 },
    ];
    const staged = base.and(rampDeclared('2026-01-10', ...plan), ...of(38, 36, 60, 60));
    expect(staged.flagsAt('2026-08-01', 'P1.2')).toEqual([]);
    expect(staged.flagAt('2026-08-05', 'P1.2').severity).toBe('medium');
  });

  test('before a roll-out is to begin', () => {
    const later = rampDeclared('2026-01-10', { from: '2026-06-01', activeUnits: 100 });
    expect(base.and(later, ...of(0, 0)).flagsAt('2026-08-01', 'P1.2')).toEqual([]);
  });

  test('but a plan that is declared after a month began excuses nothing', () => {
    const after = rampDeclared('2026-05-10', { from: '2026-01-01', activeUnits: 10 });
    expect(base.and(after, ...of(10, 10)).flagsAt('2026-07-01', 'P1.2')).toHaveLength(1);
    const [ramp] = rampsOf(base.and(after).viewAt('2026-06-01').engagement);
    expect(ramp?.steps).toEqual([{ from: '2026-01-01T00:00:00.000Z', activeUnits: 10 }]);
    expect(plannedUnitsAt(ramp === undefined ? [] : [ramp], after.occurredAt)?.activeUnits).toBe(10);
  });

  test('in the quiet months of a seasonal business', () => {
    const policy = policyPublished({ quietMonths: { ski: [5, 6, 7] } });
    const seasonal = given(start, live, ...of(40, 5, 5, 5), policy);
    expect(seasonal.and(opened('2026-01-01', { segment: 'ski' })).flagsAt('2026-09-01', 'P1.2')).toEqual([]);
    expect(seasonal.and(opened('2026-01-01', { segment: 'bank' })).flagsAt('2026-09-01', 'P1.2')).toHaveLength(1);
    expect(seasonal.and(opened('2026-01-01')).flagsAt('2026-09-01', 'P1.2')).toHaveLength(1);
  });

  test('of a product without users whose objects are protected', () => {
    const objects = { metric: 'protected_objects' };
    const backup = base.and(...of(0, 0), usedIn('2026-04', 95, objects), usedIn('2026-05', 96, objects));
    expect(backup.flagsAt('2026-07-01', 'P1.2')).toEqual([]);
  });

  test('of an add-on whose licences are counted at its base', () => {
    const addOn = recorded(
      'SubscriptionStarted',
      {
        ...{ subscriptionId: 'add-on', kind: 'add_on_service', baseSubscriptionId: subscriptionId, quantity: 100 },
        termStart: '2026-01-01T00:00:00.000Z',
      },
      { at: '2026-01-01' },
    );
    const own = (month: string) => usedIn(month, 1, { subscriptionId: 'add-on' });
    const pool = base.and(addOn, ...of(90, 90), own('2026-04'), own('2026-05'));
    expect(pool.verdictsAt('2026-07-01', 'P1.2')).toEqual([]);
    const alone = base.and(addOn, own('2026-04'), own('2026-05'));
    expect(alone.flagAt('2026-07-01', 'P1.2').subject).toBe('subscription:add-on');
  });

  test('during an outage of the telemetry', () => {
    expect(base.and(usedIn('2026-04', 90)).flagsAt('2026-12-01', 'P1.2')).toEqual([]);
  });

  test('by looks at a dashboard, which are no use', () => {
    const looks = { metric: 'dashboard_views' };
    expect(
      base.and(usedIn('2026-04', 1, looks), usedIn('2026-05', 1, looks)).verdictsAt('2026-07-01', 'P1.2'),
    ).toMatchObject([{ state: 'suspended' }]);
  });
});

test('P1.3 gives a staged roll-out and a quiet season more time', () => {
  const unused = recorded(
    'UsageMeasured',
    {
      ...{ subscriptionId, activeUnits: 0, metric: 'active_users' },
      ...{ windowStart: '2026-01-01T00:00:00.000Z', windowEnd: '2026-01-31T00:00:00.000Z' },
    },
    { at: '2026-01-31' },
  );
  const never = given(start, unused);
  expect(never.flagAt('2026-09-01', 'P1.3').dueAt).toBe(addDays(instant('2026-01-01'), 45));
  const planned = rampDeclared('2026-02-15', { from: '2026-03-01', activeUnits: 10 });
  expect(never.and(planned).flagAt('2026-09-01', 'P1.3').dueAt).toBe(addDays(instant('2026-03-01'), 45));
  const tooLate = rampDeclared('2026-02-15T00:01', { from: '2026-03-01', activeUnits: 10 });
  expect(never.and(tooLate).flagAt('2026-09-01', 'P1.3').dueAt).toBe(addDays(instant('2026-01-01'), 45));
  const ski = [opened('2026-01-01', { segment: 'ski' }), policyPublished({ quietMonths: { ski: [2, 3] } })];
  // 31 days of January, and 14 of April.
  expect(never.and(...ski).flagAt('2026-09-01', 'P1.3').dueAt).toBe('2026-04-15T00:00:00.000Z');
});

test('what is said later of the units that were bought changes no flag that stood', () => {
  const later = recorded(
    'SubscriptionChanged',
    { subscriptionId, quantity: 5, effectiveAt: instant('2026-02-01') },
    { at: '2026-07-01' },
  );
  const story = base.and(usedUntil('2026-04-30', 3), usedUntil('2026-05-31', 3), later);
  const flag = story.flagAt('2026-06-30', 'P1.2');
  expect(story.flagAt('2026-07-02', 'P1.2')).toMatchObject({ raisedAt: flag.raisedAt, cleared: undefined });
});

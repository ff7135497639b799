// Which constraints of the lifecycle hold, and how well does an engagement conform?
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldEngagement } from '../../../domain/engagement/engagement.ts';
import { inFoldOrder } from '../../../domain/history.ts';
import { conformanceOf, fitnessOf } from '../../../domain/scores/constraints.ts';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { instant, recorded, stream } from '../../support/histories/events.ts';

const at = (events: readonly RecordedEvent[], now: string) =>
  conformanceOf(foldEngagement([...stream(events)].sort(inFoldOrder), instant(now)), instant(now), {
    reportDays: () => 100,
  });

const stateOf = (events: readonly RecordedEvent[], now: string, about: string) =>
  at(events, now).find(({ constraint }) => constraint.includes(about))?.state;

const opened = recorded('EngagementOpened', {}, { at: '2026-01-05' });
const proposed = recorded('SolutionProposed', {}, { at: '2026-02-01' });
const won = recorded('DealClosed', { result: 'won' }, { at: '2026-03-01' });
const placed = recorded('OrderPlaced', { orderId: 'o', claimedBy: 'crm' }, { at: '2026-03-05' });
const fulfilled = recorded('OrderFulfilled', { orderId: 'o' }, { at: '2026-03-10' });
const delivering = recorded('DeliveryStarted', {}, { at: '2026-03-11' });
const live = recorded('MilestoneReached', { milestone: 'go_live' }, { at: '2026-04-01' });
const reported = (day: string) => recorded('ValueReported', { reportId: `r-${day}`, sections: [] }, { at: day });
const trace = [opened, proposed, won, placed, fulfilled, delivering, live];

describe('the worked example', () => {
  it('activates 8 constraints, of which 7 are decided and 5 satisfied', () => {
    const constraints = at(trace, '2026-04-02');
    expect(constraints).toHaveLength(8);
    expect(constraints.filter(({ state }) => state === 'pending').map(({ constraint }) => constraint)).toEqual([
      'response(go-live, ValueReported)',
    ]);
    expect(fitnessOf(constraints)).toBeCloseTo(5 / 7, 10);
  });

  it('names the events that violate a constraint', () => {
    const [outcomes, routes] = at(trace, '2026-04-02');
    expect(outcomes).toMatchObject({ state: 'violated', events: [{ type: 'SolutionProposed' }] });
    expect(routes).toMatchObject({ state: 'violated', events: [{ type: 'DealClosed' }] });
  });
});

describe('an engagement without activities', () => {
  it('activates nothing, and has no fitness', () => {
    expect(at([opened], '2026-02-01')).toEqual([]);
    expect(fitnessOf([])).toBeUndefined();
  });
});

describe('the first report after go-live', () => {
  it('is awaited until its time and the tolerance are over', () => {
    expect(stateOf(trace, '2026-07-10T00:04:59.999Z', 'ValueReported')).toBe('pending');
    expect(stateOf(trace, '2026-07-10T00:05:00.000Z', 'ValueReported')).toBe('violated');
  });

  it('satisfies, however late it is', () => {
    expect(stateOf([...trace, reported('2026-08-01')], '2026-08-02', 'go-live, ValueReported')).toBe('satisfied');
  });
});

describe('order', () => {
  it('counts times within five minutes as in order', () => {
    const agreed = (time: string) => recorded('RouteAgreed', { route: 'direct' }, { at: time });
    const state = (time: string) => stateOf([opened, agreed(time), won], '2026-03-02', 'RouteAgreed');
    expect(state('2026-03-01T00:05:00.000Z')).toBe('satisfied');
    expect(state('2026-03-01T00:05:00.001Z')).toBe('violated');
  });
});

describe('an answer that never comes', () => {
  it('is missing once the engagement has ended', () => {
    const lost = recorded('EngagementWithdrawn', {}, { at: '2026-03-20' });
    expect(stateOf([opened, won], '2026-03-19', 'OrderPlaced')).toBe('pending');
    expect(stateOf([opened, won, lost], '2026-03-21', 'OrderPlaced')).toBe('violated');
  });
});

describe('a subscription that ended', () => {
  const started = recorded(
    'SubscriptionStarted',
    { subscriptionId: 's', termStart: instant('2026-03-01') },
    { at: '2026-03-01' },
  );
  const ended = recorded('SubscriptionEnded', { subscriptionId: 's', reason: 'price' }, { at: '2026-05-01' });
  const used = (from: string, activeUnits: number) =>
    recorded(
      'UsageMeasured',
      {
        subscriptionId: 's',
        windowStart: instant(from),
        windowEnd: instant('2026-06-30'),
        activeUnits,
        metric: 'users',
      },
      { at: '2026-06-30' },
    );

  it.each([
    ['is violated by use after it', used('2026-06-01', 3), 'violated'],
    ['is not violated by no use', used('2026-06-01', 0), 'satisfied'],
    ['is not violated by a window that began before it', used('2026-04-15', 3), 'satisfied'],
  ])('%s', (_, event, state) => {
    expect(stateOf([opened, started, ended, event], '2026-07-01', 'not_succession')).toBe(state);
  });
});

describe('a deal', () => {
  it('closes once a cycle', () => {
    const again = recorded('DealClosed', { result: 'won' }, { at: '2026-03-04' });
    expect(stateOf([opened, won, again], '2026-03-05', 'exactly_one')).toBe('violated');
    const reopened = recorded('DealReopened', {}, { at: '2026-03-02' });
    expect(stateOf([opened, won, reopened, again], '2026-03-05', 'exactly_one')).toBe('satisfied');
  });
});

describe('a law', () => {
  it('fitness lies between 0 and 1, and what comes later than now changes nothing', () => {
    fc.assert(
      fc.property(fc.subarray(trace), fc.integer({ min: 0, max: 120 }), (events, days) => {
        const now = new Date(Date.parse('2026-02-01') + days * 86_400_000).toISOString();
        const known = events.filter(({ occurredAt }) => occurredAt <= now);
        const fitness = fitnessOf(at(known, now));
        expect(fitness === undefined || (fitness >= 0 && fitness <= 1)).toBe(true);
      }),
    );
  });
});

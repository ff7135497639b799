// Are P1.1 (no agreed outcome) and P1.3 (never used) raised and cleared, at their limits and after them?
import { describe, expect, test } from 'vitest';
import {
  ended,
  lost,
  opened,
  outcomeAgreed,
  policyPublished,
  renewed,
  subscribed,
  used,
  won,
} from '../../support/histories/engagementFacts.ts';
import { instant, recorded } from '../../support/histories/events.ts';
import { given } from '../../support/histories/given.ts';

describe('P1.1 won without an agreed outcome', () => {
  const win = won('2026-03-02T10:00');

  test('is raised once the tolerance after the win is over', () => {
    const flag = given(opened('2026-02-01'), win).flagAt('2026-03-02T10:05', 'P1.1');
    expect(flag).toMatchObject({
      raisedAt: '2026-03-02T10:05:00.000Z',
      severity: 'medium',
      subject: 'cycle:1',
      pattern: 'toolsInsteadOfOutcomes',
      cleared: undefined,
    });
    expect(flag.openedBy.eventId).toBe(win.eventId);
    expect(flag.evidence).toEqual([
      expect.objectContaining({ kind: 'event', eventId: win.eventId }),
      expect.objectContaining({
        kind: 'silence',
        of: 'OutcomeAgreed',
        from: '2026-02-01T00:00:00.000Z',
        armedBy: win.eventId,
      }),
    ]);
  });

  test('is armed until then', () => {
    expect(given(win).verdictsAt('2026-03-02T10:04:59.999Z', 'P1.1')).toEqual([
      expect.objectContaining({ state: 'armed', dueAt: '2026-03-02T10:00:00.000Z' }),
    ]);
  });

  test.each(['2026-02-20', '2026-03-02T10:00', '2026-03-02T10:05'])('an outcome agreed at %s keeps it quiet', (at) => {
    expect(given(win, outcomeAgreed(at)).verdictsAt('2026-04-01', 'P1.1')).toEqual([]);
  });

  test('an outcome agreed a moment after the tolerance clears it', () => {
    const late = outcomeAgreed('2026-03-02T10:05:00.001Z');
    expect(given(win, late).flagAt('2026-04-01', 'P1.1').cleared).toEqual({
      at: late.occurredAt,
      eventId: late.eventId,
      reason: 'outcomeAgreedAfterSale',
    });
  });

  test('an outcome that was agreed in time, but recorded late, withdraws it', () => {
    const before = given(win);
    expect(before.flagsAt('2026-03-10', 'P1.1')).toHaveLength(1);
    expect(before.and(outcomeAgreed('2026-03-01')).verdictsAt('2026-03-10', 'P1.1')).toEqual([]);
  });

  test('a deal that is lost, or not closed, arms nothing', () => {
    expect(given(opened('2026-02-01'), lost('2026-03-02')).verdictsAt('2026-04-01', 'P1.1')).toEqual([]);
  });

  test('only the first win of a cycle counts', () => {
    expect(given(win, won('2026-03-20')).flagsAt('2026-04-01', 'P1.1')).toHaveLength(1);
  });

  test('the first win of each cycle counts, until any outcome is agreed', () => {
    const twoCycles = given(
      won('2025-01-10'),
      subscribed('2025-01-12', { to: '2026-01-12' }),
      renewed('2026-01-12', { to: '2027-01-12' }),
      won('2026-02-01'),
    );
    expect(twoCycles.flagsAt('2026-02-02', 'P1.1').map((flag) => flag.subject)).toEqual(['cycle:1', 'cycle:2']);
    const agreed = twoCycles.and(outcomeAgreed('2025-06-01'));
    expect(agreed.flagAt('2026-02-02', 'P1.1').cleared?.at).toBe('2025-06-01T00:00:00.000Z');
  });
});

describe('P1.3 subscription never used', () => {
  const start = subscribed('2026-03-01T08:00');
  const due = '2026-04-15T08:00';
  const zero = used('2026-03-10', 0);

  test('is armed for 45 days', () => {
    expect(given(start).verdictsAt('2026-04-15T08:04:59.999Z', 'P1.3')).toEqual([
      expect.objectContaining({ state: 'armed', dueAt: '2026-04-15T08:00:00.000Z', subject: 'subscription:sub_1' }),
    ]);
  });

  test('is raised once the tolerance after its due instant is over, if usage was measured as zero', () => {
    expect(given(start, zero).flagAt('2026-04-15T08:05', 'P1.3')).toMatchObject({
      dueAt: '2026-04-15T08:00:00.000Z',
      raisedAt: '2026-04-15T08:05:00.000Z',
      severity: 'high',
      cleared: undefined,
    });
  });

  test('is suspended if usage was never measured', () => {
    expect(given(start).verdictsAt('2026-06-01', 'P1.3')).toEqual([
      expect.objectContaining({ state: 'suspended', since: '2026-04-15T08:00:00.000Z' }),
    ]);
  });

  test('is raised at the first measurement of zero after its due instant', () => {
    expect(given(start, used('2026-05-01', 0)).flagAt('2026-06-01', 'P1.3').raisedAt).toBe('2026-05-01T00:00:00.000Z');
  });

  test('stays quiet if the first measurement found use, even if it came late', () => {
    expect(given(start, used('2026-05-01', 3), used('2026-05-02', 0)).verdictsAt('2026-06-01', 'P1.3')).toEqual([]);
  });

  test.each(['2026-03-05', due, '2026-04-15T08:05'])('use at %s keeps it quiet', (at) => {
    expect(given(start, zero, used(at, 1)).verdictsAt('2026-06-01', 'P1.3')).toEqual([]);
  });

  test('use after the tolerance clears it', () => {
    const first = used('2026-04-15T08:05:00.001Z', 1);
    const flag = given(start, zero, first, used('2026-05-01', 5)).flagAt('2026-06-01', 'P1.3');
    expect(flag.cleared).toEqual({ at: first.occurredAt, eventId: first.eventId, reason: 'used' });
  });

  test('use that is recorded late withdraws it', () => {
    const silent = given(start, zero);
    expect(silent.flagsAt('2026-06-01', 'P1.3')).toHaveLength(1);
    expect(silent.and(used('2026-03-20', 4)).verdictsAt('2026-06-01', 'P1.3')).toEqual([]);
  });

  test('clears when the subscription ends', () => {
    const other = subscribed('2026-03-01T09:00', { subscription: 'sub_2' });
    const churned = given(start, other, zero, ended('2026-05-01'));
    expect(churned.flagAt('2026-06-01', 'P1.3').cleared).toMatchObject({
      at: '2026-05-01T00:00:00.000Z',
      reason: 'closedRealised',
    });
    const merged = given(start, other, zero, ended('2026-05-01', { reason: 'merged' }));
    expect(merged.flagAt('2026-06-01', 'P1.3').cleared?.reason).toBe('closedMoot');
    const early = given(start, other, zero, ended('2026-04-01'));
    expect(early.verdictsAt('2026-04-02', 'P1.3').map(({ subject }) => subject)).toEqual(['subscription:sub_2']);
    expect(early.flagsAt('2026-06-01', 'P1.3')).toEqual([]);
  });

  test('an announced end clears it only when the end takes effect', () => {
    const announced = given(start, zero, ended('2026-04-20', { effectiveAt: '2026-05-01T00:00:00.000Z' }));
    expect(announced.flagAt('2026-04-30', 'P1.3').cleared).toBeUndefined();
    expect(announced.flagAt('2026-05-01', 'P1.3').cleared?.at).toBe('2026-05-01T00:00:00.000Z');
  });

  test('another subscription’s use does not count', () => {
    const both = given(start, zero, subscribed('2026-03-01T09:00', { subscription: 'sub_2' }));
    expect(both.flagsAt('2026-06-01', 'P1.3').map((flag) => flag.subject)).toEqual(['subscription:sub_1']);
  });

  describe('the pool of an add-on', () => {
    const measured = (subscription: string, at: string, activeUnits: number) =>
      recorded(
        'UsageMeasured',
        {
          ...{ subscriptionId: subscription, activeUnits, metric: 'activeUsers' },
          windowStart: instant(at),
          windowEnd: instant(at),
        },
        { at },
      );
    const based = (subscription: string, baseSubscriptionId: string) =>
      recorded(
        'SubscriptionStarted',
        {
          ...{ subscriptionId: subscription, kind: 'add_on_service', baseSubscriptionId },
          termStart: instant('2026-03-01'),
        },
        { at: '2026-03-01T08:00' },
      );
    const addOns = [start, based('sub_2', 'sub_1'), based('sub_3', 'sub_2'), measured('sub_3', '2026-03-10', 0)];

    test.each([
      ['sub_1', '2026-03-12'],
      ['sub_2', '2026-04-15T08:05'],
      ['sub_3', '2026-03-12'],
    ])('is used where its base is: use of %s at %s keeps it quiet', (subscription, at) => {
      const story = given(...addOns, measured(subscription, at, 4));
      expect(story.flagsAt('2026-08-01', 'P1.3')).toEqual([]);
    });

    test('clears with the later use of its base, and the use of an add-on is none of its base', () => {
      const late = measured('sub_1', '2026-05-01', 4);
      expect(given(...addOns, late).flagAt('2026-08-01', 'P1.3')).toMatchObject({
        ...{ subject: 'subscription:sub_3', cleared: { eventId: late.eventId } },
      });
      const above = given(...addOns, measured('sub_1', '2026-03-10', 0), measured('sub_3', '2026-03-11', 2));
      expect(above.flagAt('2026-08-01', 'P1.3').subject).toBe('subscription:sub_1');
    });

    test('that are based on each other is found unused', () => {
      const ring = given(based('sub_2', 'sub_3'), based('sub_3', 'sub_2'), measured('sub_3', '2026-03-10', 0));
      expect(ring.flagAt('2026-08-01', 'P1.3').subject).toBe('subscription:sub_3');
    });
  });

  test('a policy moves its due instant', () => {
    const strict = given(start, zero, policyPublished({ thresholds: { 'P1.3': { days: 30 } } }));
    expect(strict.flagAt('2026-04-01', 'P1.3').raisedAt).toBe('2026-03-31T08:05:00.000Z');
  });
});

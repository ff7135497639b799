// Are P4.5 (no case for the renewal) and P4.7 (renewal undecided) raised and closed, term by term?
import { describe, expect, test } from 'vitest';
import {
  cancelled,
  ended,
  policyPublished,
  renewed,
  reported,
  subscribed,
  subscriptionId,
} from '../../support/histories/engagementFacts.ts';
import { recorded, type Said } from '../../support/histories/events.ts';
import { given } from '../../support/histories/given.ts';

const changed = (at: string, said: Partial<Said<'SubscriptionChanged'>>) =>
  recorded('SubscriptionChanged', { subscriptionId, ...said }, { at });
const impact = (at: string) => reported(at, 'business_impact');

const term = subscribed('2025-06-01', { to: '2026-06-01' });
const next = { from: '2026-06-01', to: '2027-06-01' };

describe('P4.5 renewal near, and no case for it', () => {
  /** 90 days before the end. */
  const due = '2026-03-03T00:00:00.000Z';

  test('is armed by the term, and raised once the tolerance after its last 90 days began is over', () => {
    expect(given(term).verdictsAt('2026-03-03T00:04:59.999Z', 'P4.5')).toEqual([
      expect.objectContaining({ state: 'armed', dueAt: due, subject: 'subscription:sub_1' }),
    ]);
    const flag = given(term).flagAt('2026-03-03T00:05', 'P4.5');
    expect(flag).toMatchObject({
      ...{ dueAt: due, raisedAt: '2026-03-03T00:05:00.000Z', cleared: undefined },
      // High, and one step more because the renewal is near.
      ...{ severity: 'critical', pattern: 'noEvidenceOfValue' },
    });
    expect(flag.openedBy.eventId).toBe(term.eventId);
    expect(flag.evidence).toEqual([
      expect.objectContaining({ kind: 'event', eventId: term.eventId }),
      expect.objectContaining({
        ...{ kind: 'silence', of: 'ValueReported' },
        from: '2025-05-31T23:55:00.000Z',
        until: due,
      }),
    ]);
  });

  test.each(['2025-05-31T23:55', '2025-06-01', '2026-03-02T23:59', due, '2026-03-03T00:05'])(
    'a report of business impact at %s keeps it quiet',
    (at) => {
      expect(given(term, impact(at)).verdictsAt('2026-05-01', 'P4.5')).toEqual([]);
    },
  );

  test('a live dashboard does not, whatever it shows', () => {
    const dashboard = recorded(
      'ValueReported',
      { reportId: 'd-1', sections: ['business_impact'], form: 'dashboard' },
      { at: '2026-02-01' },
    );
    expect(given(term, dashboard).flagAt('2026-05-01', 'P4.5').cleared).toBeUndefined();
  });

  test('a report of the term before, or without business impact, does not', () => {
    const old = impact('2025-05-31T23:54:59.999Z');
    const flag = given(term, old, reported('2026-01-01', 'adoption', 'security')).flagAt('2026-05-01', 'P4.5');
    expect(flag.cleared).toBeUndefined();
  });

  test('a later report clears it, and one that was sent in time, but is recorded late, withdraws it', () => {
    const late = impact('2026-03-03T00:05:00.001Z');
    expect(given(term, late).flagAt('2026-05-01', 'P4.5').cleared).toMatchObject({
      ...{ eventId: late.eventId, reason: 'evidenceDeliveredLate' },
    });
    expect(given(term, late, impact('2026-02-01')).flagsAt('2026-05-01', 'P4.5')).toEqual([]);
  });

  test('closes with the renewal of its own term, and the next term is judged anew', () => {
    const decision = renewed('2026-05-20', next);
    const flags = given(term, decision).flagsAt('2027-04-01', 'P4.5');
    expect(flags.map(({ raisedAt, cleared }) => [raisedAt, cleared?.at, cleared?.reason])).toEqual([
      ['2026-03-03T00:05:00.000Z', '2026-05-20T00:00:00.000Z', 'closedMoot'],
      ['2027-03-03T00:05:00.000Z', undefined, undefined],
    ]);
    const other = renewed('2026-05-20', { ...next, subscription: 'sub_2' });
    const sub2 = subscribed('2025-06-01', { to: '2026-06-01', subscription: 'sub_2' });
    const mine = given(term, sub2, other)
      .flagsAt('2026-06-01', 'P4.5')
      .find(({ subject }) => subject.endsWith('1'));
    expect(mine?.cleared).toBeUndefined();
  });

  test('a term that is renewed before is not waited for', () => {
    expect(given(term, renewed('2026-02-01', next)).verdictsAt('2026-05-01', 'P4.5')).toMatchObject([
      { state: 'armed', dueAt: '2027-03-03T00:00:00.000Z' },
    ]);
  });

  test('an end, or its announcement, closes it as realised', () => {
    const sub2 = subscribed('2025-07-01', { subscription: 'sub_2' });
    for (const leaves of [ended('2026-04-10'), cancelled('2026-04-10')])
      expect(given(term, sub2, leaves).flagAt('2026-05-01', 'P4.5').cleared, leaves.type).toEqual({
        ...{ at: '2026-04-10T00:00:00.000Z', eventId: leaves.eventId, reason: 'closedRealised' },
      });
    const merged = ended('2026-04-10', { reason: 'merged' });
    expect(given(term, sub2, merged).flagAt('2026-05-01', 'P4.5').cleared?.reason).toBe('closedMoot');
  });

  test('who has announced to leave is not waited for, unless that is withdrawn', () => {
    const leaving = given(term, cancelled('2026-02-01'));
    expect(leaving.verdictsAt('2026-05-01', 'P4.5')).toEqual([]);
    const stays = leaving.and(changed('2026-04-01', { autoRenew: true }));
    expect(stays.flagAt('2026-05-01', 'P4.5').raisedAt).toBe('2026-04-01T00:05:00.000Z');
    const before = given(term, cancelled('2025-09-01'), changed('2025-10-01', { autoRenew: true }));
    expect(before.flagAt('2026-05-01', 'P4.5').raisedAt).toBe('2026-03-03T00:05:00.000Z');
  });

  test.each([
    ['a term of 180 days', '2025-11-28', '2026-04-12T00:05:00.000Z'],
    ['a term of 90 days', '2026-02-26', '2026-05-04T12:05:00.000Z'],
  ])('%s is judged in its last quarter', (_, from, raisedAt) => {
    expect(given(subscribed(from, { to: '2026-05-27' })).flagAt('2026-05-26', 'P4.5').raisedAt).toBe(raisedAt);
  });

  test('month-to-month terms are not judged', () => {
    const monthly = given(
      subscribed('2026-01-01', { to: '2026-02-01' }),
      renewed('2026-02-01', { to: '2026-03-01' }),
      renewed('2026-03-01', { to: '2026-04-01' }),
    );
    for (const rule of ['P4.5', 'P4.7']) expect(monthly.verdictsAt('2026-06-01', rule), rule).toEqual([]);
  });
});

describe('P4.7 renewal undecided', () => {
  const raised = '2026-06-01T00:05:00.000Z';

  test('is raised once the tolerance after the end of the term is over', () => {
    expect(given(term).verdictsAt('2026-06-01T00:04:59.999Z', 'P4.7')).toMatchObject([
      { state: 'armed', dueAt: '2026-06-01T00:00:00.000Z' },
    ]);
    const flag = given(term).flagAt('2026-06-01T00:05', 'P4.7');
    expect(flag).toMatchObject({ raisedAt: raised, severity: 'critical', cleared: undefined });
    expect(flag.openedBy.eventId).toBe(term.eventId);
  });

  test.each(['2026-05-31T23:59', '2026-06-01', raised])('a renewal at %s keeps it quiet', (at) => {
    expect(given(term, renewed(at, next)).flagsAt('2026-12-01', 'P4.7')).toEqual([]);
  });

  test('a later renewal closes it as moot, an end as realised', () => {
    const renewal = renewed('2026-06-01T00:05:00.001Z', next);
    expect(given(term, renewal).flagAt('2026-12-01', 'P4.7').cleared).toEqual({
      ...{ at: renewal.occurredAt, eventId: renewal.eventId, reason: 'closedMoot' },
    });
    const sub2 = subscribed('2025-07-01', { subscription: 'sub_2' });
    const end = ended('2026-06-20', { effectiveAt: '2026-06-01T00:00:00.000Z' });
    expect(given(term, sub2, end).flagAt('2026-12-01', 'P4.7').cleared).toMatchObject({
      ...{ at: '2026-06-20T00:00:00.000Z', reason: 'closedRealised' },
    });
  });

  test('who announced to leave has decided', () => {
    const sub2 = subscribed('2025-07-01', { subscription: 'sub_2' });
    expect(given(term, sub2, cancelled('2026-04-01')).verdictsAt('2026-12-01', 'P4.7')).toEqual([]);
    expect(given(term, sub2, ended('2026-04-01')).verdictsAt('2026-12-01', 'P4.7')).toEqual([]);
  });

  describe('a term that renews by itself', () => {
    const automatic = changed('2025-06-02', { autoRenew: true });

    test('has three days more', () => {
      const waiting = given(term, automatic);
      expect(waiting.verdictsAt('2026-06-04T00:04:59.999Z', 'P4.7')).toMatchObject([{ state: 'armed' }]);
      expect(waiting.flagAt('2026-06-04T00:05', 'P4.7').raisedAt).toBe('2026-06-04T00:05:00.000Z');
      expect(given(term, automatic, renewed('2026-06-03', next)).flagsAt('2026-12-01', 'P4.7')).toEqual([]);
    });

    test('is known by its end: what is said later changes nothing', () => {
      const later = changed('2026-06-02', { autoRenew: true });
      expect(given(term, later).flagAt('2026-06-03', 'P4.7').raisedAt).toBe(raised);
      const off = given(term, automatic, changed('2026-01-01', { autoRenew: false }));
      expect(off.flagAt('2026-06-03', 'P4.7').raisedAt).toBe(raised);
    });

    test('is known by how it was renewed before', () => {
      const auto = recorded(
        'SubscriptionRenewed',
        { subscriptionId, auto: true, termStart: '2026-06-01T00:00:00.000Z', termEnd: '2027-06-01T00:00:00.000Z' },
        { at: '2026-06-01' },
      );
      expect(given(term, auto).flagAt('2027-07-01', 'P4.7').raisedAt).toBe('2027-06-04T00:05:00.000Z');
    });

    test('may still renew by itself after it was once renewed by hand', () => {
      const byHand = recorded(
        'SubscriptionRenewed',
        { subscriptionId, auto: false, termStart: '2026-06-01T00:00:00.000Z', termEnd: '2027-06-01T00:00:00.000Z' },
        { at: '2026-06-01' },
      );
      const nextDay = '2027-06-04T00:05:00.000Z';
      expect(given(term, automatic, byHand).flagAt('2027-07-01', 'P4.7').raisedAt).toBe(nextDay);
      expect(given(term, byHand).flagAt('2027-07-01', 'P4.7').raisedAt).toBe('2027-06-01T00:05:00.000Z');
    });

    test('has as many days as a policy gives it', () => {
      const strict = policyPublished({ thresholds: { 'P4.7': { graceDays: 0 } } });
      expect(given(term, automatic, strict).flagAt('2026-06-02', 'P4.7').raisedAt).toBe(raised);
    });
  });

  test('a term whose end is moved in time is judged by its new end; one that is moved later closes', () => {
    const end = '2026-09-01T00:00:00.000Z';
    const inTime = changed('2026-05-01', { termEnd: end });
    const moved = given(term, inTime).flagAt('2026-12-01', 'P4.7');
    expect([moved.raisedAt, moved.openedBy.eventId]).toEqual(['2026-09-01T00:05:00.000Z', inTime.eventId]);
    const late = changed('2026-06-10', { termEnd: end });
    const flags = given(term, late).flagsAt('2026-12-01', 'P4.7');
    expect(flags.map(({ openedBy, cleared }) => [openedBy.eventId, cleared?.eventId, cleared?.reason])).toEqual([
      [term.eventId, late.eventId, 'closedMoot'],
      [late.eventId, undefined, undefined],
    ]);
  });

  test('a change moves only the last term that has begun', () => {
    const before = renewed('2025-01-01', { to: '2025-12-31' });
    const moves = changed('2025-06-01', { termEnd: '2026-09-01T00:00:00.000Z' });
    const flags = given(before, term, moves).flagsAt('2026-12-01', 'P4.7');
    expect(flags.map(({ openedBy }) => openedBy.eventId)).toEqual([before.eventId, moves.eventId]);
  });

  test('terms of 90 days are judged, shorter ones are not', () => {
    expect(given(subscribed('2026-01-01', { to: '2026-04-01' })).flagsAt('2026-06-01', 'P4.7')).toHaveLength(1);
    expect(given(subscribed('2026-01-02', { to: '2026-04-01' })).verdictsAt('2026-06-01', 'P4.7')).toEqual([]);
  });

  test('a term without an end is never undecided', () => {
    const open = given(subscribed('2026-01-01'));
    expect([...open.verdictsAt('2030-01-01', 'P4.5'), ...open.verdictsAt('2030-01-01', 'P4.7')]).toEqual([]);
  });
});

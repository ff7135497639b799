// Is P3.5 (a handoff that is rejected again and again) raised and cleared, at its limits and after them?
import { describe, expect, test } from 'vitest';
import {
  handoffAccepted,
  handoffOffered,
  handoffRejected,
  opened,
  policyPublished,
  renewed,
  subscribed,
  won,
} from '../../support/histories/engagementFacts.ts';
import { given } from '../../support/histories/given.ts';

const start = opened('2026-02-01');
const first = handoffRejected('2026-03-03T10:00');
const second = handoffRejected('2026-03-05T10:00');
const toRenew = { id: 'handoff-3', from: 'report', to: 'renew' } as const;

describe('P3.5 handoff rejected again and again', () => {
  test('one rejection raises nothing', () => {
    expect(given(start, first).verdictsAt('2026-06-01', 'P3.5')).toEqual([]);
    expect(given(start, first, second).verdictsAt('2026-03-05T09:59:59.999Z', 'P3.5')).toEqual([]);
  });

  test('is raised at the second one', () => {
    const flag = given(start, first, handoffOffered('2026-03-04'), second).flagAt('2026-03-05T10:00', 'P3.5');
    expect(flag).toMatchObject({
      ...{ raisedAt: second.occurredAt, severity: 'high', cleared: undefined },
      subject: 'cycle:1/sell+procure>deliver',
    });
    expect(flag.openedBy.eventId).toBe(second.eventId);
    expect(flag.evidence).toEqual([
      expect.objectContaining({ eventId: first.eventId }),
      expect.objectContaining({ eventId: second.eventId }),
      { kind: 'value', name: 'rejections without an acceptance', value: 2, threshold: 2 },
    ]);
  });

  test('any handoff of the pair counts, and none of another pair', () => {
    const other = handoffRejected('2026-03-05', { id: 'handoff-4', from: 'procure' });
    expect(given(start, first, other).flagsAt('2026-06-01', 'P3.5')).toHaveLength(1);
    const toReport = handoffRejected('2026-03-05', { id: 'handoff-2', from: 'deliver', to: 'report' });
    expect(given(start, first, toReport).flagsAt('2026-06-01', 'P3.5')).toEqual([]);
  });

  test('of a pair that no policy requires, its own two stages count', () => {
    const toProcure = { from: 'sell', to: 'procure' } as const;
    const refused = given(start, handoffRejected('2026-03-03', toProcure), handoffRejected('2026-03-04', toProcure));
    expect(refused.flagAt('2026-06-01', 'P3.5').subject).toBe('cycle:1/sell>procure');
  });

  test('an acceptance clears it, and begins the count anew', () => {
    const accepted = handoffAccepted('2026-03-09', { id: 'handoff-4', from: 'procure' });
    const taken = given(start, first, second, accepted);
    expect(taken.flagAt('2026-06-01', 'P3.5').cleared).toEqual({
      ...{ at: accepted.occurredAt, eventId: accepted.eventId, reason: 'accepted' },
    });
    const third = handoffRejected('2026-04-01');
    expect(taken.and(third).flagsAt('2026-06-01', 'P3.5')).toHaveLength(1);
    const fourth = handoffRejected('2026-04-02');
    expect(taken.and(third, fourth).flagsAt('2026-06-01', 'P3.5')).toMatchObject([
      { cleared: { eventId: accepted.eventId } },
      { raisedAt: fourth.occurredAt, cleared: undefined },
    ]);
  });

  test('an acceptance between two rejections keeps it quiet', () => {
    expect(given(start, first, handoffAccepted('2026-03-04'), second).verdictsAt('2026-06-01', 'P3.5')).toEqual([]);
  });

  test('while it is open, a further rejection stands among its evidence', () => {
    const third = handoffRejected('2026-03-10');
    const flag = given(start, first, second, third).flagAt('2026-06-01', 'P3.5');
    expect(flag.raisedAt).toBe(second.occurredAt);
    expect(flag.evidence).toContainEqual(expect.objectContaining({ eventId: third.eventId }));
  });

  test.each([
    ['2026-03-03T10:05', 0],
    ['2026-03-03T10:05:00.001Z', 1],
    ['2026-03-04T10:00', 1],
  ])('a rejection that another system reports at %s makes %i flags', (at, flags) => {
    expect(given(start, first, handoffRejected(at)).flagsAt('2026-06-01', 'P3.5')).toHaveLength(flags);
  });

  test('two handoffs that are rejected together are two rejections', () => {
    const other = handoffRejected('2026-03-03T10:00', { id: 'handoff-4', from: 'procure' });
    expect(given(start, first, other).flagsAt('2026-06-01', 'P3.5')).toHaveLength(1);
  });

  test('a policy sets how many', () => {
    const patient = policyPublished({ thresholds: { 'P3.5': { rejections: 3 } } });
    expect(given(start, first, second, patient).flagsAt('2026-06-01', 'P3.5')).toEqual([]);
    const third = handoffRejected('2026-03-10');
    expect(given(start, first, second, third, patient).flagAt('2026-06-01', 'P3.5').raisedAt).toBe(third.occurredAt);
  });

  test('across a renewal: what is rejected to Deliver goes on, what is rejected to Renew begins anew', () => {
    const term = subscribed('2025-03-10', { to: '2026-03-10' });
    const next = renewed('2026-03-04', { from: '2026-03-10', to: '2027-03-10' });
    const renewal = [opened('2025-02-01'), won('2025-03-01'), term, next];
    expect(given(...renewal, first, second).flagAt('2026-06-01', 'P3.5').subject).toBe('cycle:2/sell+procure>deliver');
    const refused = (at: string) => handoffRejected(at, toRenew);
    expect(given(...renewal, refused('2026-03-03'), refused('2026-03-05')).flagsAt('2026-06-01', 'P3.5')).toEqual([]);
    expect(
      given(...renewal, refused('2026-03-02'), refused('2026-03-03')).flagAt('2026-06-01', 'P3.5').cleared,
    ).toEqual({ at: next.occurredAt, eventId: next.eventId, reason: 'closedMoot' });
  });
});

// Is P3.3 (a handoff that nobody answers) raised and cleared, at its limits and after them?
import { describe, expect, test } from 'vitest';
import {
  handoffAccepted,
  handoffOffered,
  handoffRejected,
  incompleteHandoffOffered,
  lost,
  opened,
  partnerRegistered,
  policyPublished,
  renewed,
  subscribed,
  won,
} from '../../support/histories/engagementFacts.ts';
import { recorded } from '../../support/histories/events.ts';
import { given } from '../../support/histories/given.ts';

const win = won('2026-03-02T09:00');
const offer = handoffOffered('2026-03-02T10:00');
const toRenew = { id: 'handoff-3', from: 'report', to: 'renew' } as const;

describe('P3.3 handoff not answered', () => {
  test('a rejection of which two systems tell answers no further offer', () => {
    const told = [handoffRejected('2026-03-02T11:00'), handoffRejected('2026-03-02T11:01')];
    const again = given(win, offer, ...told, handoffOffered('2026-03-02T11:05'));
    expect(again.flagAt('2026-03-10', 'P3.3')).toMatchObject({ dueAt: '2026-03-05T11:05:00.000Z', cleared: undefined });
    // A second rejection, later than that, proves that there was a second offer.
    const proved = given(win, offer, handoffRejected('2026-03-02T11:00'), handoffRejected('2026-03-02T12:00'));
    expect(proved.and(handoffOffered('2026-03-02T12:03')).flagsAt('2026-03-10', 'P3.3')).toEqual([]);
  });

  const due = '2026-03-05T10:00:00.000Z';

  test('is armed by the offer for three business days', () => {
    expect(given(win, offer).verdictsAt('2026-03-05T10:04:59.999Z', 'P3.3')).toEqual([
      expect.objectContaining({ state: 'armed', dueAt: due, subject: 'handoff:handoff-1' }),
    ]);
    expect(given(win, offer).nextDueAt('2026-03-02T10:00')).toBe('2026-03-05T10:05:00.000Z');
  });

  test('is raised once the tolerance after its due instant is over', () => {
    const flag = given(win, offer).flagAt('2026-03-05T10:05', 'P3.3');
    expect(flag).toMatchObject({
      ...{ dueAt: due, raisedAt: '2026-03-05T10:05:00.000Z', severity: 'medium', cleared: undefined },
      pattern: 'unclearHandoffs',
    });
    expect(flag.openedBy.eventId).toBe(offer.eventId);
    expect(flag.evidence).toEqual([
      expect.objectContaining({ kind: 'event', eventId: offer.eventId }),
      expect.objectContaining({ kind: 'silence', of: 'HandoffAccepted', from: offer.occurredAt, until: due }),
      { kind: 'value', name: 'business days without an answer', value: 3, threshold: 3 },
    ]);
  });

  test.each(['2026-03-02T10:00', '2026-03-04', due, '2026-03-05T10:05'])('an answer at %s keeps it quiet', (at) => {
    expect(given(win, offer, handoffAccepted(at)).verdictsAt('2026-06-01', 'P3.3')).toEqual([]);
    expect(given(win, offer, handoffRejected(at)).verdictsAt('2026-06-01', 'P3.3')).toEqual([]);
  });

  test.each([handoffAccepted, handoffRejected])('a late answer clears it', (answered) => {
    for (const at of ['2026-03-05T10:05:00.001Z', '2026-03-06T10:00', '2026-05-01']) {
      const late = answered(at);
      expect(given(win, offer, late).flagAt('2026-06-01', 'P3.3').cleared).toEqual({
        ...{ at: late.occurredAt, eventId: late.eventId, reason: 'answeredLate' },
      });
    }
  });

  test('an answer in time that is recorded late withdraws it', () => {
    const late = given(win, offer, handoffAccepted('2026-03-09'));
    expect(late.flagsAt('2026-06-01', 'P3.3')).toHaveLength(1);
    expect(late.and(handoffRejected('2026-03-04')).flagsAt('2026-06-01', 'P3.3')).toEqual([]);
  });

  test('the answer to another handoff is none', () => {
    const other = [handoffOffered('2026-03-02T11:00', { id: 'other' }), handoffAccepted('2026-03-03', { id: 'other' })];
    expect(given(win, offer, ...other).flagAt('2026-06-01', 'P3.3').cleared).toBeUndefined();
  });

  test('an offer after a rejection waits for an answer of its own', () => {
    const again = handoffOffered('2026-03-04T10:00');
    const refused = given(win, offer, handoffRejected('2026-03-03'), again);
    const flag = refused.flagAt('2026-03-09T10:05', 'P3.3');
    expect([flag.openedBy.eventId, flag.raisedAt]).toEqual([again.eventId, '2026-03-09T10:05:00.000Z']);
    expect(refused.and(handoffAccepted('2026-03-06')).verdictsAt('2026-06-01', 'P3.3')).toEqual([]);
  });

  test('an offer that is completed before its answer keeps its time', () => {
    const lacking = incompleteHandoffOffered('2026-03-02T10:00');
    const completed = given(win, lacking, handoffOffered('2026-03-04T10:00'));
    expect(completed.flagAt('2026-06-01', 'P3.3').openedBy.eventId).toBe(lacking.eventId);
  });

  test('an answer proves its offer: an acceptance before the offer, or alone, leaves nothing to wait for', () => {
    expect(given(win, handoffAccepted('2026-03-02T09:30')).verdictsAt('2026-06-01', 'P3.3')).toEqual([]);
    expect(given(win, offer, handoffAccepted('2026-03-01')).verdictsAt('2026-06-01', 'P3.3')).toEqual([]);
  });

  test.each([
    ['2026-03-02T09:55', 0],
    ['2026-03-02T09:54:59.999Z', 1],
  ])('a rejection at %s, before the offer by another clock, leaves %i flags', (at, flags) => {
    expect(given(win, offer, handoffRejected(at)).flagsAt('2026-06-01', 'P3.3')).toHaveLength(flags);
  });

  test('a weekend and the lead partner’s holidays are no business days', () => {
    const calendars = { no: { holidays: ['2026-03-04'] } };
    const channel = [policyPublished({ calendars }), partnerRegistered('no'), opened('2026-02-01')];
    expect(given(...channel, offer).verdictsAt('2026-03-03', 'P3.3')).toMatchObject([
      { dueAt: '2026-03-06T10:00:00.000Z' },
    ]);
    const saturday = handoffOffered('2026-02-28T15:00');
    expect(given(opened('2026-02-01'), saturday).verdictsAt('2026-03-01', 'P3.3')).toMatchObject([
      { dueAt: '2026-03-05T00:00:00.000Z' },
    ]);
  });

  test('a policy gives other days', () => {
    const strict = policyPublished({ thresholds: { 'P3.3': { days: 2 } } });
    expect(given(win, offer, strict).flagAt('2026-03-04T10:05', 'P3.3').dueAt).toBe('2026-03-04T10:00:00.000Z');
  });

  test.each([
    ['2026-03-02T16:00:00.000Z', '2026-03-02T16:00:00.000Z'],
    ['2026-03-20T10:00:00.000Z', '2026-03-20T10:00:00.000Z'],
    ['2026-03-02T10:00:00.000Z', due],
    ['2026-03-01T10:00:00.000Z', due],
    // An offer gives itself thirty days at most.
    ['2026-04-01T09:59:00.000Z', '2026-04-01T09:59:00.000Z'],
    ['2026-04-01T10:00:00.000Z', '2026-04-01T10:00:00.000Z'],
    ['2026-04-01T10:01:00.000Z', '2026-04-01T10:00:00.000Z'],
    ['2029-01-01T10:00:00.000Z', '2026-04-01T10:00:00.000Z'],
  ])('an offer that is to be answered by %s is due at %s', (acceptBy, dueAt) => {
    const asked = recorded(
      'HandoffOffered',
      { handoffId: 'handoff-1', fromStage: 'sell', toStage: 'deliver', acceptBy },
      { at: '2026-03-02T10:00' },
    );
    expect(given(win, asked).verdictsAt('2026-03-02T10:00', 'P3.3')).toMatchObject([{ state: 'armed', dueAt }]);
    expect(given(win, asked).flagAt('2026-06-01', 'P3.3').dueAt).toBe(dueAt);
  });

  test('a policy sets how many days an offer may give itself, which are no less than its business days', () => {
    const asked = recorded(
      'HandoffOffered',
      { handoffId: 'handoff-1', fromStage: 'sell', toStage: 'deliver', acceptBy: '2029-01-01T10:00:00.000Z' },
      { at: '2026-03-02T10:00' },
    );
    const dueBy = (thresholds: { readonly days?: number; readonly longestDays: number }) =>
      given(win, asked, policyPublished({ thresholds: { 'P3.3': thresholds } })).flagAt('2026-06-01', 'P3.3').dueAt;
    expect(dueBy({ longestDays: 10 })).toBe('2026-03-12T10:00:00.000Z');
    expect(dueBy({ longestDays: 1 })).toBe(due);
    expect(given(win, asked).flagAt('2026-06-01', 'P3.3').evidence).toContainEqual({
      ...{ kind: 'value', name: 'days that an offer may give itself at most', value: 30, threshold: 30 },
    });
  });

  test('a handoff to oneself has no timer', () => {
    const toSelf = { handoffId: 'own', fromStage: 'sell', toStage: 'deliver', self: true } as const;
    expect(
      given(win, recorded('HandoffOffered', toSelf, { at: '2026-03-02' })).verdictsAt('2027-01-01', 'P3.3'),
    ).toEqual([]);
  });

  test('closes as moot with a deal that is lost, and arms nothing after it', () => {
    const closed = lost('2026-04-01');
    expect(given(opened('2026-02-01'), offer, closed).flagAt('2026-06-01', 'P3.3').cleared).toMatchObject({
      ...{ at: closed.occurredAt, reason: 'closedMoot' },
    });
    expect(given(opened('2026-02-01'), offer, lost('2026-03-04')).verdictsAt('2026-06-01', 'P3.3')).toEqual([]);
  });

  describe('across a renewal', () => {
    const term = subscribed('2025-06-01', { to: '2026-06-01' });
    const next = renewed('2026-05-01', { from: '2026-06-01', to: '2027-06-01' });

    test('an offer to Deliver is answered after it', () => {
      const late = handoffAccepted('2026-05-10');
      expect(given(win, term, offer, next, late).flagAt('2026-06-10', 'P3.3').cleared?.eventId).toBe(late.eventId);
      expect(given(win, term, offer, next).flagAt('2026-06-10', 'P3.3').cleared).toBeUndefined();
    });

    test('an offer to Renew closes with it', () => {
      const asked = handoffOffered('2026-03-20', toRenew);
      expect(given(opened('2025-05-01'), term, asked, next).flagAt('2026-06-10', 'P3.3').cleared).toEqual({
        ...{ at: next.occurredAt, eventId: next.eventId, reason: 'closedMoot' },
      });
      const soon = renewed('2026-03-21', { from: '2026-06-01', to: '2027-06-01' });
      expect(given(opened('2025-05-01'), term, asked, soon).verdictsAt('2026-06-10', 'P3.3')).toEqual([]);
    });
  });
});

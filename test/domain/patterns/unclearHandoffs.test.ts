// Is P3.1 (a stage begins without an accepted handoff) raised and cleared, at its limits and after them?
import { describe, expect, test } from 'vitest';
import {
  deliveryStarted,
  fulfilled,
  goLive,
  handoffAccepted,
  handoffOffered,
  handoffRejected,
  incompleteHandoffOffered,
  opened,
  policyPublished,
  renewalProposed,
  renewed,
  reported,
  subscribed,
  won,
} from '../../support/histories/engagementFacts.ts';
import { fact } from '../../support/histories/events.ts';
import { given } from '../../support/histories/given.ts';

const win = won('2026-03-02T10:00');
const toReport = { id: 'handoff-2', from: 'deliver', to: 'report' } as const;
const toRenew = { id: 'handoff-3', from: 'report', to: 'renew' } as const;

describe('P3.1 stage began without an accepted handoff', () => {
  const start = deliveryStarted('2026-03-04T09:00');

  test('is raised once the tolerance after the start is over', () => {
    const begun = given(win, start);
    expect(begun.verdictsAt('2026-03-04T09:04:59.999Z', 'P3.1')).toEqual([
      expect.objectContaining({ state: 'armed', dueAt: '2026-03-04T09:00:00.000Z' }),
    ]);
    const flag = begun.flagAt('2026-03-04T09:05', 'P3.1');
    expect(flag).toMatchObject({
      raisedAt: '2026-03-04T09:05:00.000Z',
      severity: 'high',
      subject: 'cycle:1/sell+procure>deliver',
      cleared: undefined,
    });
    expect(flag.openedBy.eventId).toBe(start.eventId);
    expect(flag.evidence).toEqual([
      expect.objectContaining({ kind: 'event', eventId: win.eventId }),
      expect.objectContaining({ kind: 'event', eventId: start.eventId }),
      expect.objectContaining({ kind: 'silence', of: 'HandoffAccepted', armedBy: start.eventId }),
    ]);
  });

  test.each(['2026-02-25', '2026-03-04T09:00', '2026-03-04T09:05'])('a handoff accepted at %s keeps it quiet', (at) => {
    expect(
      given(win, start, handoffOffered('2026-02-20'), handoffAccepted(at)).verdictsAt('2026-04-01', 'P3.1'),
    ).toEqual([]);
  });

  test('a handoff from Procure meets the pair too', () => {
    const accepted = handoffAccepted('2026-03-03', { from: 'procure' });
    expect(given(win, start, accepted).verdictsAt('2026-04-01', 'P3.1')).toEqual([]);
  });

  test('a handoff that is only offered, rejected, or of another pair does not meet it', () => {
    const others = [
      handoffOffered('2026-03-03'),
      handoffRejected('2026-03-03T10:00'),
      handoffAccepted('2026-03-03', toReport),
    ];
    expect(given(win, start, ...others).flagAt('2026-04-01', 'P3.1').cleared).toBeUndefined();
  });

  test('a handoff that is offered again after its rejection, and accepted, meets it', () => {
    const again = [
      incompleteHandoffOffered('2026-03-02T11:00'),
      handoffRejected('2026-03-02T12:00'),
      handoffOffered('2026-03-02T13:00'),
      handoffAccepted('2026-03-02T14:00'),
    ];
    expect(given(win, start, ...again).verdictsAt('2026-04-01', 'P3.1')).toEqual([]);
  });

  test('a person may offer a rejected handoff again, and answer it once', () => {
    const data = { handoffId: 'handoff-1', fromStage: 'sell', toStage: 'deliver' } as const;
    const answer = fact('HandoffAccepted', data, { at: '2026-03-02T14:00', actor: 'kim' });
    const rejected = given(handoffOffered('2026-03-02T11:00'), handoffRejected('2026-03-02T12:00'));
    rejected.when(answer).isRefused('handoffAlreadyAnswered');
    const again = rejected.and(handoffOffered('2026-03-02T13:00'));
    again.when(answer).isAccepted();
    again.and(handoffAccepted('2026-03-02T13:30')).when(answer).isRefused('handoffAlreadyAnswered');
  });

  test('a late acceptance clears it', () => {
    const late = handoffAccepted('2026-03-04T09:05:00.001Z');
    expect(given(win, start, late).flagAt('2026-04-01', 'P3.1').cleared).toEqual({
      at: late.occurredAt,
      eventId: late.eventId,
      reason: 'acceptedLate',
    });
  });

  test('an acceptance that is recorded late withdraws it', () => {
    const flagged = given(win, start);
    expect(flagged.and(handoffAccepted('2026-03-03')).verdictsAt('2026-04-01', 'P3.1')).toEqual([]);
  });

  test.each([
    ['2026-03-02T09:55', 1],
    ['2026-03-02T09:54:59.999Z', 0],
  ])('a start at %s, before the win, breaches it %i times', (at, times) => {
    expect(given(win, deliveryStarted(at)).flagsAt('2026-04-01', 'P3.1')).toHaveLength(times);
  });

  test('neither a fulfilment nor a start without a win breaches it', () => {
    expect(given(win, fulfilled('2026-03-04')).flagsAt('2026-04-01', 'P3.1')).toEqual([]);
    expect(given(opened('2026-02-01'), start).flagsAt('2026-04-01', 'P3.1')).toEqual([]);
  });

  test('the first report after go-live breaches the handoff to Report', () => {
    const report = reported('2026-04-20', 'adoption');
    const flag = given(goLive('2026-04-01'), report).flagAt('2026-05-01', 'P3.1');
    expect(flag).toMatchObject({ subject: 'cycle:1/deliver>report', raisedAt: '2026-04-20T00:05:00.000Z' });
    expect(
      given(goLive('2026-04-01'), report, handoffAccepted('2026-04-10', toReport)).flagsAt('2026-05-01', 'P3.1'),
    ).toEqual([]);
    expect(given(goLive('2026-04-01'), reported('2026-03-20')).flagsAt('2026-05-01', 'P3.1')).toEqual([]);
  });

  test('the proposal breaches the handoff to Renew, whether the proposal or time opened Renew', () => {
    const subscription = subscribed('2025-06-01', { to: '2026-06-01' });
    const byTime = given(subscription, renewalProposed('2026-04-01'));
    expect(byTime.flagAt('2026-04-02', 'P3.1').subject).toBe('cycle:1/report>renew');
    const byFact = given(subscription, renewalProposed('2026-02-01'));
    expect(byFact.flagAt('2026-02-02', 'P3.1').raisedAt).toBe('2026-02-01T00:05:00.000Z');
    expect(byFact.and(handoffAccepted('2026-01-20', toRenew)).flagsAt('2026-02-02', 'P3.1')).toEqual([]);
  });

  test('a handoff of an earlier cycle does not count', () => {
    const secondCycle = given(
      win,
      handoffOffered('2026-03-03'),
      handoffAccepted('2026-03-03'),
      subscribed('2026-03-04', { to: '2027-03-04' }),
      renewed('2027-03-04', { to: '2028-03-04' }),
      won('2027-04-01'),
      deliveryStarted('2027-04-10'),
    );
    expect(secondCycle.flagAt('2027-05-01', 'P3.1').subject).toBe('cycle:2/sell+procure>deliver');
  });

  test('a proposal at the very instant of the renewal belongs to the cycle that the renewal ends', () => {
    const renewal = given(
      won('2025-05-01'),
      subscribed('2025-06-01', { to: '2026-06-01' }),
      renewalProposed('2026-05-20'),
      renewed('2026-05-20', { from: '2026-06-01', to: '2027-06-01' }),
    );
    expect(renewal.flagAt('2026-05-21', 'P3.1').subject).toBe('cycle:1/report>renew');
  });

  test('a policy that requires other handoffs replaces the default ones', () => {
    const none = policyPublished({ handoffs: [] });
    expect(given(win, start, none).flagsAt('2026-04-01', 'P3.1')).toEqual([]);
    const fromSell = policyPublished({ handoffs: [{ fromStages: ['sell'], toStage: 'deliver' }] });
    const fromProcure = handoffAccepted('2026-03-03', { from: 'procure' });
    expect(given(win, start, fromSell, fromProcure).flagAt('2026-04-01', 'P3.1').subject).toBe('cycle:1/sell>deliver');
  });

  test('a required pair that no fact arms stays quiet', () => {
    const toSell = policyPublished({ handoffs: [{ fromStages: ['create'], toStage: 'sell' }] });
    expect(given(opened('2026-02-01'), win, toSell).verdictsAt('2026-04-01', 'P3.2')).toEqual([]);
  });
});

describe('a need of a handoff, across a renewal', () => {
  const year = subscribed('2026-03-01', { to: '2027-03-01' });
  const again = renewed('2026-05-01', { from: '2027-03-01', to: '2028-03-01' });
  const quarter = [
    subscribed('2026-03-01', { to: '2026-05-30' }),
    renewed('2026-05-01', { from: '2026-05-30', to: '2026-08-30' }),
  ];
  const toDeliver = { id: 'handoff-1', from: 'sell', to: 'deliver' } as const;
  const ways = [
    ['to Deliver', toDeliver, win, deliveryStarted],
    ['to Report', toReport, goLive('2026-03-02T10:00'), (at: string) => reported(at, 'adoption')],
  ] as const;

  test.each(ways)('%s: an offer after it clears the flag of before it', (_, pair, need) => {
    const late = handoffOffered('2026-06-01', pair);
    for (const renewal of [[year, again], quarter])
      expect(given(need, ...renewal, late).flagAt('2026-07-01', 'P3.2').cleared).toMatchObject({
        ...{ at: late.occurredAt, eventId: late.eventId, reason: 'offeredLate' },
      });
  });

  test.each(ways)('%s: an offer in time after it keeps the rule quiet', (_, pair, need) => {
    const soon = renewed('2026-03-03', { from: '2027-03-01', to: '2028-03-01' });
    expect(given(need, year, soon, handoffOffered('2026-03-04', pair)).flagsAt('2026-07-01', 'P3.2')).toEqual([]);
  });

  test.each(ways)('%s: work after it breaches, and an acceptance clears', (_, pair, need, work) => {
    const begun = given(need, handoffOffered('2026-03-03', pair), year, again, work('2026-06-01'));
    expect(begun.flagAt('2026-06-02', 'P3.1')).toMatchObject({
      ...{ raisedAt: '2026-06-01T00:05:00.000Z', cleared: undefined },
      subject: expect.stringMatching(/^cycle:1\//),
    });
    const answered = begun.and(handoffAccepted('2026-06-03', pair));
    expect(answered.flagAt('2026-07-01', 'P3.1').cleared?.reason).toBe('acceptedLate');
    expect(begun.and(handoffAccepted('2026-05-20', pair)).flagsAt('2026-07-01', 'P3.1')).toEqual([]);
  });

  test.each(ways)('%s: work before it breaches, and an acceptance after it clears', (_, pair, need, work) => {
    const begun = given(need, work('2026-04-01'), year, again, handoffAccepted('2026-06-03', pair));
    expect(begun.flagAt('2026-07-01', 'P3.1').cleared?.at).toBe('2026-06-03T00:00:00.000Z');
  });

  test('to Renew: what a renewal left open closes with it, and the next renewal is looked at anew', () => {
    const term = subscribed('2025-06-01', { to: '2026-06-01' });
    const lacking = incompleteHandoffOffered('2026-03-20', toRenew);
    const next = renewed('2026-05-01', { from: '2026-06-01', to: '2027-06-01' });
    const decided = given(opened('2025-05-01'), term, lacking, renewalProposed('2026-04-01'), next);
    const closed = { at: next.occurredAt, eventId: next.eventId, reason: 'closedMoot' };
    for (const rule of ['P3.1', 'P3.4']) expect(decided.flagAt('2027-01-01', rule).cleared, rule).toEqual(closed);
    const silent = given(opened('2025-05-01'), term, next);
    expect(silent.flagAt('2027-01-01', 'P3.2').cleared).toEqual(closed);
    expect(silent.and(handoffOffered('2026-04-20', toRenew)).flagAt('2027-01-01', 'P3.2').cleared?.reason).toBe(
      'offeredLate',
    );
    expect(silent.flagsAt('2027-04-01', 'P3.2').map(({ subject }) => subject)).toEqual([
      'cycle:1/report>renew',
      'cycle:2/report>renew',
    ]);
    const early = given(opened('2025-05-01'), term, renewed('2026-03-05', { from: '2026-06-01', to: '2027-06-01' }));
    expect(early.flagsAt('2027-01-01', 'P3.2')).toEqual([]);
  });

  test('the work of the next cycle breaches the next need alone', () => {
    const both = given(win, year, again, won('2026-06-01'), deliveryStarted('2026-06-10'));
    expect(both.flagAt('2026-07-01', 'P3.1').subject).toBe('cycle:2/sell+procure>deliver');
  });
});

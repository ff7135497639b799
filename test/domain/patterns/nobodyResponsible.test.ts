// Is P3.7 (nobody is responsible for a stage) raised and cleared, at its limits and after them?
import { describe, expect, test } from 'vitest';
import {
  deliveryStarted,
  fulfilled,
  goLive,
  lost,
  opened,
  partner,
  reinstated,
  renewed,
  reopened,
  subscribed,
  withdrawn,
  won,
} from '../../support/histories/engagementFacts.ts';
import { recorded, type Said } from '../../support/histories/events.ts';
import { given } from '../../support/histories/given.ts';

type Duties = NonNullable<Said<'ParticipantJoined'>['responsibilities']>;

const other = { ...partner, id: '001000000000002AAA' };
const joined = (at: string, responsibilities: Duties, said: Partial<Said<'ParticipantJoined'>> = {}) =>
  recorded('ParticipantJoined', { org: partner, responsibilities: [...responsibilities], ...said }, { at });

const start = opened('2026-02-01T10:00');
const seller = joined('2026-02-01T11:00', ['sell']);
const win = won('2026-03-02T10:00');

describe('P3.7 nobody responsible', () => {
  test('an engagement without declared responsibilities is not judged', () => {
    expect(given(start, win, goLive('2026-05-01')).verdictsAt('2026-06-01', 'P3.7')).toEqual([]);
    const helper = joined('2026-02-01T11:00', []);
    expect(given(start, helper, win).verdictsAt('2026-06-01', 'P3.7')).toEqual([]);
  });

  test('is raised once the tolerance after the entry to the stage is over', () => {
    expect(given(start, seller).verdictsAt('2026-03-01', 'P3.7')).toEqual([]);
    expect(given(start, seller, win).verdictsAt('2026-03-02T10:04:59.999Z', 'P3.7')).toMatchObject([
      { state: 'armed', dueAt: win.occurredAt },
    ]);
    const flag = given(start, seller, win).flagAt('2026-03-02T10:05', 'P3.7');
    expect(flag).toMatchObject({
      ...{ raisedAt: '2026-03-02T10:05:00.000Z', severity: 'medium', cleared: undefined },
      subject: 'cycle:1/procure:bill',
    });
    expect(flag.openedBy.eventId).toBe(win.eventId);
    expect(flag.evidence).toEqual([
      expect.objectContaining({ eventId: seller.eventId }),
      expect.objectContaining({ eventId: win.eventId }),
      expect.objectContaining({ kind: 'silence', of: 'ParticipantJoined', from: win.occurredAt }),
    ]);
  });

  test.each([
    ['sell', 'sell', undefined],
    ['procure', 'bill', win],
    ['deliver', 'deliver', fulfilled('2026-03-03')],
    ['report', 'support', goLive('2026-03-04')],
  ] as const)('in %s, somebody must answer for: %s', (stage, duty, entry) => {
    const duties = (['sell', 'bill', 'deliver', 'support'] as const).filter((each) => each !== duty);
    const entries = entry === undefined ? [] : [entry];
    const lacking = given(start, joined('2026-02-01T10:00', [...duties, 'advise']), ...entries);
    expect(lacking.flagAt('2026-06-01', 'P3.7').subject).toBe(`cycle:1/${stage}:${duty}`);
    const whole = given(start, joined('2026-02-01T10:00', [...duties, duty]), ...entries);
    expect(whole.verdictsAt('2026-06-01', 'P3.7')).toEqual([]);
  });

  test('several participants hold the responsibilities together', () => {
    const biller = joined('2026-02-10', ['bill'], { org: other });
    expect(given(start, seller, biller, win).verdictsAt('2026-06-01', 'P3.7')).toEqual([]);
  });

  test.each([
    ['2026-03-02T10:05', 0],
    ['2026-03-02T10:05:00.001Z', 1],
    ['2026-03-03T10:00', 1],
  ])('a participant that joins at %s leaves %i flags', (at, flags) => {
    const biller = joined(at, ['bill'], { org: other });
    const found = given(start, seller, win, biller).flagsAt('2026-06-01', 'P3.7');
    expect(found).toHaveLength(flags);
    expect(found.map(({ cleared }) => cleared)).toEqual(
      found.map(() => ({ at: biller.occurredAt, eventId: biller.eventId, reason: 'participantJoined' })),
    );
  });

  test('the first declaration is judged from its own instant on, and earlier stages are not', () => {
    const late = joined('2026-03-10', ['bill']);
    const flag = given(start, win, deliveryStarted('2026-03-05'), late).flagAt('2026-06-01', 'P3.7');
    expect(flag).toMatchObject({ subject: 'cycle:1/deliver:deliver', raisedAt: '2026-03-10T00:05:00.000Z' });
    expect(flag.openedBy.eventId).toBe(late.eventId);
  });

  test('closes as moot once the stage is left, and the next stage is looked at anew', () => {
    const begun = deliveryStarted('2026-03-20');
    expect(given(start, seller, win, begun).flagsAt('2026-06-01', 'P3.7')).toMatchObject([
      {
        subject: 'cycle:1/procure:bill',
        cleared: { at: begun.occurredAt, eventId: begun.eventId, reason: 'closedMoot' },
      },
      { subject: 'cycle:1/deliver:deliver', cleared: undefined },
    ]);
    const soon = given(start, seller, win, deliveryStarted('2026-03-02T10:05'));
    expect(soon.flagAt('2026-06-01', 'P3.7').subject).toBe('cycle:1/deliver:deliver');
  });

  test('what is said of a party later replaces what was said before', () => {
    const moved = joined('2026-02-10T10:00', ['deliver']);
    const flag = given(start, seller, moved).flagAt('2026-06-01', 'P3.7');
    expect(flag).toMatchObject({ subject: 'cycle:1/sell:sell/after', raisedAt: '2026-02-10T10:05:00.000Z' });
    expect(flag.openedBy.eventId).toBe(moved.eventId);
    expect(
      given(start, seller, joined('2026-02-10', ['deliver'], { org: other })).flagsAt('2026-06-01', 'P3.7'),
    ).toEqual([]);
  });

  test('a dated responsibility begins and ends by time', () => {
    const until = joined('2026-02-01T11:00', ['sell'], { until: '2026-02-20T00:00:00.000Z' });
    const ending = given(start, until);
    expect(ending.verdictsAt('2026-02-10', 'P3.7')).toMatchObject([
      { state: 'armed', dueAt: '2026-02-20T00:00:00.000Z' },
    ]);
    expect(ending.nextDueAt('2026-02-10')).toBe('2026-02-20T00:05:00.000Z');
    expect(ending.flagAt('2026-02-20T00:05', 'P3.7').openedBy.eventId).toBe(until.eventId);
    const successor = joined('2026-02-15', ['sell'], { org: other, from: '2026-02-25T00:00:00.000Z' });
    const handed = ending.and(successor);
    expect(handed.flagAt('2026-02-24', 'P3.7').cleared).toBeUndefined();
    expect(handed.nextDueAt('2026-02-24')).toBe('2026-02-25T00:00:00.000Z');
    expect(handed.flagAt('2026-02-25', 'P3.7').cleared).toEqual({
      ...{ at: '2026-02-25T00:00:00.000Z', eventId: successor.eventId, reason: 'participantJoined' },
    });
    const seamless = joined('2026-02-15', ['sell'], { org: other, from: '2026-02-20T00:05:00.000Z' });
    expect(ending.and(seamless).verdictsAt('2026-06-01', 'P3.7')).toEqual([]);
  });

  test('a responsibility is nobody’s before it was said, also where it is dated back', () => {
    const back = joined('2026-03-10', ['bill'], { org: other, from: '2026-03-01T00:00:00.000Z' });
    expect(given(start, seller, win, back).flagAt('2026-06-01', 'P3.7').cleared?.at).toBe(back.occurredAt);
  });

  test('an invitation makes nobody responsible', () => {
    const invited = recorded('ParticipantInvited', { invitationId: 'i1', org: other }, { at: '2026-02-10' });
    expect(given(start, seller, invited, win).flagsAt('2026-06-01', 'P3.7')).toHaveLength(1);
  });

  test('support is looked at as one, across Report, Renew and a renewal', () => {
    const live = goLive('2025-04-01');
    const across = given(
      ...[opened('2025-02-01'), joined('2025-02-01', ['sell', 'bill', 'deliver']), won('2025-03-01')],
      ...[subscribed('2025-03-02', { to: '2026-03-02' }), live],
      renewed('2026-03-01', { from: '2026-03-02', to: '2027-03-02' }),
    );
    expect(across.flagAt('2027-02-20', 'P3.7')).toMatchObject({
      ...{ subject: 'cycle:1/report:support', openedBy: { eventId: live.eventId }, cleared: undefined },
    });
    const support = joined('2026-08-01', ['support'], { org: other });
    expect(across.and(support).flagAt('2027-02-20', 'P3.7').cleared?.eventId).toBe(support.eventId);
  });

  test('a lost deal closes it', () => {
    const declared = joined('2026-02-01T11:00', ['deliver']);
    const closed = lost('2026-03-01');
    expect(given(start, declared, closed).flagAt('2026-06-01', 'P3.7').cleared).toMatchObject({
      ...{ at: closed.occurredAt, reason: 'closedMoot' },
    });
  });

  test.each([
    [withdrawn('2026-03-10'), reinstated('2026-03-20')],
    [lost('2026-03-10'), reopened('2026-03-20')],
  ])('a stage that an end of the engagement left is not looked at once the engagement goes on', (end, back) => {
    const declared = joined('2026-04-20', ['deliver']);
    expect(given(start, end, back, declared).flagAt('2026-06-01', 'P3.7')).toMatchObject({
      ...{ subject: 'cycle:1/sell:sell', raisedAt: '2026-04-20T00:05:00.000Z', cleared: undefined },
    });
  });
});

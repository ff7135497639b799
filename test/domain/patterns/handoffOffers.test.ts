// Are P3.2 (handoff not offered) and P3.4 (incomplete handoff) raised and cleared, at their limits and after them?
import { describe, expect, test } from 'vitest';
import {
  deliveryStarted,
  goLive,
  handoffAccepted,
  handoffOffered,
  incompleteHandoffOffered,
  opened,
  partnerRegistered,
  policyPublished,
  renewed,
  subscribed,
  won,
} from '../../support/histories/engagementFacts.ts';
import { type RecordedOptions, recorded, type Said } from '../../support/histories/events.ts';
import { given } from '../../support/histories/given.ts';

const win = won('2026-03-02T10:00');
const toReport = { id: 'handoff-2', from: 'deliver', to: 'report' } as const;

describe('P3.2 handoff not offered', () => {
  const due = '2026-03-09T10:00';
  const believed = '2026-03-09T10:05';

  test('is armed by the win for five business days', () => {
    expect(given(win).verdictsAt('2026-03-09T10:04:59.999Z', 'P3.2')).toEqual([
      expect.objectContaining({
        state: 'armed',
        dueAt: '2026-03-09T10:00:00.000Z',
        subject: 'cycle:1/sell+procure>deliver',
      }),
    ]);
  });

  test('is raised once the tolerance after its due instant is over', () => {
    const flag = given(win).flagAt(believed, 'P3.2');
    expect(flag).toMatchObject({
      dueAt: '2026-03-09T10:00:00.000Z',
      raisedAt: '2026-03-09T10:05:00.000Z',
      severity: 'medium',
      cleared: undefined,
    });
    expect(flag.openedBy.eventId).toBe(win.eventId);
    expect(flag.evidence).toContainEqual(
      expect.objectContaining({ kind: 'silence', of: 'HandoffOffered', from: win.occurredAt, until: flag.dueAt }),
    );
  });

  test.each(['2026-02-20', '2026-03-05', due, '2026-03-09T10:05'])('an offer at %s keeps it quiet', (at) => {
    expect(given(win, handoffOffered(at)).verdictsAt('2026-04-01', 'P3.2')).toEqual([]);
    expect(given(win, handoffOffered(at, { from: 'procure' })).verdictsAt('2026-04-01', 'P3.2')).toEqual([]);
  });

  test('an answer alone proves that there was an offer', () => {
    expect(given(win, handoffAccepted('2026-03-05')).verdictsAt('2026-04-01', 'P3.2')).toEqual([]);
  });

  test('a late offer clears it, and an offer in time that is recorded late withdraws it', () => {
    const late = handoffOffered('2026-03-09T10:05:00.001Z');
    expect(given(win, late).flagAt('2026-04-01', 'P3.2').cleared).toMatchObject({
      eventId: late.eventId,
      reason: 'offeredLate',
    });
    expect(given(win, late, handoffOffered('2026-03-04', { id: 'handoff-9' })).flagsAt('2026-04-01', 'P3.2')).toEqual(
      [],
    );
  });

  test('a weekend and the lead partner’s holidays are no business days', () => {
    const calendars = { no: { holidays: ['2026-03-05', '2026-03-10'] } };
    const channel = [policyPublished({ calendars }), partnerRegistered('no'), opened('2026-02-01')];
    expect(given(...channel, win).verdictsAt('2026-03-03', 'P3.2')).toMatchObject([
      { dueAt: '2026-03-11T10:00:00.000Z' },
    ]);
    const saturday = given(won('2026-02-28T15:00'));
    expect(saturday.verdictsAt('2026-03-01', 'P3.2')).toMatchObject([{ dueAt: '2026-03-09T00:00:00.000Z' }]);
  });

  test('go-live arms the handoff to Report', () => {
    const live = given(goLive('2026-03-02T10:00'));
    expect(live.flagAt(believed, 'P3.2').subject).toBe('cycle:1/deliver>report');
    expect(live.and(handoffOffered('2026-03-09', toReport)).flagsAt('2026-04-01', 'P3.2')).toEqual([]);
  });

  test('the opening of Renew by time arms the handoff to Renew, with the event of the ending term', () => {
    const subscription = subscribed('2025-06-01', { to: '2026-06-01' });
    const running = given(win, handoffOffered('2026-03-02T11:00'), subscription);
    expect(running.verdictsAt('2026-03-02T23:59', 'P3.2')).toEqual([]);
    const flag = running.flagAt('2026-03-10T00:05', 'P3.2');
    expect(flag).toMatchObject({ raisedAt: '2026-03-10T00:05:00.000Z', subject: 'cycle:1/report>renew' });
    expect(flag.openedBy.eventId).toBe(subscription.eventId);
  });

  test('is absorbed once work began without the handoff, and is not raised after that', () => {
    const begun = deliveryStarted('2026-03-12');
    expect(given(win, begun).flagAt('2026-03-12T00:04:59.999Z', 'P3.2').cleared).toBeUndefined();
    const absorbed = { at: '2026-03-12T00:05:00.000Z', eventId: begun.eventId, reason: 'absorbed' };
    for (const now of ['2026-03-12T00:05', '2027-01-01'])
      expect(given(win, begun).flagAt(now, 'P3.2').cleared).toEqual(absorbed);
    expect(given(win, deliveryStarted('2026-03-09T10:00')).verdictsAt('2027-01-01', 'P3.2')).toEqual([]);
    expect(given(win, deliveryStarted('2026-03-05')).verdictsAt('2026-03-06', 'P3.2')).toEqual([]);
    const taken = [handoffOffered('2026-03-11'), handoffAccepted('2026-03-12T00:05')];
    expect(given(win, begun, ...taken).flagAt('2027-01-01', 'P3.2').cleared?.reason).toBe('offeredLate');
    expect(given(win, begun, handoffAccepted('2026-03-12T00:05')).flagAt('2027-01-01', 'P3.2').cleared?.reason).toBe(
      'offeredLate',
    );
  });

  describe('a handoff to oneself', () => {
    const toSelf = (at: string, said: Partial<Said<'HandoffOffered'>> = {}, options: Partial<RecordedOptions> = {}) =>
      recorded(
        'HandoffOffered',
        { handoffId: 'own', fromStage: 'sell', toStage: 'deliver', self: true, ...said },
        { at, ...options },
      );

    test.each(['2026-02-20', '2026-03-05', '2026-03-12', '2026-12-01'])('that is offered at %s has no timer', (at) => {
      expect(given(win, toSelf(at)).verdictsAt('2027-01-01', 'P3.2')).toEqual([]);
    });

    test('is known as such by its answer, too, and for each pair', () => {
      const accepted = handoffAccepted('2026-03-12', { id: 'own' });
      expect(given(win, accepted, toSelf('2026-03-13')).flagsAt('2027-01-01', 'P3.2')).toEqual([]);
      const own = toSelf('2026-03-20', { fromStage: 'deliver', toStage: 'report' });
      expect(given(goLive('2026-03-02'), own).flagsAt('2026-06-01', 'P3.2')).toEqual([]);
    });

    test('does not take back a flag that another offer had cleared, and still has to be accepted', () => {
      const cleared = given(win, handoffOffered('2026-03-12'), toSelf('2026-03-13'));
      expect(cleared.flagAt('2027-01-01', 'P3.2').cleared?.reason).toBe('offeredLate');
      expect(
        given(win, toSelf('2026-03-03'), deliveryStarted('2026-03-05')).flagsAt('2026-06-01', 'P3.1'),
      ).toHaveLength(1);
    });

    test('that a partner claims after the flag was raised clears it for the vendor to judge', () => {
      const claimed = toSelf('2026-03-12', {}, { saidBy: { role: 'partner', partyId: 'p1' } });
      const flag = given(opened('2026-02-01'), win, claimed).flagAt('2026-04-01', 'P3.2');
      expect(flag.cleared).toMatchObject({ eventId: claimed.eventId, reason: 'lateClaim' });
    });
  });

  test('a policy gives more days', () => {
    const patient = policyPublished({
      handoffs: [{ fromStages: ['sell'], toStage: 'deliver', withinBusinessDays: 10 }],
    });
    expect(given(win, patient).verdictsAt(due, 'P3.2')).toMatchObject([
      { state: 'armed', dueAt: '2026-03-16T10:00:00.000Z' },
    ]);
  });
});

describe('P3.4 incomplete handoff', () => {
  const lacking = incompleteHandoffOffered('2026-03-03');

  test('is raised at the offer that lacks a part', () => {
    const flag = given(lacking).flagAt('2026-03-03', 'P3.4');
    expect(flag).toMatchObject({
      raisedAt: lacking.occurredAt,
      severity: 'medium',
      subject: 'handoff:handoff-1',
      clearsWhen: 'The handoff is offered again with the new owner.',
      cleared: undefined,
    });
    expect(flag.evidence).toContainEqual(expect.objectContaining({ eventId: lacking.eventId }));
  });

  test('a complete offer raises nothing', () => {
    expect(given(handoffOffered('2026-03-03')).verdictsAt('2026-04-01', 'P3.4')).toEqual([]);
  });

  test('a handoff to oneself must be complete too', () => {
    const toSelf = { handoffId: 'h', fromStage: 'sell', toStage: 'deliver', self: true } as const;
    const flag = given(recorded('HandoffOffered', toSelf, { at: '2026-03-03' })).flagAt('2026-04-01', 'P3.4');
    expect(flag.evidence).toContainEqual({ kind: 'value', name: 'parts missing', value: 3, threshold: 0 });
  });

  test('a complete offer of the same handoff clears it', () => {
    const again = handoffOffered('2026-03-04');
    const mended = given(lacking, incompleteHandoffOffered('2026-03-03T12:00'), again);
    expect(mended.flagAt('2026-04-01', 'P3.4').cleared).toMatchObject({
      eventId: again.eventId,
      reason: 'offeredComplete',
    });
  });

  test('a later complete offer of the pair clears it; an earlier one, or one of another pair, does not', () => {
    const other = handoffOffered('2026-03-04', { id: 'handoff-9', from: 'procure' });
    expect(given(lacking, other).flagAt('2026-04-01', 'P3.4').cleared).toMatchObject({
      eventId: other.eventId,
      reason: 'anotherOfferedComplete',
    });
    const without = given(
      lacking,
      handoffOffered('2026-03-04', toReport),
      handoffOffered('2026-03-02', { id: 'handoff-9' }),
    );
    expect(without.flagAt('2026-04-01', 'P3.4').cleared).toBeUndefined();
  });

  test('a complete offer in a later cycle does not clear it', () => {
    const later = given(
      opened('2026-02-01'),
      lacking,
      subscribed('2026-03-04', { to: '2027-03-04' }),
      renewed('2027-03-04', { to: '2028-03-04' }),
      handoffOffered('2027-04-01', { id: 'handoff-9' }),
    );
    expect(later.flagAt('2027-05-01', 'P3.4').cleared).toBeUndefined();
  });

  test('another incomplete offer opens another episode', () => {
    const flags = given(lacking, handoffOffered('2026-03-04'), incompleteHandoffOffered('2026-03-05')).flagsAt(
      '2026-04-01',
      'P3.4',
    );
    expect(flags.map((flag) => [flag.raisedAt, flag.cleared?.at])).toEqual([
      ['2026-03-03T00:00:00.000Z', '2026-03-04T00:00:00.000Z'],
      ['2026-03-05T00:00:00.000Z', undefined],
    ]);
  });
});

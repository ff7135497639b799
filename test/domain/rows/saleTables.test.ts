// Do participants, invitations and registrations stand in tables, and who sees what of them?
import { describe, expect, it } from 'vitest';
import { participants } from '../../../domain/rows/participants.ts';
import { registrations } from '../../../domain/rows/registrations.ts';
import { anyParty } from '../../../events/audience.ts';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { instant, recorded, type Said } from '../../support/histories/events.ts';
import { columnsAt, org, partyId, tableAt } from '../../support/tabled.ts';

const opened = recorded('EngagementOpened', { leadPartner: org('p') }, { at: '2026-01-05' });
const now = '2026-06-01';

const joined = (at: string, id: string, said: Partial<Said<'ParticipantJoined'>> = {}, by?: 'partner') =>
  recorded(
    'ParticipantJoined',
    { org: org(id), responsibilities: ['deliver'], ...said },
    { at, ...(by === undefined ? {} : { saidBy: { role: by, partyId: partyId('p') } }) },
  );
const invited = (at: string, said: Partial<Said<'ParticipantInvited'>> = {}) =>
  recorded('ParticipantInvited', { invitationId: 'i1', org: org('a'), role: 'msp', ...said }, { at });

describe('a participant', () => {
  const rows = (...events: readonly RecordedEvent[]) => columnsAt('participants', now, [opened, ...events]);

  it('shows what it answers for, from when until when, and who says so', () => {
    const first = joined('2026-02-01', 'a', { role: 'si' });
    const second = joined('2026-03-01', 'a', { responsibilities: ['support'] });
    expect(rows(first, second)).toMatchObject([
      {
        ...{ partyId: partyId('a'), party: 'crm/account/a', role: 'si', responsibilities: ['deliver'] },
        ...{ from: instant('2026-02-01'), until: instant('2026-03-01'), lastEventId: second.eventId },
        ...{ joinedEvent: first.eventId, invitation: null, claim: null, saidBy: 'system', partySeenBy: [anyParty] },
      },
      { responsibilities: ['support'], from: instant('2026-03-01'), until: null, role: null },
    ]);
  });

  it('answers now from its beginning on, up to its end, and not at that instant', () => {
    const until = instant('2026-03-01');
    const [row = {}] = rows(joined('2026-02-01', 'a', { until }));
    const answers = (at: string) => participants.whenRead?.(row, instant(at)).answersNow;
    expect(row.answersNow).toBeNull();
    expect(['2026-01-31T23:59', '2026-02-01', '2026-02-28T23:59', '2026-03-01'].map(answers)).toEqual([
      ...[false, true, true, false],
    ]);
  });

  it('is marked where only a partner says so', () => {
    const claim = joined('2026-02-01', 'a', {}, 'partner');
    expect(rows(claim)).toMatchObject([{ claim: 'unconfirmed', saidBy: 'partner', saidById: partyId('p') }]);
    const confirmed = recorded('ClaimConfirmed', { eventId: claim.eventId, reason: 'checked' }, { at: '2026-02-03' });
    expect(rows(claim, confirmed)).toMatchObject([{ claim: null, saidBy: 'partner' }]);
    expect(rows(claim, joined('2026-02-02', 'a', { responsibilities: [] }))).toMatchObject([
      { claim: null, responsibilities: [] },
    ]);
  });

  it('keeps its row whatever else is said of the engagement', () => {
    const joining = joined('2026-02-01', 'a');
    const won = recorded('DealClosed', { result: 'won' }, { at: '2026-03-01' });
    expect(rows(joining, won)).toEqual(rows(joining));
  });
});

describe('an invitation', () => {
  const rows = (...events: readonly RecordedEvent[]) => columnsAt('participants', now, [opened, ...events]);

  it('has a row until somebody joins by it, and then stands in that row', () => {
    const expiresAt = instant('2026-03-01');
    const asked = invited('2026-02-01', { expiresAt });
    expect(rows(asked)).toMatchObject([
      {
        ...{ partyId: partyId('a'), role: 'msp', invitationId: 'i1', invitation: 'open', expiresAt },
        ...{ joinedEvent: null, responsibilities: [], from: null, answeredAt: null, lastEventId: asked.eventId },
      },
    ]);
    const answer = joined('2026-02-03', 'a', { invitationId: 'i1' });
    expect(rows(asked, answer)).toMatchObject([
      {
        ...{ invitation: 'joined', joinedEvent: answer.eventId, invitedAt: asked.occurredAt, expiresAt },
        answeredAt: answer.occurredAt,
      },
    ]);
  });

  it.each(['declined', 'expired'] as const)('shows that it was answered: %s', (reason) => {
    const answer = recorded('ParticipantDeclined', { invitationId: 'i1', reason }, { at: '2026-02-03' });
    expect(rows(invited('2026-02-01'), answer)).toMatchObject([
      { invitation: reason, answeredAt: answer.occurredAt, lastEventId: answer.eventId },
    ]);
  });

  it('shows whom it invites to who led then, and to the invited; its answer shows everyone who joined', () => {
    const [open] = rows(invited('2026-02-01'));
    expect([open?.partySeenBy, open?.invitedSeenBy]).toEqual([
      expect.arrayContaining([partyId('p'), partyId('a')]),
      expect.arrayContaining([partyId('p'), partyId('a')]),
    ]);
    const [answered] = rows(invited('2026-02-01'), joined('2026-02-03', 'a', { invitationId: 'i1' }));
    expect(answered?.partySeenBy).toEqual([anyParty]);
    expect(answered?.invitedSeenBy).not.toContain(anyParty);
  });

  it('that names nobody has no party', () => {
    expect(rows(invited('2026-02-01', { org: undefined }))).toMatchObject([{ partyId: null, party: null }]);
  });
});

describe('a registration', () => {
  const registered = (id: string, partner: string, at: string, recordedAt = at) =>
    recorded(
      'DealRegistered',
      {
        ...{ registrationId: id, customer: org('c'), partner: org(partner), offerId: 'o' },
        protectedUntil: '2026-05-01',
      },
      { at, recordedAt },
    );
  const rows = (...events: readonly RecordedEvent[]) => tableAt('registrations', now, [opened, ...events]);

  it('shows for whom a deal is protected, until when, on both clocks', () => {
    const [row] = rows(registered('r1', 'q', '2026-02-01', '2026-02-04'));
    expect(row?.columns).toMatchObject({
      ...{ customerId: partyId('c'), customer: 'crm/account/c', partnerId: partyId('q'), offerId: 'o' },
      ...{ registeredAt: instant('2026-02-01'), recordedAt: instant('2026-02-04'), until: instant('2026-05-02') },
      ...{ conflicts: [], state: null },
    });
    const state = (at: string) => row && registrations.whenRead?.(row.columns, instant(at)).state;
    expect([state('2026-05-01T23:59'), state('2026-05-02')]).toEqual(['protected', 'over']);
  });

  it('shows what excludes it, with the clocks of both', () => {
    const both = [registered('r1', 'p', '2026-02-01', '2026-02-06'), registered('r2', 'q', '2026-02-05', '2026-02-09')];
    const conflict = (registrationId: string, partner: string, registeredAt: string, recordedAt: string) => ({
      ...{ registrationId, partnerId: partyId(partner), partner: `crm/account/${partner}` },
      ...{ registeredAt: instant(registeredAt), recordedAt: instant(recordedAt), until: instant('2026-05-02') },
    });
    expect(rows(...both).map(({ columns }) => columns.conflicts)).toEqual([
      [conflict('r2', 'q', '2026-02-05', '2026-02-09')],
      [conflict('r1', 'p', '2026-02-01', '2026-02-06')],
    ]);
  });

  it('is seen by who led then and by its partner; the conflict by those that may see both', () => {
    const [first] = rows(registered('r1', 'q', '2026-02-01'), registered('r2', 'r', '2026-02-05'));
    expect(first?.columns).toMatchObject({
      registrationSeenBy: expect.arrayContaining([partyId('p'), partyId('q')]),
      conflictsSeenBy: [partyId('p')],
    });
  });
});

// Which facts of a person about participants, promises, registrations, orders and the end of an engagement are refused?
import { describe, it } from 'vitest';
import { given } from '../../support/histories/decisions.ts';
import { ended, lost, opened, proposed, subscribed, withdrawn } from '../../support/histories/engagementFacts.ts';
import { fact, instant, recorded } from '../../support/histories/events.ts';

const actor = 'ada';
const at = '2026-06-01';
const org = (id: string) => ({ system: 'crm', kind: 'account', id });

describe('a participant', () => {
  const invited = recorded('ParticipantInvited', { invitationId: 'i1' }, { at: '2026-02-01' });
  const joined = recorded('ParticipantJoined', { org: org('A'), invitationId: 'i1' }, { at: '2026-02-02' });
  const decline = fact('ParticipantDeclined', { invitationId: 'i1', reason: 'declined' }, { at, actor });
  const join = (said: object) => fact('ParticipantJoined', { org: org('A'), ...said }, { at, actor });

  it('is invited once by an id', () => {
    const again = fact('ParticipantInvited', { invitationId: 'i1', role: 'msp' }, { at, actor });
    given().when(again).accepted();
    given(invited).when(again).refused('alreadyInvited', /i1/);
  });

  it('joins with or without an invitation, but not by one that nobody made', () => {
    given().when(join({})).accepted();
    given(invited)
      .when(join({ invitationId: 'i1' }))
      .accepted();
    given()
      .when(join({ invitationId: 'i1' }))
      .refused('invitationUnknown', /ParticipantInvited first/);
  });

  it('declines once, and not after it joined; who joined may answer for something else', () => {
    given(invited).when(decline).accepted();
    given(invited, joined).when(decline).refused('invitationAlreadyAnswered');
    given(invited, joined)
      .when(join({ invitationId: 'i1', responsibilities: ['deliver'] }))
      .accepted();
    const declined = recorded('ParticipantDeclined', { invitationId: 'i1', reason: 'expired' }, { at: '2026-02-09' });
    given(invited, declined)
      .when(join({ invitationId: 'i1' }))
      .refused('invitationAlreadyAnswered');
  });

  it('begins before it ends', () => {
    given()
      .when(join({ until: instant('2026-06-01T00:01') }))
      .accepted();
    given()
      .when(join({ until: instant(at) }))
      .refused('participationEmpty');
    given()
      .when(join({ from: instant('2026-07-01'), until: instant('2026-07-01') }))
      .refused('participationEmpty');
  });
});

describe('a promise', () => {
  const settle = fact('CommitmentSettled', { commitmentId: 'c1', how: 'delivered' }, { at, actor });
  const made = proposed('2026-02-01', { commitments: [{ id: 'c1', capability: 'x' }] });

  it('is settled once, and only if a proposal made it', () => {
    given(made).when(settle).accepted();
    given(proposed('2026-02-01')).when(settle).refused('commitmentUnknown', /c1/);
    const before = recorded('CommitmentSettled', { commitmentId: 'c1', how: 'withdrawn' }, { at: '2026-03-01' });
    given(made, before)
      .when(settle)
      .refused('commitmentAlreadySettled', /supersedes/);
  });

  it('is settled again after delivery found it outside the scope, so that its flag can clear', () => {
    const changed = recorded('CommitmentSettled', { commitmentId: 'c1', how: 'changeOrder' }, { at: '2026-03-01' });
    const gap = recorded('DeviationRecorded', { kind: 'scope_gap', commitmentId: 'c1' }, { at: '2026-03-02' });
    given(made, changed, gap).when(settle).accepted();
  });

  it('of a registered deal may be extended, but not moved to others or into the past', () => {
    const register = (partner: string, protectedUntil: string) =>
      fact(
        'DealRegistered',
        { registrationId: 'r1', customer: org('C'), partner: org(partner), protectedUntil },
        { at, actor },
      );
    const known = recorded(
      'DealRegistered',
      { registrationId: 'r1', customer: org('C'), partner: org('P') },
      { at: '2026-02-01' },
    );
    given().when(register('P', '2026-06-01')).accepted();
    given(known).when(register('P', '2026-09-01')).accepted();
    given(known).when(register('Q', '2026-09-01')).refused('registrationOfOthers', /r1/);
    given()
      .when(register('P', '2026-05-31'))
      .refused('protectionOver', /2026-05-31/);
  });
});

describe('an order', () => {
  const placed = recorded('OrderPlaced', { claimedBy: 'crm', orderId: 'O1', poNumber: 'P1' }, { at: '2026-02-01' });
  const blocked = recorded('OrderBlocked', { orderId: 'O1', reason: 'credit' }, { at: '2026-02-02' });
  const cancelled = recorded('OrderCancelled', { orderId: 'P1', reason: 'code:no' }, { at: '2026-02-03' });
  const fulfilled = recorded('OrderFulfilled', { orderId: 'O1' }, { at: '2026-02-03' });
  const block = fact('OrderBlocked', { orderId: 'P1', reason: 'legal' }, { at, actor });
  const unblock = fact('OrderUnblocked', { orderId: 'P1' }, { at, actor });
  const cancel = fact('OrderCancelled', { orderId: 'O1', reason: 'code:late' }, { at, actor });
  const fulfil = fact('OrderFulfilled', { orderId: 'O1' }, { at, actor });

  it('is blocked, unblocked, cancelled or fulfilled only if it was placed', () => {
    for (const steer of [block, unblock, cancel, fulfil]) given().when(steer).refused('orderUnknown');
    given(placed).when(block).accepted();
    given(placed).when(cancel).accepted();
    given(placed).when(fulfil).accepted();
  });

  it('goes on only if something stops it', () => {
    given(placed, blocked).when(unblock).accepted();
    given(placed).when(unblock).refused('orderNotBlocked');
    given(placed, blocked, fulfilled).when(unblock).refused('orderNotBlocked');
  });

  it('that is fulfilled is blocked no more', () => {
    given(placed, fulfilled).when(block).refused('orderAlreadyFulfilled');
    given(placed, fulfilled).when(cancel).accepted();
  });

  it('that is cancelled is over, until the same claimant places it again', () => {
    for (const steer of [block, unblock, cancel, fulfil])
      given(placed, cancelled).when(steer).refused('orderCancelled');
    const again = fact('OrderPlaced', { claimedBy: 'crm', orderId: 'O1', route: 'direct' }, { at, actor });
    given(placed).when(again).refused('orderAlreadyPlaced');
    given(placed, cancelled).when(again).accepted();
  });
});

describe('an engagement', () => {
  const close = fact('EngagementClosed', {}, { at, actor });
  const restore = fact('EngagementReinstated', {}, { at, actor });
  const closed = recorded('EngagementClosed', { reason: 'code:over' }, { at: '2026-03-01' });

  it('is closed where nothing of it goes on, and once', () => {
    given(opened('2026-01-01')).when(close).accepted();
    given(opened('2026-01-01'), subscribed('2026-02-01')).when(close).refused('subscriptionLives', /sub_1/);
    const announced = ended('2026-02-05', { effectiveAt: instant('2026-06-02') });
    given(opened('2026-01-01'), subscribed('2026-02-01'), announced).when(close).refused('alreadyEnded');
    for (const over of [closed, lost('2026-02-01'), withdrawn('2026-02-01')]) {
      given(opened('2026-01-01'), over).when(close).refused('alreadyEnded');
    }
  });

  it('that was closed can be reinstated', () => {
    given(opened('2026-01-01'), closed).when(restore).accepted();
    given(opened('2026-01-01')).when(restore).refused('notWithdrawn');
  });

  it('is withdrawn once until it is reinstated, and reinstated only then', () => {
    const withdraw = fact('EngagementWithdrawn', {}, { at, actor });
    const gone = withdrawn('2026-02-01');
    const back = recorded('EngagementReinstated', {}, { at: '2026-03-01' });
    given(opened('2026-01-01')).when(withdraw).accepted();
    given(opened('2026-01-01'), gone).when(withdraw).refused('alreadyWithdrawn');
    given(opened('2026-01-01'), gone, back).when(withdraw).accepted();
    given(opened('2026-01-01'), gone).when(restore).accepted();
    given(opened('2026-01-01'), gone, back).when(restore).refused('notWithdrawn');
  });

  it('reopens a deal that is closed', () => {
    const reopen = fact('DealReopened', {}, { at, actor });
    const again = recorded('DealReopened', {}, { at: '2026-03-01' });
    given(opened('2026-01-01'), lost('2026-02-01')).when(reopen).accepted();
    given(opened('2026-01-01')).when(reopen).refused('dealNotClosed');
    given(opened('2026-01-01'), lost('2026-02-01'), again).when(reopen).refused('dealNotClosed');
  });
});

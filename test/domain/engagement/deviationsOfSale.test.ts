// Does each contradiction among facts of sale, orders and care show as a deviation, and none where the facts agree?
import { describe, expect, it } from 'vitest';
import { foldOffer } from '../../../domain/context/offer.ts';
import { type DeviationKind, deviationsOf } from '../../../domain/engagement/deviations.ts';
import { foldEngagement } from '../../../domain/engagement/engagement.ts';
import { inFoldOrder } from '../../../domain/history.ts';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { streamIdOf } from '../../../events/identifiers.ts';
import { contextOf } from '../../support/contexts.ts';
import {
  offerId,
  offerPublished,
  opened,
  proposed,
  reinstated,
  reopened,
  subscribed,
} from '../../support/histories/engagementFacts.ts';
import { instant, recorded, tenantId } from '../../support/histories/events.ts';

const deviations = (...events: readonly RecordedEvent[]) =>
  deviationsOf(foldEngagement([...events].sort(inFoldOrder)), contextOf());
const shows = (kind: DeviationKind, about: string, ...events: readonly RecordedEvent[]) => ({
  kind,
  about,
  eventIds: events.map(({ eventId }) => eventId),
});
const org = (id: string) => ({ system: 'crm', kind: 'account', id });
const value = { amount: '100', currency: 'EUR' };
const sold = recorded('DealClosed', { result: 'won', value }, { at: '2026-02-01' });

describe('a live subscription', () => {
  it('without a win is a deviation, which its first start shows; a win unmakes it, and a reopening makes it again', () => {
    const [first, second] = [subscribed('2026-02-01'), subscribed('2026-03-01', { subscription: 'sub_2' })];
    const without = [shows('subscribedWithoutWin', 'sub_1', first)];
    expect(deviations(opened('2026-01-01'), second, first)).toEqual(without);
    expect(deviations(opened('2026-01-01'), second, first, sold)).toEqual([]);
    expect(deviations(opened('2026-01-01'), second, first, sold, reopened('2026-02-02'))).toEqual(without);
    const lost = recorded('DealClosed', { result: 'lost', value }, { at: '2026-01-15' });
    expect(deviations(opened('2026-01-01'), lost, first)).toEqual(without);
  });

  it('keeps a closed engagement alive, until that is taken back', () => {
    const closed = recorded('EngagementClosed', {}, { at: '2026-04-01' });
    const alive = [opened('2026-01-01'), sold, subscribed('2026-02-01')];
    expect(deviations(...alive, closed)).toEqual([shows('closedWhileSubscribed', 'e1', closed)]);
    expect(deviations(...alive, closed, reinstated('2026-05-01'))).toEqual([]);
    expect(deviations(opened('2026-01-01'), sold, closed)).toEqual([]);
  });
});

describe('an order', () => {
  const placed = recorded('OrderPlaced', { claimedBy: 'crm', orderId: 'O1', poNumber: 'P1' }, { at: '2026-02-01' });
  const blocked = (at: string, orderId = 'O1') => recorded('OrderBlocked', { orderId, reason: 'tax' }, { at });
  const unblocked = (at: string, orderId = 'O1') => recorded('OrderUnblocked', { orderId }, { at });
  const cancelled = (at: string, orderId = 'O1') => recorded('OrderCancelled', { orderId, reason: 'code:no' }, { at });
  const fulfilled = (at: string) => recorded('OrderFulfilled', { orderId: 'O1' }, { at });

  it('that nobody placed is blocked, unblocked or cancelled: one deviation an id', () => {
    const [stop, on, off] = [blocked('2026-02-02', 'O9'), unblocked('2026-02-03', 'O9'), cancelled('2026-02-04', 'O9')];
    expect(deviations(placed, off, on, stop)).toEqual([shows('orderUnknown', 'O9', stop, on, off)]);
    expect(deviations(placed, blocked('2026-02-02', 'P1'), unblocked('2026-02-03'), cancelled('2026-02-04'))).toEqual(
      [],
    );
  });

  it('goes on though nothing stopped it; 5 minutes apart are simultaneous', () => {
    const on = unblocked('2026-02-02T10:00');
    expect(deviations(placed, on)).toEqual([shows('unblockedWithoutBlock', 'O1', on)]);
    expect(deviations(placed, on, blocked('2026-02-02T10:05', 'P1'))).toEqual([]);
    expect(deviations(placed, on, blocked('2026-02-02T10:05:00.001', 'P1'))).toEqual([
      shows('unblockedWithoutBlock', 'O1', on),
    ]);
  });

  it('is fulfilled after it was cancelled, unless it was placed anew; 5 minutes apart are simultaneous', () => {
    const off = cancelled('2026-02-02T10:00');
    const late = fulfilled('2026-02-02T10:05:00.001');
    expect(deviations(placed, off, late)).toEqual([shows('fulfilledAfterCancellation', 'O1', off, late)]);
    expect(deviations(placed, off, fulfilled('2026-02-02T10:05'))).toEqual([]);
    const anew = recorded('OrderPlaced', { claimedBy: 'crm', orderId: 'O1' }, { at: '2026-02-02T10:01' });
    expect(deviations(placed, off, anew, late)).toEqual([]);
  });

  it('that is cancelled is taken for no other order', () => {
    const total = { amount: '100', currency: 'EUR' };
    const crm = recorded('OrderPlaced', { claimedBy: 'crm', orderId: 'A', total }, { at: '2026-02-01' });
    const market = recorded('OrderPlaced', { claimedBy: 'marketplace', orderId: 'B', total }, { at: '2026-02-02' });
    expect(deviations(crm, market).map(({ kind }) => kind)).toEqual(['possiblySameOrder']);
    expect(deviations(crm, market, cancelled('2026-02-03', 'A'))).toEqual([]);
  });
});

describe('a participant', () => {
  const invited = recorded('ParticipantInvited', { invitationId: 'i1' }, { at: '2026-02-01' });
  const joined = (at: string, said: object = {}) =>
    recorded('ParticipantJoined', { org: org('A'), invitationId: 'i1', ...said }, { at });
  const declined = recorded('ParticipantDeclined', { invitationId: 'i1', reason: 'declined' }, { at: '2026-02-05' });

  it('answers an invitation that nobody made', () => {
    expect(deviations(declined)).toEqual([shows('invitationUnknown', 'i1', declined)]);
    expect(deviations(invited, declined)).toEqual([]);
  });

  it('both joins and declines; what it answers for may change by the same invitation', () => {
    const early = joined('2026-02-03');
    expect(deviations(invited, early, declined)).toEqual([shows('invitationAnsweredTwice', 'i1', early, declined)]);
    expect(deviations(invited, early, joined('2026-02-04', { responsibilities: ['sell'] }))).toEqual([]);
  });

  it('ends before it begins', () => {
    const empty = joined('2026-02-03', { until: instant('2026-02-03') });
    expect(deviations(invited, empty)).toEqual([shows('participationEmpty', instant('2026-02-03'), empty)]);
    expect(deviations(invited, joined('2026-02-03', { until: instant('2026-02-03T00:01') }))).toEqual([]);
  });
});

describe('a promise', () => {
  const settled = recorded('CommitmentSettled', { commitmentId: 'c1', how: 'delivered' }, { at: '2026-03-01' });

  it('is settled that no proposal made', () => {
    expect(deviations(settled)).toEqual([shows('commitmentSettledNotMade', 'c1', settled)]);
    expect(deviations(settled, proposed('2026-02-01', { commitments: [{ id: 'c1', capability: 'x' }] }))).toEqual([]);
  });

  it('to one partner excludes the one to another', () => {
    const registered = (id: string, partner: string, at: string) =>
      recorded('DealRegistered', { registrationId: id, customer: org('C'), partner: org(partner) }, { at });
    const [first, second] = [registered('r1', 'P', '2026-02-01'), registered('r2', 'Q', '2026-02-03')];
    expect(deviations(second, first)).toEqual([shows('registrationsConflict', 'r1, r2', first, second)]);
    expect(deviations(registered('r2', 'P', '2026-02-03'), first)).toEqual([]);
  });
});

describe('a retired offer', () => {
  const retired = recorded(
    'OfferRetired',
    { offerId },
    { at: '2026-02-01', stream: streamIdOf(tenantId, 'offer', offerId) },
  );
  const judged = (published: readonly RecordedEvent[], ...events: readonly RecordedEvent[]) => {
    const offer = foldOffer([...published].sort(inFoldOrder));
    const offers = new Map(offer === undefined ? [] : [[offerId, offer] as const]);
    return deviationsOf(foldEngagement([...events].sort(inFoldOrder)), contextOf({ offers }));
  };
  const onOffer = offerPublished('2026-01-01');

  it('is proposed more than 5 minutes after it was retired', () => {
    const late = proposed('2026-02-01T00:05:00.001', { offerId });
    expect(judged([onOffer, retired], late)).toEqual([shows('retiredOfferProposed', offerId, retired, late)]);
    for (const at of ['2026-01-20', '2026-02-01T00:05']) {
      expect(judged([onOffer, retired], proposed(at, { offerId }))).toEqual([]);
    }
  });

  it('is on offer again with a new version', () => {
    const again = offerPublished('2026-03-01', { version: 2 });
    expect(judged([onOffer, retired, again], proposed('2026-03-02', { offerId }))).toEqual([]);
    expect(judged([onOffer, retired, again], proposed('2026-02-20', { offerId }))).toHaveLength(1);
  });
});

describe('care', () => {
  it('acknowledges a report that nobody sent, or works on a ticket that nobody opened', () => {
    const read = recorded('ReportAcknowledged', { reportId: 'r1' }, { at: '2026-03-01' });
    const worked = recorded('TicketProgressed', { ticketId: 't1', status: 'resolved' }, { at: '2026-03-01' });
    expect(deviations(read, worked)).toEqual([
      shows('acknowledgedUnknownReport', 'r1', read),
      shows('ticketUnknown', 't1', worked),
    ]);
    const sent = recorded('ValueReported', { reportId: 'r1' }, { at: '2026-02-01' });
    expect(deviations(sent, read, recorded('TicketOpened', { ticketId: 't1' }, { at: '2026-02-01' }), worked)).toEqual(
      [],
    );
  });

  it('records a score that its scale does not have', () => {
    const scored = (scale: 'nps' | 'csat', score: number) =>
      recorded('SatisfactionRecorded', { scale, score }, { at: '2026-03-01' });
    for (const [scale, score] of [
      ['nps', 0],
      ['nps', 10],
      ['csat', 1],
      ['csat', 4.5],
      ['csat', 5],
    ] as const) {
      expect(deviations(scored(scale, score))).toEqual([]);
    }
    for (const [scale, score] of [
      ['nps', 7.5],
      ['csat', 0],
      ['csat', 6],
    ] as const) {
      const event = scored(scale, score);
      expect(deviations(event)).toEqual([shows('scoreOffScale', `${scale} ${score}`, event)]);
    }
  });
});

// Is P5.6 (order blocked by its route) raised after its business days and cleared, and quiet where it must be?
import { describe, expect, test } from 'vitest';
import {
  blocked,
  fulfilled,
  lost,
  opened,
  orderCancelled,
  partnerRegistered,
  placed,
  policyPublished,
  renewed,
  subscribed,
  unblocked,
  won,
} from '../../support/histories/engagementFacts.ts';
import { recorded } from '../../support/histories/events.ts';
import { given } from '../../support/histories/given.ts';
import { historyKept } from '../../support/histories/observing.ts';

// A Monday: five business days later is the Monday after.
const block = blocked('2026-03-02T10:00');
const dueAt = '2026-03-09T10:00:00.000Z';
const raisedAt = '2026-03-09T10:05:00.000Z';

describe('P5.6 order blocked by its route', () => {
  test('an order that was cancelled before is held up by nothing', () => {
    const story = given(opened('2026-02-01'), placed('2026-03-01'), orderCancelled('2026-03-01T12:00'), block);
    expect(story.verdictsAt('2026-04-01', 'P5.6')).toEqual([]);
  });

  test('an order that was cancelled and placed anew is held up like any other', () => {
    const gone = [opened('2026-02-01'), placed('2026-02-20'), orderCancelled('2026-02-25')];
    const anew = given(...gone, placed('2026-03-01'), block);
    expect(anew.flagAt(raisedAt, 'P5.6').openedBy.eventId).toBe(block.eventId);
    const later = given(...gone, block, placed('2026-03-03'));
    expect(later.verdictsAt('2026-04-01', 'P5.6')).toEqual([]);
  });

  test.each(['vendor_not_approved', 'marketplace_not_enabled', 'po_missing', 'credit', 'legal', 'tax'] as const)(
    'for %s is raised after five business days and the tolerance',
    (reason) => {
      const story = given(opened('2026-02-01'), placed('2026-03-01'), blocked('2026-03-02T10:00', reason));
      for (const now of ['2026-03-02T10:00', '2026-03-08T10:00', '2026-03-09T10:04:59.999Z'])
        expect(story.verdictsAt(now, 'P5.6')).toMatchObject([{ state: 'armed', dueAt }]);
      expect(story.flagAt(raisedAt, 'P5.6')).toMatchObject({
        ...{ subject: 'order:order-1', dueAt, raisedAt, severity: 'high', cleared: undefined },
      });
    },
  );

  test('for something else, which may be no matter of its route, is quiet', () => {
    expect(given(placed('2026-03-01'), blocked('2026-03-02', 'other')).verdictsAt('2026-06-01', 'P5.6')).toEqual([]);
  });

  test.each([
    ['goes on at once', unblocked('2026-03-02T10:00')],
    ['goes on within the tolerance', unblocked('2026-03-09T10:05')],
    ['is fulfilled in time', fulfilled('2026-03-06')],
    ['was fulfilled before', fulfilled('2026-03-01T12:00')],
    ['is cancelled', orderCancelled('2026-03-09T10:04')],
    ['ends with the deal', lost('2026-03-08')],
  ])('an order that %s has no flag', (_, event) => {
    expect(given(opened('2026-02-01'), placed('2026-03-01'), block, event).flagsAt('2026-06-01', 'P5.6')).toEqual([]);
  });

  test.each([
    ['unblocked', unblocked('2026-03-09T10:05:00.001Z')],
    ['fulfilled', fulfilled('2026-03-10')],
    ['orderCancelled', orderCancelled('2026-03-10')],
    ['closedMoot', lost('2026-03-10')],
  ])('clears as %s', (reason, event) => {
    const story = given(opened('2026-02-01'), placed('2026-03-01'), block);
    expect(story.and(event).flagAt('2026-06-01', 'P5.6').cleared).toMatchObject({ at: event.occurredAt, reason });
    const turned = given(historyKept, event, ...story.events.toReversed());
    expect(turned.flagAt('2026-06-01', 'P5.6').cleared).toMatchObject({ reason });
  });

  test('the first of going on and being fulfilled clears it', () => {
    const story = given(block, unblocked('2026-03-20'), fulfilled('2026-03-15'));
    expect(story.flagAt('2026-06-01', 'P5.6').cleared).toMatchObject({ reason: 'fulfilled' });
  });

  test('any key of the order names it, and another order is another one', () => {
    const order = placed('2026-03-01', { poNumber: 'po-7' });
    expect(given(order, block, unblocked('2026-03-03', 'po-7')).flagsAt('2026-06-01', 'P5.6')).toEqual([]);
    expect(given(order, block, unblocked('2026-03-03', 'order-2')).flagsAt('2026-06-01', 'P5.6')).toHaveLength(1);
  });

  test('a further block belongs to the open one, and a block after it went on is new', () => {
    const further = blocked('2026-03-05', 'legal');
    expect(given(block, further).flagsAt('2026-06-01', 'P5.6')).toHaveLength(1);
    const again = given(block, unblocked('2026-03-12'), blocked('2026-03-16', 'legal'));
    expect(again.flagsAt('2026-06-01', 'P5.6').map(({ raisedAt: at }) => at)).toEqual([
      raisedAt,
      '2026-03-23T00:05:00.000Z',
    ]);
  });

  test('a block that is not of the route does not hide one that is', () => {
    const story = given(blocked('2026-03-02', 'other'), blocked('2026-03-03T10:00', 'tax'));
    expect(story.flagAt('2026-06-01', 'P5.6').raisedAt).toBe('2026-03-10T10:05:00.000Z');
  });

  test('counts business days by the calendar of the lead partner', () => {
    const calendars = { no: { holidays: ['2026-03-04', '2026-03-09'] } };
    const story = given(opened('2026-02-01'), partnerRegistered('no'), policyPublished({ calendars }), block);
    expect(story.verdictsAt('2026-03-03', 'P5.6')).toMatchObject([{ dueAt: '2026-03-11T10:00:00.000Z' }]);
    const weekend = given(blocked('2026-03-07T15:00'));
    expect(weekend.verdictsAt('2026-03-08', 'P5.6')).toMatchObject([{ dueAt: '2026-03-16T00:00:00.000Z' }]);
  });

  test('a policy gives more days', () => {
    const patient = policyPublished({ thresholds: { 'P5.6': { businessDays: 10 } } });
    expect(given(patient, block).verdictsAt('2026-03-10', 'P5.6')).toMatchObject([
      { state: 'armed', dueAt: '2026-03-16T10:00:00.000Z' },
    ]);
  });

  test('a deal that is declared to close later, as in the next fiscal year, is due by then', () => {
    const revised = recorded('DealRevised', { expectedClose: '2026-04-10' }, { at: '2026-03-03' });
    expect(given(block, revised).verdictsAt('2026-03-20', 'P5.6')).toMatchObject([
      { state: 'armed', dueAt: '2026-04-11T00:00:00.000Z' },
    ]);
    const { evidence } = given(block, revised).flagAt('2026-05-01', 'P5.6');
    expect(evidence.flatMap((item) => (item.kind === 'event' ? [item.eventId] : []))).toEqual(
      expect.arrayContaining([block.eventId, revised.eventId]),
    );
    expect(evidence).toContainEqual(expect.objectContaining({ kind: 'silence', of: 'OrderUnblocked' }));
  });

  test('stays open over a renewal', () => {
    const life = [
      won('2025-03-10'),
      subscribed('2025-03-12', { to: '2026-03-12' }),
      block,
      renewed('2026-03-12', { to: '2027-03-12' }),
    ];
    expect(given(...life).flagAt('2026-06-01', 'P5.6').cleared).toBeUndefined();
    expect(given(...life, unblocked('2026-04-01')).flagAt('2026-06-01', 'P5.6').cleared).toMatchObject({
      reason: 'unblocked',
    });
  });
});

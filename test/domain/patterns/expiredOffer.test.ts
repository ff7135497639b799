// Are P5.9 (offer expired without an order) and P5.8 (lost at procurement) raised and cleared, and quiet where they must be?
import { describe, expect, test } from 'vitest';
import { uuidOf } from '../../../events/identifiers.ts';
import {
  fulfilled,
  lost,
  opened,
  placed,
  proposed,
  renewed,
  reopened,
  subscribed,
  won,
} from '../../support/histories/engagementFacts.ts';
import { recorded } from '../../support/histories/events.ts';
import { given } from '../../support/histories/given.ts';

const quote = proposed('2026-03-02T10:00', { proposalRef: 'doc:1', expiresAt: '2026-03-31' });
const dueAt = '2026-04-01T00:00:00.000Z';
const raisedAt = '2026-04-01T00:05:00.000Z';

describe('P5.9 offer expired without an order', () => {
  test('further words about an order of before the quote are no order by it', () => {
    const before = [placed('2026-02-10'), quote];
    for (const word of [fulfilled('2026-03-10'), placed('2026-03-10', { claimedBy: 'distributor' })]) {
      expect(given(opened('2026-02-01'), ...before, word).flagsAt('2026-05-01', 'P5.9')).toMatchObject([{ raisedAt }]);
    }
    const started = recorded(
      'SubscriptionStarted',
      { ...subscribed('2026-03-10').data, orderId: 'order-1' },
      { at: '2026-03-10' },
    );
    expect(given(opened('2026-02-01'), ...before, started).flagsAt('2026-05-01', 'P5.9')).toHaveLength(1);
    // An order that was fulfilled before anybody said that it was placed is one.
    expect(
      given(opened('2026-02-01'), quote, fulfilled('2026-03-10'), placed('2026-05-10')).flagsAt('2026-06-01', 'P5.9'),
    ).toEqual([]);
  });

  test('the loss of the deal makes it moot, unless the deal is opened again', () => {
    const going = [opened('2026-01-05'), subscribed('2026-01-10'), quote];
    expect(given(...going, lost('2026-03-10')).flagsAt('2026-05-01', 'P5.9')).toEqual([]);
    expect(given(...going, lost('2026-04-10')).flagAt('2026-05-01', 'P5.9').cleared).toMatchObject({
      reason: 'closedMoot',
    });
    expect(given(...going, lost('2026-03-10'), reopened('2026-03-12')).flagsAt('2026-05-01', 'P5.9')).toHaveLength(1);
  });

  test('is armed through its last day, and raised after the tolerance', () => {
    const story = given(opened('2026-02-01'), quote);
    for (const now of ['2026-03-03', '2026-03-31T23:59', '2026-04-01T00:04'])
      expect(story.verdictsAt(now, 'P5.9')).toMatchObject([{ state: 'armed', dueAt }]);
    const flag = story.flagAt(raisedAt, 'P5.9');
    expect(flag).toMatchObject({
      subject: `quote:${uuidOf('quote', 'doc:1')}`,
      dueAt,
      raisedAt,
      severity: 'medium',
      cleared: undefined,
    });
    expect(flag.openedBy.eventId).toBe(quote.eventId);
    expect(flag.evidence).toEqual([
      expect.objectContaining({ kind: 'event', eventId: quote.eventId }),
      expect.objectContaining({ ...{ kind: 'silence', of: 'OrderPlaced', from: quote.occurredAt }, until: dueAt }),
    ]);
  });

  test.each([
    ['an order', placed('2026-03-20')],
    ['an order within the tolerance', placed('2026-04-01T00:05')],
    ['an order just before the quote was recorded', placed('2026-03-02T09:56')],
    ['a fulfilment', fulfilled('2026-03-20')],
    ['a subscription', subscribed('2026-03-20')],
    ['a new quote', proposed('2026-03-31')],
    ['a new quote on the last minute', proposed('2026-04-01T00:04')],
    ['the loss of the deal', lost('2026-03-30')],
  ])('%s keeps it quiet', (_, event) => {
    expect(given(opened('2026-02-01'), quote, event).verdictsAt('2026-06-01', 'P5.9')).toEqual([]);
  });

  test('a quote without a last day never expires', () => {
    expect(given(proposed('2026-03-02')).verdictsAt('2027-01-01', 'P5.9')).toEqual([]);
  });

  test('an order before the quote is none by it', () => {
    expect(given(placed('2026-03-01'), quote).flagsAt('2026-05-01', 'P5.9')).toHaveLength(1);
  });

  test.each([
    ['newQuote', proposed('2026-04-01T00:06')],
    ['orderedLate', placed('2026-04-02')],
    ['closedMoot', lost('2026-04-20')],
  ])('clears as %s', (reason, event) => {
    expect(given(opened('2026-02-01'), quote, event).flagAt('2026-06-01', 'P5.9').cleared).toMatchObject({
      ...{ at: event.occurredAt, reason },
    });
  });

  test('the first of a new quote and an order clears it', () => {
    const story = given(quote, proposed('2026-04-10'), placed('2026-04-05'));
    expect(story.flagAt('2026-06-01', 'P5.9').cleared).toMatchObject({ reason: 'orderedLate' });
  });

  test('a deal that is declared to close later, as in the next fiscal year, leaves it open until then', () => {
    const revised = recorded('DealRevised', { expectedClose: '2026-07-01' }, { at: '2026-03-10' });
    const story = given(opened('2026-02-01'), quote, revised);
    expect(story.verdictsAt('2026-06-30', 'P5.9')).toMatchObject([
      { state: 'armed', dueAt: '2026-07-02T00:00:00.000Z' },
    ]);
    const flag = story.flagAt('2026-07-03', 'P5.9');
    expect(flag.raisedAt).toBe('2026-07-02T00:05:00.000Z');
    expect(flag.evidence).toContainEqual(expect.objectContaining({ kind: 'event', eventId: revised.eventId }));
  });

  test('a quote that had expired when it was made is due from then on', () => {
    const late = proposed('2026-04-10T10:00', { expiresAt: '2026-03-31' });
    expect(given(opened('2026-02-01'), late).flagAt('2026-05-01', 'P5.9')).toMatchObject({
      ...{ dueAt: '2026-04-10T10:00:00.000Z', raisedAt: '2026-04-10T10:05:00.000Z' },
    });
  });

  test('the first of a new quote and the loss of the deal clears it', () => {
    const [again, loss] = [proposed('2026-04-10'), lost('2026-04-05')];
    expect(given(opened('2026-02-01'), quote, again, loss).flagAt('2026-06-01', 'P5.9').cleared).toMatchObject({
      reason: 'closedMoot',
    });
    const [early, late] = [proposed('2026-04-05'), lost('2026-04-10')];
    expect(given(opened('2026-02-01'), quote, early, late).flagAt('2026-06-01', 'P5.9').cleared).toMatchObject({
      reason: 'newQuote',
    });
  });

  test('a win does not make it moot', () => {
    expect(given(opened('2026-02-01'), quote, won('2026-03-20')).flagsAt('2026-05-01', 'P5.9')).toHaveLength(1);
  });

  test('of a deliberate purchase in two steps, the first order is enough', () => {
    const steps = [placed('2026-03-20', { orderId: 'pilot' }), placed('2026-06-20', { orderId: 'roll-out' })];
    expect(given(quote, ...steps).verdictsAt('2026-06-01', 'P5.9')).toEqual([]);
  });

  test('an automatic renewal is no answer to a quote, and a decided one is', () => {
    const life = [won('2025-03-01'), subscribed('2025-03-20', { to: '2026-03-20' }), quote];
    const renewal = (auto: boolean) =>
      recorded(
        'SubscriptionRenewed',
        { subscriptionId: 'sub_1', termStart: '2026-03-20T00:00:00.000Z', termEnd: '2027-03-20T00:00:00.000Z', auto },
        { at: '2026-03-20' },
      );
    expect(given(...life, renewal(true)).flagsAt('2026-05-01', 'P5.9')).toHaveLength(1);
    expect(given(...life, renewal(false)).flagsAt('2026-05-01', 'P5.9')).toEqual([]);
  });
});

describe('P5.8 lost at procurement', () => {
  const ends = (reason?: string) => lost('2026-03-20', reason === undefined ? {} : { reason });

  test.each([
    'procurement',
    'Procurement',
    'code:lost_at_procurement',
    'lostAtProcurement',
    'quote_expired',
    'Offer expired',
  ])('by the reason %s is info, and historic', (reason) => {
    const end = ends(reason);
    const flag = given(opened('2026-02-01'), end).flagAt('2026-06-01', 'P5.8');
    expect(flag).toMatchObject({
      ...{ subject: 'cycle:1', raisedAt: end.occurredAt, severity: 'info', changesAt: undefined },
      cleared: { at: end.occurredAt, eventId: end.eventId, reason: 'historic' },
    });
  });

  test.each([undefined, 'price', 'doc:7', 'competitor', 'quote'])('by the reason %s is quiet', (reason) => {
    expect(given(opened('2026-02-01'), ends(reason)).verdictsAt('2026-06-01', 'P5.8')).toEqual([]);
  });

  test('a win says nothing, whatever its reason', () => {
    const win = recorded('DealClosed', { result: 'won', reason: 'procurement' }, { at: '2026-03-20' });
    expect(given(win).verdictsAt('2026-06-01', 'P5.8')).toEqual([]);
  });

  test.each([
    ['2026-04-01T00:04', 0],
    ['2026-04-01T00:05', 1],
    ['2026-05-01', 1],
  ])('a quote had expired, or not yet, by a loss at %s', (at, flags) => {
    expect(given(opened('2026-02-01'), quote, lost(at)).flagsAt('2026-06-01', 'P5.8')).toHaveLength(flags);
  });

  test.each([
    ['ordered', placed('2026-03-20')],
    ['replaced', proposed('2026-04-03')],
  ])('an expired quote that was %s is no reason', (_, event) => {
    expect(given(opened('2026-02-01'), quote, event, lost('2026-05-01')).flagsAt('2026-06-01', 'P5.8')).toEqual([]);
  });

  test('cites the quote that had expired, and the loss', () => {
    const end = lost('2026-04-20');
    const { evidence } = given(opened('2026-02-01'), quote, end).flagAt('2026-06-01', 'P5.8');
    expect(evidence).toMatchObject([{ eventId: quote.eventId }, { eventId: end.eventId, says: 'the deal was lost' }]);
    const said = ends('procurement');
    expect(given(opened('2026-02-01'), said).flagAt('2026-06-01', 'P5.8').evidence).toMatchObject([
      { eventId: said.eventId, says: 'the deal was lost, and the reason names procurement' },
    ]);
  });

  test('what comes after the loss mends nothing, and what comes with it does', () => {
    const end = lost('2026-04-20');
    const flags = (event: ReturnType<typeof placed> | ReturnType<typeof proposed>) =>
      given(opened('2026-02-01'), quote, end, event).flagsAt('2026-06-01', 'P5.8');
    expect(flags(placed('2026-04-20T00:01'))).toHaveLength(1);
    expect(flags(placed('2026-04-20'))).toHaveLength(0);
    expect(flags(proposed('2026-04-20T00:01', { expiresAt: '2026-05-31' }))).toHaveLength(1);
  });

  test('stays in the history when the deal opens again, and each loss is its own', () => {
    const story = given(opened('2026-02-01'), ends('procurement'), reopened('2026-03-25'));
    expect(story.flagAt('2026-06-01', 'P5.8').cleared).toMatchObject({ reason: 'historic' });
    const again = lost('2026-04-20', { reason: 'procurement' });
    expect(story.and(again).flagsAt('2026-06-01', 'P5.8')).toHaveLength(2);
  });

  test('after a renewal belongs to its cycle', () => {
    const story = given(
      won('2025-01-10'),
      subscribed('2025-01-12', { to: '2026-01-12' }),
      renewed('2026-01-12', { to: '2027-01-12' }),
      ends('procurement'),
    );
    expect(story.flagAt('2026-06-01', 'P5.8').subject).toBe('cycle:2');
  });
});

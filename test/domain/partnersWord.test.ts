// Can a partner's word bend what the vendor and its systems say of an engagement?
import { describe, expect, it } from 'vitest';
import { foldEngagement } from '../../domain/engagement/engagement.ts';
import { standing } from '../../domain/history.ts';
import { rowsOf } from '../../domain/rows/engagementRows.ts';
import type { RecordedEvent } from '../../events/catalog.ts';
import { contextOf } from '../support/contexts.ts';
import { instant, type RecordedOptions, recorded } from '../support/histories/events.ts';
import { given } from '../support/histories/given.ts';

const partner = { role: 'partner', partyId: 'p1' } as const;
const org = (id: string) => ({ system: 'crm', kind: 'account', id });

const opened = recorded('EngagementOpened', {}, { at: '2026-01-01' });
const won = (options: RecordedOptions) => recorded('DealClosed', { result: 'won' }, options);

const foldOf = (...events: readonly RecordedEvent[]) => foldEngagement(standing({ events }));
const rowsIn = (...events: readonly RecordedEvent[]) =>
  rowsOf({ events: given(...events).events, context: contextOf(), now: instant('2027-06-01') });
const headOf = (...events: readonly RecordedEvent[]) => rowsIn(...events).head.columns;

describe('orders that systems tell apart', () => {
  const order = (orderId: string, said: { agreementId?: string; poNumber?: string }, options: RecordedOptions) =>
    recorded(
      'OrderPlaced',
      { ...said, orderId, claimedBy: 'crm', total: { amount: '100', currency: 'EUR' }, legs: [], fees: [] },
      options,
    );
  const first = order('o1', { agreementId: 'a1' }, { at: '2026-02-01' });
  const second = order('o2', { poNumber: 'po2' }, { at: '2026-02-02' });

  it.each([
    ['one claim', [order('o1', { poNumber: 'po2' }, { at: '2026-02-03', saidBy: partner })]],
    ['an earlier claim', [order('o1', { poNumber: 'po2' }, { at: '2026-01-03', saidBy: partner })]],
    [
      'a chain of claims',
      [
        order('x', { agreementId: 'a1' }, { at: '2026-02-03', saidBy: partner }),
        order('x', { poNumber: 'po2' }, { at: '2026-02-04', saidBy: partner }),
      ],
    ],
  ])('are not joined by %s of a partner', (_what, claims) => {
    const { orders } = foldOf(opened, first, second, ...claims);
    expect(orders.map(({ orderId, said }) => [orderId, said.total?.amount])).toEqual([
      ['o1', '100'],
      ['o2', '100'],
    ]);
  });

  it('keep their ids where a partner claimed one of them before', () => {
    const claim = order('zzz', { agreementId: 'a1' }, { at: '2026-01-15', saidBy: partner });
    expect(foldOf(opened, claim, first, second).orders.map(({ orderId }) => orderId)).toEqual(['o1', 'o2']);
  });
});

it('a partner that claims an order with legs of its own sees no amount of the legs that a system says', () => {
  const legs = (amountMinor: number) => [
    {
      seq: 1,
      component: 'base',
      seller: org('vendor'),
      buyer: org('distributor'),
      amount: { amountMinor, currency: 'EUR' },
    },
  ];
  const said = recorded('OrderPlaced', { claimedBy: 'crm', orderId: 'o1', legs: legs(700) }, { at: '2026-02-01' });
  const claim = recorded(
    'OrderPlaced',
    { claimedBy: 'seller_of_record', orderId: 'o1', legs: legs(1) },
    { at: '2026-02-02', saidBy: partner },
  );
  const [leg] = rowsIn(opened, said, claim).rows.filter(({ table }) => table === 'order_legs');
  expect(leg?.columns).toMatchObject({ amountMinor: 700, claimEvent: said.eventId });
  expect(leg?.columns.amountSeenBy).not.toContain('p1');
  expect(leg?.columns.lineSeenBy).not.toContain('p1');
});

describe('a handoff of the vendor', () => {
  const pair = { handoffId: 'h1', fromStage: 'sell', toStage: 'deliver' } as const;
  const offered = recorded('HandoffOffered', pair, { at: '2026-02-10' });
  const rejected = recorded('HandoffRejected', pair, { at: '2026-02-12' });

  it('stays rejected where a partner says that it had accepted it before it was offered', () => {
    const accepted = recorded('HandoffAccepted', pair, { at: '2026-02-09', saidBy: partner });
    const { handoffs, stoodAside } = foldOf(opened, accepted, offered, rejected);
    expect(handoffs.map(({ answer }) => answer)).toEqual([rejected]);
    expect(stoodAside).toEqual([{ claim: accepted, word: rejected }]);
  });

  it('may be accepted by a partner once it is offered again', () => {
    const again = recorded('HandoffOffered', pair, { at: '2026-02-14' });
    const accepted = recorded('HandoffAccepted', pair, { at: '2026-02-15', saidBy: partner });
    expect(foldOf(opened, offered, rejected, again, accepted).handoffs.map(({ answer }) => answer)).toEqual([accepted]);
  });

  it('keeps its stages where a partner offers one of the same id between others', () => {
    const other = recorded(
      'HandoffOffered',
      { handoffId: 'h1', fromStage: 'report', toStage: 'renew' },
      { at: '2026-02-01', saidBy: partner },
    );
    expect(foldOf(opened, other, offered).handoffs).toMatchObject([{ fromStage: 'sell', toStage: 'deliver' }]);
  });
});

describe('the customer that the vendor or a system names', () => {
  const customer = (id: string, options: RecordedOptions) =>
    recorded('CustomerIdentified', { customer: org(id), segment: id, country: id === 'c1' ? 'NO' : 'SE' }, options);
  const theirs = customer('c1', { at: '2026-01-02', recordedAt: '2026-03-01' });

  it.each([
    ['a later message about the customer', customer('c2', { at: '2026-02-01', saidBy: partner })],
    [
      'an order',
      recorded(
        'OrderPlaced',
        { claimedBy: 'seller_of_record', orderId: 'o1', customer: org('c2') },
        { at: '2026-02-01', saidBy: partner },
      ),
    ],
  ])('holds against a partner’s word in %s', (_what, claim) => {
    const alone = headOf(opened, theirs);
    expect(headOf(opened, claim, theirs)).toMatchObject({
      ...{ customerId: alone.customerId, customer: 'crm/account/c1', segment: 'c1', country: 'NO' },
    });
  });

  it('holds where only a subscription names it', () => {
    const started = recorded(
      'SubscriptionStarted',
      { subscriptionId: 's1', customer: org('c1'), termStart: '2026-01-01T00:00:00.000Z' },
      { at: '2026-01-05' },
    );
    const claim = recorded(
      'OrderPlaced',
      { claimedBy: 'crm', orderId: 'o1', customer: org('c2') },
      { at: '2026-02-01', saidBy: partner },
    );
    expect(headOf(opened, started, claim)).toMatchObject({ customer: 'crm/account/c1' });
  });

  it('is a partner’s where nobody else names one', () => {
    expect(headOf(opened, customer('c2', { at: '2026-02-01', saidBy: partner }))).toMatchObject({
      customer: 'crm/account/c2',
    });
  });
});

describe('what is fulfilled and delivered first', () => {
  const route = recorded('RouteAgreed', { route: 'direct' }, { at: '2026-01-10' });
  const sale = given(opened, route, won({ at: '2026-02-02' }));

  it('a partner’s fulfilment of another order hides no later one of a system', () => {
    const claim = recorded('OrderFulfilled', { orderId: 'no such order' }, { at: '2026-02-20', saidBy: partner });
    const fulfilled = recorded('OrderFulfilled', { orderId: 'o1' }, { at: '2026-05-01' });
    expect(sale.and(claim).flagsAt('2026-06-01', 'P5.5')).toEqual([]);
    expect(sale.and(claim, fulfilled).flagAt('2026-06-01', 'P5.5').cleared).toMatchObject({
      eventId: fulfilled.eventId,
    });
  });

  it('a partner’s route gives no more time than the route of the vendor', () => {
    const slower = recorded('RouteAgreed', { route: 'co_sell' }, { at: '2026-02-20', saidBy: partner });
    expect(sale.and(slower).flagAt('2026-05-01', 'P5.5')).toMatchObject({
      raisedAt: sale.flagAt('2026-05-01', 'P5.5').raisedAt,
      severity: 'high',
    });
  });

  it('a partner’s delivery on a template hides no later delivery without one', () => {
    const templated = (at: string) =>
      recorded('DeliveryStarted', { templateRef: 't1' }, { at, saidBy: partner, sourceId: at });
    const started = recorded('DeliveryStarted', {}, { at: '2026-02-10' });
    const { raisedAt, evidence, cleared } = sale.and(started).flagAt('2026-06-01', 'P2.1');
    expect(sale.and(templated('2026-02-09'), started).flagAt('2026-06-01', 'P2.1')).toMatchObject({
      ...{ raisedAt, evidence, cleared },
    });
    // An honest late answer.
    expect(sale.and(started, templated('2026-02-12')).flagAt('2026-06-01', 'P2.1').cleared).toMatchObject({
      at: '2026-02-12T00:00:00.000Z',
    });
  });
});

describe('an engagement that the vendor ended', () => {
  it('is not opened again by a partner’s win', () => {
    const withdrawn = recorded('EngagementWithdrawn', {}, { at: '2026-02-01' });
    const claim = won({ at: '2026-02-02', saidBy: partner });
    expect(headOf(opened, withdrawn, claim)).toMatchObject({ endReason: 'withdrawn' });
    expect(headOf(opened, withdrawn, won({ at: '2026-02-02' }))).toMatchObject({ endReason: null });
  });

  it('a monthly renewal gives no partner another word on its closing or its milestones', () => {
    const term = (month: string, next: string) => ({
      ...{
        subscriptionId: 's1',
        termStart: `2026-${month}-01T00:00:00.000Z`,
        termEnd: `2026-${next}-01T00:00:00.000Z`,
      },
    });
    const started = recorded('SubscriptionStarted', term('02', '03'), { at: '2026-02-01' });
    const renewed = recorded('SubscriptionRenewed', term('03', '04'), { at: '2026-03-01' });
    const lost = recorded('DealClosed', { result: 'lost' }, { at: '2026-03-10', saidBy: partner });
    const live = (options: RecordedOptions) => recorded('MilestoneReached', { milestone: 'go_live' }, options);
    const early = live({ at: '2026-02-10', saidBy: partner });
    const events = [opened, won({ at: '2026-02-01' }), started, renewed, live({ at: '2026-04-01' })];
    const whole = foldOf(...events, early, lost);
    expect(whole.stoodAside.map(({ claim }) => claim)).toEqual([early, lost]);
    expect(whole.events).toEqual(foldOf(...events).events);
  });
});

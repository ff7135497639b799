// Does Procure accept orders that conserve value, fulfilments of known orders, and credits within their charge?
import { describe, it } from 'vitest';
import { given } from '../support/histories/decisions.ts';
import { fact, recorded } from '../support/histories/events.ts';

const actor = 'ada';
const at = '2026-02-02';
const org = (id: string) => ({ system: 'crm', kind: 'account', id });
const leg = (seq: number, seller: string, buyer: string, amountMinor: number) => ({
  seq,
  component: 'licence',
  seller: org(seller),
  buyer: org(buyer),
  amount: { amountMinor, currency: 'USD' },
});
const twoTier = [leg(1, 'V', 'D', 760_000), leg(2, 'D', 'P', 800_000), leg(3, 'P', 'C', 1_000_000)];
const order = { claimedBy: 'seller_of_record' as const, orderId: 'O1', agreementId: 'A1', poNumber: 'PO1' };
const placed = recorded('OrderPlaced', order, { at: '2026-02-01' });
const started = recorded(
  'SubscriptionStarted',
  { subscriptionId: 's1', termStart: '2026-02-01T00:00:00.000Z' },
  { at: '2026-02-01' },
);
const entry = (entryId: string, amountMinor: number) => ({
  entryId,
  direction: 'revenue' as const,
  kind: 'charge' as const,
  amount: { amountMinor, currency: 'USD' },
});
const charge = recorded('LedgerEntryRecorded', entry('c1', 1000), { at: '2026-02-01' });

describe('an order', () => {
  it('is placed with legs that conserve value, or without legs', () => {
    given()
      .when(fact('OrderPlaced', order, { at, actor }))
      .accepted();
    given()
      .when(fact('OrderPlaced', { ...order, legs: twoTier }, { at, actor }))
      .accepted();
  });

  it('is refused if a middle leg is missing', () => {
    const legs = [leg(1, 'V', 'D', 760_000), leg(3, 'P', 'C', 1_000_000)];
    given()
      .when(fact('OrderPlaced', { ...order, legs }, { at, actor }))
      .refused('legsDoNotConserve', /one currency/);
  });

  it('is placed once by each claimant', () => {
    given(placed)
      .when(fact('OrderPlaced', { ...order, legs: twoTier }, { at, actor }))
      .refused('orderAlreadyPlaced', /order O1/);
    given(placed)
      .when(fact('OrderPlaced', { ...order, claimedBy: 'crm' }, { at, actor }))
      .accepted();
  });

  it('is accepted from a system, whatever its legs', () => {
    given()
      .when(fact('OrderPlaced', { ...order, legs: [leg(1, 'V', 'D', 1), leg(2, 'P', 'C', 2)] }, { at }))
      .accepted();
  });
});

describe('a fulfilment', () => {
  it('finds its order by any key', () => {
    for (const orderId of ['O1', 'A1', 'PO1']) {
      given(placed)
        .when(fact('OrderFulfilled', { orderId }, { at, actor }))
        .accepted();
    }
    given(placed)
      .when(fact('OrderFulfilled', { orderId: 'O2' }, { at, actor }))
      .refused('orderUnknown', /O2/);
  });
});

describe('a subscription', () => {
  it('starts once', () => {
    const again = { subscriptionId: 's1', termStart: '2026-03-01T00:00:00.000Z' };
    given()
      .when(fact('SubscriptionStarted', again, { at, actor }))
      .accepted();
    given(started)
      .when(fact('SubscriptionStarted', again, { at, actor }))
      .refused('subscriptionAlreadyStarted', /s1/);
  });
});

describe('a subscription that is paused', () => {
  const another = recorded(
    'SubscriptionStarted',
    { subscriptionId: 's9', termStart: '2026-02-01T00:00:00.000Z' },
    { at: '2026-02-01' },
  );
  const pause = fact('SubscriptionSuspended', { subscriptionId: 's1' }, { at, actor });
  const resume = fact('SubscriptionReinstated', { subscriptionId: 's1' }, { at, actor });
  const paused = recorded('SubscriptionSuspended', { subscriptionId: 's1' }, { at: '2026-02-20' });

  it('is known, runs before it is paused, and is paused before it goes on', () => {
    given(another, started).when(pause).accepted();
    given(another, started, paused).when(resume).accepted();
    given(another, started, paused).when(pause).refused('alreadySuspended', /s1/);
    given(another, started)
      .when(resume)
      .refused('notSuspended', /nothing to reinstate/);
    for (const unknown of [pause, resume]) given(another).when(unknown).refused('subscriptionUnknown', /s1/);
  });
});

describe('a ledger entry', () => {
  it('is recorded once', () => {
    given(charge)
      .when(fact('LedgerEntryRecorded', entry('c1', 900), { at, actor }))
      .refused('entryAlreadyRecorded', /c1/);
    given(charge)
      .when(fact('LedgerEntryRecorded', entry('c2', 900), { at, actor }))
      .accepted();
  });

  it('credits a known charge, as long as all credits do not exceed it', () => {
    const credit = (entryId: string, amountMinor: number) => ({
      ...entry(entryId, amountMinor),
      kind: 'credit' as const,
      correctsEntryId: 'c1',
    });
    const half = recorded('LedgerEntryRecorded', credit('k1', 600), { at: '2026-02-01T12:00' });
    given(charge, half)
      .when(fact('LedgerEntryRecorded', credit('k2', 400), { at, actor }))
      .accepted();
    given(charge, half)
      .when(fact('LedgerEntryRecorded', credit('k2', 401), { at, actor }))
      .refused('creditAboveCharge', /1001 exceed the charge of 1000/);
    given()
      .when(fact('LedgerEntryRecorded', credit('k2', 1), { at, actor }))
      .refused('entryUnknown', /c1/);
  });
});

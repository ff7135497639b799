// Does each change of recurring revenue have its step, and each transfer its two steps?
import { describe, expect, it } from 'vitest';
import type { Context } from '../../../domain/context/context.ts';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { contextOf } from '../../support/contexts.ts';
import { engagementId, instant, recorded } from '../../support/histories/events.ts';
import { engagement } from '../../support/histories/revenue.ts';
import { columnsAt, partyId, tableAt } from '../../support/tabled.ts';

const e = engagement(engagementId);
const now = '2027-01-01';

/** Steps in short, in the order of their keys: date, kind, subscription, partner, amounts, currency. */
const stepsAt = (at: string, events: readonly RecordedEvent[], context?: Context): readonly unknown[] =>
  tableAt('arr_steps', at, events, context)
    .toSorted((a, b) => (a.rowKey < b.rowKey ? -1 : 1))
    .map(({ columns }) => [
      String(columns.at).slice(0, 10),
      columns.kind,
      columns.subscriptionId,
      columns.partnerId,
      columns.fromMinor,
      columns.toMinor,
      columns.currency,
    ]);

describe('a subscription', () => {
  const opened = e.opened('2026-01-01', { customer: 'c', lead: 'p' });
  const started = e.started('2026-02-01', 's', 1200);

  it('has a step when it begins, changes and ends, with its partner and the event that caused it', () => {
    const changed = e.changed('2026-03-01', 's', 1500);
    const ended = e.ended('2026-04-01', 's', '2026-06-01');
    const events = [opened, started, changed, ended];
    expect(stepsAt(now, events)).toEqual([
      ['2026-02-01', 'change', 's', partyId('p'), 0, 1200, 'EUR'],
      ['2026-03-01', 'change', 's', partyId('p'), 1200, 1500, 'EUR'],
      ['2026-06-01', 'change', 's', partyId('p'), 1500, 0, 'EUR'],
    ]);
    expect(tableAt('arr_steps', now, events)[1]).toEqual({
      table: 'arr_steps',
      rowKey: 'e1#2026-03-01T00:00:00.000Z#s#change',
      columns: {
        engagementId: 'e1',
        reference: null,
        leadPartnerId: partyId('p'),
        leadPartner: 'crm/account/p',
        lastEventId: changed.eventId,
        policyVersion: 0,
        at: instant('2026-03-01'),
        kind: 'change',
        subscriptionId: 's',
        subscriptions: 1,
        customerId: partyId('c'),
        customer: 'crm/account/c',
        partnerId: partyId('p'),
        partner: 'crm/account/p',
        partnerBy: 'lead',
        amountsSeenBy: [partyId('p')],
        closedBefore: 0,
        closedAfter: 0,
        currency: 'EUR',
        fromMinor: 1200,
        toMinor: 1500,
        amountReason: null,
        cause: 'SubscriptionChanged',
        causeEvent: changed.eventId,
      },
    });
  });

  it('has no step for a future change until it takes effect', () => {
    const events = [opened, started, e.ended('2026-04-01', 's', '2026-06-01')];
    expect(stepsAt('2026-05-31', events)).toHaveLength(1);
    expect(stepsAt('2026-06-01', events)).toHaveLength(2);
    expect(columnsAt('engagements', '2026-05-31', events)[0]?.nextDueAt).toBe(instant('2026-06-01'));
  });

  it('has its first step when its first term begins, however early that was announced', () => {
    const announced = recorded(
      'SubscriptionStarted',
      {
        subscriptionId: 's',
        termStart: instant('2026-05-01'),
        price: { amountMinor: 100, currency: 'EUR' },
        billingPeriod: 'P1M',
      },
      { at: '2026-02-01' },
    );
    expect(stepsAt('2026-04-30', [opened, announced])).toEqual([]);
    expect(stepsAt(now, [opened, announced])).toEqual([['2026-05-01', 'change', 's', partyId('p'), 0, 1200, 'EUR']]);
  });

  it('has no step at a price of 0, whatever the billing period', () => {
    const free = recorded(
      'SubscriptionStarted',
      { subscriptionId: 's', termStart: instant('2026-02-01'), price: { amountMinor: 0, currency: 'EUR' } },
      { at: '2026-02-01' },
    );
    expect(stepsAt(now, [opened, free, e.changed('2026-03-01', 's', 500)])).toEqual([
      ['2026-03-01', 'change', 's', partyId('p'), 0, 500, 'EUR'],
    ]);
  });

  it('has a step with the reason if its price or billing period is not known', () => {
    const bare = recorded(
      'SubscriptionStarted',
      { subscriptionId: 's', termStart: instant('2026-02-01') },
      { at: '2026-02-01' },
    );
    const events = [opened, bare, e.changed('2026-03-01', 's', 'unknown'), e.changed('2026-04-01', 's', 500)];
    expect(columnsAt('arr_steps', now, events)).toMatchObject([
      { fromMinor: 0, toMinor: null, currency: null, amountReason: 'priceUnknown' },
      { fromMinor: null, toMinor: null, currency: null, amountReason: 'billingPeriodUnknown' },
      { fromMinor: null, toMinor: 500, currency: 'EUR', amountReason: 'billingPeriodUnknown' },
    ]);
  });

  it('has a step out of one currency and a step into the other if its currency changes', () => {
    expect(stepsAt(now, [opened, started, e.changed('2026-03-01', 's', 900, 'NOK')])).toEqual([
      ['2026-02-01', 'change', 's', partyId('p'), 0, 1200, 'EUR'],
      ['2026-03-01', 'currencyIn', 's', partyId('p'), 0, 900, 'NOK'],
      ['2026-03-01', 'currencyOut', 's', partyId('p'), 1200, 0, 'EUR'],
    ]);
  });

  it('has one step for each instant: the last fact holds', () => {
    const again = [e.changed('2026-03-01', 's', 900), e.changed('2026-03-01', 's', 1200)].sort((a, b) =>
      a.eventId < b.eventId ? -1 : 1,
    );
    const last = again[1]?.data.price;
    expect(stepsAt(now, [opened, started, ...again])).toEqual([
      ['2026-02-01', 'change', 's', partyId('p'), 0, 1200, 'EUR'],
      ...(last?.amountMinor === 1200 ? [] : [['2026-03-01', 'change', 's', partyId('p'), 1200, 900, 'EUR']]),
    ]);
  });

  it('keeps its own customer and partner, whoever is the lead partner', () => {
    const own = e.started('2026-02-01', 's', 1200, { partner: 'q', customer: 'd' });
    const rows = columnsAt('arr_steps', now, [opened, own, e.assigned('2026-03-01', 'r')]);
    expect(rows).toMatchObject([{ customerId: partyId('d'), partnerId: partyId('q'), partnerBy: 'subscription' }]);
  });

  it('has null for an unknown customer or partner', () => {
    expect(columnsAt('arr_steps', now, [started])).toMatchObject([
      { customerId: null, partnerId: null, partnerBy: 'lead', leadPartnerId: null },
    ]);
  });
});

describe('a change of the lead partner', () => {
  const opened = e.opened('2026-01-01', { customer: 'c', lead: 'p' });
  const events = [
    opened,
    e.started('2026-02-01', 'a', 100),
    e.started('2026-02-01', 'b', 50),
    e.started('2026-02-01', 'own', 30, { partner: 'q' }),
    e.started('2026-02-01', 'gone', 70),
    e.ended('2026-03-01', 'gone'),
  ];

  it('moves subscriptions without a partner of their own to the new partner, from its date on', () => {
    const assigned = e.assigned('2026-05-01', 'q');
    const rows = columnsAt('arr_steps', now, [...events, assigned]).filter(({ at }) => at === instant('2026-05-01'));
    const moved = { subscriptionId: null, subscriptions: 2, currency: 'EUR', causeEvent: assigned.eventId };
    expect(rows).toMatchObject([
      { ...moved, kind: 'transferOut', partnerId: partyId('p'), fromMinor: 150, toMinor: 0, cause: 'PartnerAssigned' },
      { ...moved, kind: 'transferIn', partnerId: partyId('q'), fromMinor: 0, toMinor: 150 },
    ]);
  });

  it('does not change earlier steps', () => {
    const before = stepsAt('2026-04-30', events);
    expect(stepsAt(now, [...events, e.assigned('2026-05-01', 'q')]).slice(0, before.length)).toEqual(before);
  });

  it('transfers nothing if the new reference means the same partner', () => {
    expect(stepsAt(now, [...events, e.assigned('2026-05-01', 'p')])).toEqual(stepsAt(now, events));
    const links = new Map([['crm|account|twin', partyId('p')]]);
    const linked = stepsAt(now, [...events, e.assigned('2026-05-01', 'twin')], contextOf({ links }));
    expect(linked).toEqual(stepsAt(now, events));
  });

  it('transfers nothing if there is no revenue', () => {
    expect(stepsAt(now, [opened, e.assigned('2026-05-01', 'q')])).toEqual([]);
  });

  it('leaves subscriptions that end at its instant with the old partner, and gives others to the new one', () => {
    const at = '2026-05-01';
    const rows = stepsAt(now, [
      ...events,
      e.assigned(at, 'q'),
      e.ended(at, 'a'),
      e.changed(at, 'b', 60),
      e.started(at, 'new', 5),
    ]);
    expect(rows.filter((row) => Array.isArray(row) && row[0] === at)).toEqual([
      [at, 'transferIn', null, partyId('q'), 0, 50, 'EUR'],
      [at, 'transferOut', null, partyId('p'), 50, 0, 'EUR'],
      [at, 'change', 'a', partyId('p'), 100, 0, 'EUR'],
      [at, 'change', 'b', partyId('q'), 50, 60, 'EUR'],
      [at, 'change', 'new', partyId('q'), 0, 5, 'EUR'],
    ]);
  });

  it('is a transfer for each customer and currency, and for unknown amounts', () => {
    const rows = columnsAt('arr_steps', now, [
      ...events,
      e.started('2026-03-01', 'kroner', 900, { currency: 'NOK' }),
      e.started('2026-03-01', 'other', 20, { customer: 'd' }),
      e.started('2026-03-01', 'bare', 'unknown'),
      e.assigned('2026-05-01', 'q'),
    ]).filter(({ kind }) => kind === 'transferIn');
    expect(rows).toMatchObject([
      { customerId: partyId('c'), currency: 'EUR', toMinor: 150, subscriptions: 2, amountReason: null },
      { customerId: partyId('c'), currency: null, fromMinor: 0, toMinor: null, amountReason: 'billingPeriodUnknown' },
      { customerId: partyId('c'), currency: 'NOK', toMinor: 900, subscriptions: 1 },
      { customerId: partyId('d'), currency: 'EUR', toMinor: 20, subscriptions: 1 },
    ]);
  });

  it('is a transfer also if there was no lead partner before', () => {
    expect(stepsAt(now, [e.started('2026-02-01', 's', 100), e.assigned('2026-03-01', 'p')])).toEqual([
      ['2026-02-01', 'change', 's', null, 0, 100, 'EUR'],
      ['2026-03-01', 'transferIn', null, partyId('p'), 0, 100, 'EUR'],
      ['2026-03-01', 'transferOut', null, null, 100, 0, 'EUR'],
    ]);
  });
});

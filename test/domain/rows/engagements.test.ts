// What does the head row say about an engagement: stage, milestones, value, failures, and its next due instant?
import { describe, expect, it } from 'vitest';
import type { Context } from '../../../domain/context/context.ts';
import { foldParty } from '../../../domain/context/party.ts';
import { shardOf } from '../../../domain/rows/row.ts';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { contextOf, offersOf } from '../../support/contexts.ts';
import { instant, recorded } from '../../support/histories/events.ts';
import { columnsAt, org, partyId } from '../../support/tabled.ts';

const eur = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });
const opened = recorded(
  'EngagementOpened',
  {
    customer: org('c'),
    segment: 'midmarket',
    country: 'NO',
    leadPartner: org('p'),
    offerId: 'offer',
    campaignId: 'spring',
    expectedValue: { amount: '90.00', currency: 'EUR' },
  },
  { at: '2026-01-05' },
);
const agreed = recorded('OutcomeAgreed', { outcomeId: 'o1' }, { at: '2026-01-10' });
const route = recorded('RouteAgreed', { route: 'two_tier' }, { at: '2026-01-12' });
const won = recorded(
  'DealClosed',
  { result: 'won', value: { amount: '100.00', currency: 'EUR' } },
  { at: '2026-02-01' },
);
const fulfilled = recorded('OrderFulfilled', { orderId: 'O' }, { at: '2026-02-10' });
const started = recorded(
  'SubscriptionStarted',
  {
    subscriptionId: 's1',
    kind: 'base_licence',
    price: eur(1000),
    billingPeriod: 'P1M',
    termStart: instant('2026-02-15'),
    termEnd: instant('2027-02-15'),
  },
  { at: '2026-02-10' },
);
const delivery = recorded('DeliveryStarted', { templateRef: 't' }, { at: '2026-02-12' });
const live = recorded('MilestoneReached', { milestone: 'go_live' }, { at: '2026-03-01' });
const met = recorded('OutcomeMeasured', { outcomeId: 'o1', value: 1, met: true }, { at: '2026-04-01' });
const reported = recorded('ValueReported', { reportId: 'r1', sections: ['business_impact'] }, { at: '2026-04-05' });
const all = [opened, agreed, route, won, fulfilled, started, delivery, live, met, reported];
const head = (now: string, events: readonly RecordedEvent[], context?: Context) =>
  columnsAt('engagements', now, events, context)[0];

describe('the head row', () => {
  it('says where the engagement is and what it has reached', () => {
    expect(head('2026-04-06', all)).toMatchObject({
      engagementId: 'e1',
      leadPartnerId: partyId('p'),
      lastEventId: reported.eventId,
      policyVersion: 0,
      customerId: partyId('c'),
      segment: 'midmarket',
      country: 'NO',
      offerId: 'offer',
      campaignId: 'spring',
      bespoke: false,
      unsourced: false,
      route: 'two_tier',
      cycle: 1,
      stage: 'report',
      stageReason: null,
      stageSince: live.occurredAt,
      openedAt: opened.occurredAt,
      wonAt: won.occurredAt,
      fulfilledAt: fulfilled.occurredAt,
      deliveryStartedAt: delivery.occurredAt,
      liveAt: live.occurredAt,
      firstValueAt: met.occurredAt,
      firstReportAt: reported.occurredAt,
      renewalDue: instant('2027-02-15'),
      result: 'won',
      endedAt: null,
      endReason: null,
      valueMinor: 10_000,
      valueCurrency: 'EUR',
      valueReason: null,
      arrMinor: 12_000,
      arrCurrency: 'EUR',
      arrReason: null,
    });
  });

  it('shows null with its reason, never 0', () => {
    const bare = recorded('DealRevised', { salesStage: 'a' }, { at: '2026-01-05' });
    expect(head('2026-02-01', [bare])).toMatchObject({
      stage: null,
      stageReason: 'notOpened',
      cycle: null,
      leadPartnerId: null,
      customerId: null,
      bespoke: true,
      unsourced: true,
      result: null,
      valueMinor: null,
      valueReason: 'notSaid',
      arrMinor: null,
      arrReason: 'none',
      renewalDue: null,
    });
  });

  it('distinguishes an unknown currency from an amount that is not exact', () => {
    const valued = (amount: string, currency?: string) =>
      recorded(
        'DealRevised',
        { value: { amount, ...(currency === undefined ? {} : { currency }) } },
        { at: '2026-01-05' },
      );
    expect(head('2026-02-01', [valued('1')])).toMatchObject({ valueMinor: null, valueReason: 'currencyUnknown' });
    expect(head('2026-02-01', [valued('0.001', 'EUR')])).toMatchObject({ valueMinor: null, valueReason: 'notExact' });
  });

  it('adds recurring revenue from the start of a term on, in one currency only', () => {
    expect(head('2026-02-14', all)).toMatchObject({
      arrMinor: null,
      arrReason: 'none',
      nextDueAt: instant('2026-02-15'),
    });
    const dollars = recorded(
      'SubscriptionStarted',
      {
        subscriptionId: 's2',
        price: { amountMinor: 5, currency: 'USD' },
        billingPeriod: 'P1Y',
        termStart: instant('2026-03-01'),
      },
      { at: '2026-03-01' },
    );
    expect(head('2026-04-06', [...all, dollars])).toMatchObject({ arrMinor: null, arrReason: 'mixedCurrencies' });
    const more = recorded(
      'SubscriptionStarted',
      { subscriptionId: 's2', price: eur(5), billingPeriod: 'P1Y', termStart: instant('2026-03-01') },
      { at: '2026-03-01' },
    );
    expect(head('2026-04-06', [...all, more])).toMatchObject({ arrMinor: 12_005 });
  });

  it('keeps the stage in which it ended', () => {
    const lost = recorded('DealClosed', { result: 'lost' }, { at: '2026-01-20' });
    expect(head('2026-02-01', [opened, lost])).toMatchObject({
      stage: 'sell',
      result: 'lost',
      endReason: 'lost',
      endedAt: lost.occurredAt,
    });
    const ended = recorded('SubscriptionEnded', { subscriptionId: 's1' }, { at: '2026-05-01' });
    expect(head('2026-06-01', [...all, ended])).toMatchObject({
      stage: 'report',
      result: 'won',
      endReason: 'subscriptionsEnded',
      arrMinor: null,
      renewalDue: null,
    });
  });

  it("names the lead partner as of now, and uses the account's facts if the engagement has none about the customer", () => {
    const assigned = recorded('PartnerAssigned', { partner: org('p2'), by: 'person' }, { at: '2026-03-01' });
    expect(head('2026-02-28', [opened, assigned])).toMatchObject({ leadPartnerId: partyId('p') });
    expect(head('2026-03-01', [opened, assigned])).toMatchObject({ leadPartnerId: partyId('p2') });
    const silent = recorded('EngagementOpened', { customer: org('c') }, { at: '2026-01-05' });
    const said = recorded(
      'CustomerIdentified',
      { customer: org('c'), segment: 'smb', country: 'SE' },
      { at: '2026-01-01' },
    );
    const context = contextOf({ parties: new Map([[partyId('c'), foldParty([said])]]) });
    expect(head('2026-02-01', [silent], context)).toMatchObject({ segment: 'smb', country: 'SE' });
  });

  it('resolves a linked reference to its party', () => {
    const context = contextOf({ links: new Map([['crm|account|p', 'partner-1']]) });
    expect(head('2026-02-01', [opened], context)).toMatchObject({
      leadPartnerId: 'partner-1',
      customerId: partyId('c'),
    });
  });

  it('names the version that was sold: the named one, else the newest when the deal was won', () => {
    const version = (number: number, at: string) =>
      recorded(
        'OfferPublished',
        { offerId: 'offer', version: number, components: [{ componentId: 'a', kind: 'base_licence' }] },
        { at },
      );
    const context = contextOf({
      offers: offersOf(version(1, '2025-01-01'), version(2, '2026-01-20'), version(3, '2026-03-01')),
    });
    expect(head('2026-04-06', all, context)).toMatchObject({ offerVersion: 2 });
    const named = recorded('SolutionProposed', { offerId: 'offer', offerVersion: 1 }, { at: '2026-01-15' });
    expect(head('2026-04-06', [...all, named], context)).toMatchObject({ offerVersion: 1 });
    expect(head('2026-04-06', all)).toMatchObject({ offerVersion: null });
  });

  it('counts open flags, and names the highest severity and the deviations', () => {
    const early = [opened, won, recorded('DealClosed', { result: 'won' }, { at: '2026-02-02' }), delivery];
    const row = head('2026-02-13', early);
    const open = columnsAt('flags', '2026-02-13', early).filter(({ status }) => status === 'open');
    expect(open.map(({ rule }) => rule)).toContain('P3.1');
    expect(row).toMatchObject({
      openFlags: open.length,
      worstSeverity: 'high',
      deviations: [{ kind: 'dealClosedTwice', about: 'cycle 1' }],
      deviationCount: 1,
    });
  });

  it('lists only the first deviations and events, so that it stays small, and counts all', () => {
    const unknown = Array.from({ length: 500 }, (_, index) =>
      recorded('OrderFulfilled', { orderId: `${index}`.padStart(250, 'x') }, { at: '2026-02-01' }),
    );
    const closings = Array.from({ length: 50 }, (_, index) =>
      recorded('DealClosed', { result: 'won' }, { at: `2026-02-02T10:${String(index).padStart(2, '0')}` }),
    );
    const row = head('2026-02-13', [opened, ...closings, ...unknown]);
    expect(row?.deviationCount).toBe(1 + 500);
    expect(row?.deviations).toHaveLength(20);
    expect(row?.deviations).toContainEqual({
      kind: 'dealClosedTwice',
      about: 'cycle 1',
      eventIds: closings.slice(0, 10).map(({ eventId }) => eventId),
    });
    expect(JSON.stringify(row?.deviations).length).toBeLessThan(50_000);
  });
});

describe('the shard of what is due', () => {
  it('is one of eight, always the same, and absent if nothing is due', () => {
    const shards = new Set(Array.from({ length: 400 }, (_, index) => shardOf(`engagement-${index}`)));
    expect([...shards].sort()).toEqual(['00', '01', '02', '03', '04', '05', '06', '07']);
    expect(head('2026-04-06', all)).toMatchObject({ dueShard: shardOf('e1') });
    expect(head('2026-04-06', [recorded('DealRevised', { salesStage: 'a' }, { at: '2026-01-05' })])).toMatchObject({
      nextDueAt: null,
      dueShard: null,
    });
  });
});

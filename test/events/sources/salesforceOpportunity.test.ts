// Do a created and a changed opportunity become the facts that the org wrote: fields, parties, result and order?
import { describe, expect, it } from 'vitest';
import { salesforce } from '../../../events/sources/salesforce.ts';
import type { SourceFact } from '../../../events/sources/source.ts';
import { connectionTo, dataOf, factsIn, messageOf, org, relayed } from './reading.ts';

const said = (event: unknown, mapping: { readonly [key: string]: unknown } = {}) =>
  salesforce.translate(messageOf(event), connectionTo(salesforce, mapping));
const facts = (event: unknown, mapping: { readonly [key: string]: unknown } = {}) => factsIn(said(event, mapping));
const types = (list: readonly SourceFact[]) => list.map(({ type }) => type);
const find = (list: readonly SourceFact[], type: string) => list.find((fact) => fact.type === type);

const opportunity = { system: `salesforce:${org}`, kind: 'Opportunity', id: '006Hp00001XkQ2mIAF' };
const created = {
  AccountId: '001Hp00002LmZ8p',
  StageName: 'Qualification',
  Amount: 84000,
  CloseDate: '2026-08-31',
  Engagement_Id__c: 'ENG-1',
  Sourcing_Partner__c: 'brightforge',
  Offer_Id__c: 'observability-starter',
  Offer_Version__c: 2,
};

describe('an opportunity that is created', () => {
  const all = facts(relayed({ changeType: 'CREATE' }, created));

  it('opens an engagement, with customer and partner as references', () => {
    expect(types(all)).toEqual(['EngagementOpened', 'CustomerIdentified', 'PartnerAssigned']);
    expect(all[0]).toMatchObject({
      subject: { primary: opportunity },
      reference: { system: 'reference', kind: 'engagement', id: 'ENG-1' },
      occurredAt: '2026-06-13T09:00:00.000Z',
    });
    expect(dataOf(all[0])).toEqual({
      customer: { system: `salesforce:${org}`, kind: 'Account', id: '001Hp00002LmZ8pIAF' },
      leadPartner: { system: 'reference', kind: 'partner', id: 'brightforge' },
      offerId: 'observability-starter',
      offerVersion: 2,
      expectedValue: { amount: '84000' },
      expectedClose: '2026-08-31',
      salesStage: 'Qualification',
    });
  });

  it('names a currency only if its message does', () => {
    const named = facts(relayed({ changeType: 'CREATE' }, { ...created, CurrencyIsoCode: 'nok' }));
    expect(dataOf(named[0])).toMatchObject({ expectedValue: { amount: '84000', currency: 'NOK' } });
    expect(dataOf(facts(relayed({}, { Amount: 1 }))[0])).toEqual({ value: { amount: '1' } });
  });

  it('proposes a renewal if its type says so and it names an engagement', () => {
    const renewal = facts(relayed({ changeType: 'CREATE' }, { ...created, Type: 'Renewal' }));
    expect(types(renewal)).toEqual(['RenewalProposed', 'CustomerIdentified', 'PartnerAssigned']);
    const { Engagement_Id__c: _none, ...unnamed } = created;
    expect(types(facts(relayed({ changeType: 'CREATE' }, { ...unnamed, Type: 'Renewal' })))[0]).toBe(
      'EngagementOpened',
    );
  });

  it('reads the org’s own fields and words by the mapping', () => {
    const mapping = {
      opportunity: { partner: 'Partner__c', route: 'Way__c', offer: 'Play__c' },
      stages: { Angebot: 'proposed' },
      routes: { 'Über Arrowline': { route: 'two_tier' } },
    };
    const event = relayed(
      { changeType: 'CREATE' },
      { StageName: 'Angebot', Partner__c: '001Hp00002LmZ8p', Way__c: 'über  arrowline', Play__c: 'p1' },
    );
    const mapped = facts(event, mapping);
    expect(types(mapped)).toEqual(['EngagementOpened', 'RouteAgreed', 'PartnerAssigned', 'SolutionProposed']);
    expect(dataOf(find(mapped, 'RouteAgreed'))).toEqual({ route: 'two_tier' });
    expect(dataOf(find(mapped, 'PartnerAssigned'))).toEqual({
      partner: { system: `salesforce:${org}`, kind: 'Account', id: '001Hp00002LmZ8pIAF' },
      by: 'identity',
    });
    expect(dataOf(find(mapped, 'SolutionProposed'))).toMatchObject({ offerId: 'p1' });
  });
});

describe('an opportunity that changes', () => {
  it('becomes one fact for each group of fields, with the catalog’s names as discriminators', () => {
    const all = facts(
      relayed({}, { StageName: 'Proposal', ForecastCategory: 'Forecast', Amount: 1, CloseDate: '2026-09-01' }),
    );
    expect(all.map(({ type, discriminator }) => [type, discriminator])).toEqual([
      ['DealRevised', 'salesStage'],
      ['DealRevised', 'value'],
      ['DealRevised', 'expectedClose'],
    ]);
    expect(new Set(all.map(({ sourceId }) => sourceId))).toEqual(new Set(['Opportunity:tx-1:1:006Hp00001XkQ2mIAF']));
  });

  it('becomes the same fact through Event Relay and AppFlow', () => {
    const relay = relayed({}, { StageName: 'Proposal' });
    const flat = { ...relay, source: 'aws.partner/appflow/salesforce.com/123/opp', detail: relay.detail.payload };
    expect(facts(flat)).toEqual(facts(relay));
  });

  it('becomes a fact for each of its records, and completes ids of 15 characters', () => {
    const all = facts(relayed({ recordIds: ['006Hp00001XkQ2m', '006Hp00001XkQ2nIAF'] }, { StageName: 'Proposal' }));
    expect(all.map(({ subject }) => subject)).toEqual([
      { primary: opportunity },
      { primary: { ...opportunity, id: '006Hp00001XkQ2nIAF' } },
    ]);
    expect(new Set(all.map(({ sourceId }) => sourceId)).size).toBe(2);
  });

  it('keeps amounts and commit numbers as the source wrote them', () => {
    const text = JSON.stringify(relayed({}, { Amount: 1 }))
      .replace('"Amount":1', '"Amount":12345678901234.070')
      .replace('"commitNumber":7', '"commitNumber":1781341200000000501');
    const [revised] = facts(text);
    expect(dataOf(revised)).toEqual({ value: { amount: '12345678901234.07' } });
    expect(revised?.sourceSeq).toBe('001781341200000.01781341200000000501.000001');
  });

  it('orders changes of one record as the org committed them', () => {
    const seq = (header: object) => facts(relayed({ ...header }, { StageName: 'x' }))[0]?.sourceSeq ?? '';
    const inOrder = [
      seq({ commitTimestamp: 999999999999, commitNumber: 9 }),
      seq({ commitNumber: 9, sequenceNumber: 2 }),
      seq({ commitNumber: 9, sequenceNumber: 10 }),
      seq({ commitNumber: 10, sequenceNumber: 1 }),
    ];
    expect([...inOrder].sort()).toEqual(inOrder);
  });

  it('closes by its flags rather than by the name of a stage', () => {
    const close = (fields: Readonly<Record<string, unknown>>) =>
      facts(relayed({}, fields)).map((fact) => [fact.type, dataOf(fact)]);
    expect(close({ IsClosed: true, StageName: 'Vunnet', IsWon: true })).toEqual([['DealClosed', { result: 'won' }]]);
    expect(close({ IsClosed: true, StageName: 'Tapt' })).toEqual([['DealClosed', { result: 'lost' }]]);
    expect(close({ IsWon: false })).toEqual([['DealClosed', { result: 'lost' }]]);
    expect(close({ StageName: 'Closed Won', Amount: 5 })).toEqual([
      ['DealClosed', { result: 'won', value: { amount: '5' } }],
    ]);
    expect(close({ StageName: 'Negotiation', IsClosed: false })).toEqual([
      ['DealRevised', { salesStage: 'Negotiation' }],
      ['DealReopened', {}],
    ]);
  });

  it('asks to read the record again if a route’s word is unknown', () => {
    const route = facts(relayed({}, { Route_To_Market__c: 'Sealed bid' }));
    expect(route.map(({ type, data }) => [type, data])).toEqual([
      [
        'ReconciliationRequested',
        {
          connectionId: 'conn-1',
          subject: opportunity,
          lacks: 'route',
          reason: "the mapping's routes lack the word that Opportunity.Route_To_Market__c holds",
        },
      ],
    ]);
  });

  it('says a currency that comes alone', () => {
    const revised = facts(relayed({}, { CurrencyIsoCode: 'usd' }));
    expect(revised.map((fact) => [fact.type, fact.discriminator, dataOf(fact)])).toEqual([
      ['DealRevised', 'currency', { currency: 'USD' }],
    ]);
    const { Amount: _none, ...unpriced } = created;
    expect(dataOf(facts(relayed({ changeType: 'CREATE' }, { ...unpriced, CurrencyIsoCode: 'EUR' }))[1])).toEqual({
      currency: 'EUR',
    });
  });

  it('links a reference if it carries nothing else', () => {
    const [link] = facts(relayed({}, { Engagement_Id__c: 'ENG-2' }));
    expect(dataOf(link)).toMatchObject({
      external: { system: 'reference', kind: 'engagement', id: 'ENG-2' },
      to: { external: opportunity },
    });
    expect(link?.derived).toBe(true);
  });

  it('says nothing about fields that it carries but did not change', () => {
    const event = relayed({ changedFields: ['OwnerId'] }, { StageName: 'Proposal', OwnerId: '005Hp00000FgR9zIAF' });
    expect(said(event)).toEqual({ outcome: 'ignored', reason: 'nothingOfOursChanged: Opportunity UPDATE' });
  });
});

// Is what can't be read in a Salesforce message named, and is the rest of the message said all the same?
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { salesforce } from '../../../events/sources/salesforce.ts';
import { connectionTo, dataOf, factsIn, messageOf, org, relayed } from './reading.ts';

type Given = Readonly<Record<string, unknown>>;

const said = (event: unknown, mapping: Given = {}) =>
  factsIn(salesforce.translate(messageOf(event), connectionTo(salesforce, mapping))).map(
    (fact) => [fact.type, dataOf(fact)] as const,
  );

const asked = (lacks: string, reason: string) => [
  'ReconciliationRequested',
  { lacks, reason: expect.stringContaining(reason) },
];

describe('a field that holds what can’t be read', () => {
  it.each([
    ['CloseDate', '2026-02-30', 'expectedClose', '"2026-02-30"'],
    ['CloseDate', '31.12.2026', 'expectedClose', '"31.12.2026"'],
    ['CloseDate', true, 'expectedClose', '"boolean"'],
    ['Amount', '1.000,00', 'value', '"1.000,00"'],
    ['Amount', 1e300, 'value', '"1e+300"'],
    ['Amount', { value: 1 }, 'value', '"object"'],
    ['CurrencyIsoCode', 'EURO', 'currency', '"EURO"'],
    ['Offer_Version__c', 1.5, 'offerVersion', '"1.5"'],
    ['AccountId', 'ACME', 'customer', 'Salesforce id'],
    ['Country_Code__c', 'Norway', 'country', 'ISO 3166-1'],
    ['Segment__c', 'two\nlines', 'segment', 'on one line'],
    ['Sourcing_Partner__c', 'x'.repeat(300), 'partner', 'at most 256'],
    ['Sourcing_Partner__c', 'ann@example.com', 'partner', 'without an e-mail address'],
    ['StageName', 'with ann@example.com', 'salesStage', 'without an e-mail address'],
    ['StageName', 'x'.repeat(300), 'salesStage', 'at most 256'],
    ['IsClosed', 'maybe', 'closed', 'true or false'],
    ['Preferred_Route__c', 'Sealed bid', 'buyerPreference', "mapping's routes"],
  ])('%s = %j', (field, value, lacks, reason) => {
    const opened = said(relayed({ changeType: 'CREATE' }, { [field]: value, Deal_Registration__c: 'D-1' }));
    expect(opened[0]).toEqual(['EngagementOpened', { dealRegistration: 'D-1' }]);
    expect(opened.slice(1)).toMatchObject([asked(lacks, reason)]);
    const revised = said(relayed({}, { [field]: value, ForecastCategory: 'Forecast' }));
    expect(revised).toMatchObject([['DealRevised', { forecast: 'Forecast' }], asked(lacks, reason)]);
  });

  it('shows no text that may be a person’s', () => {
    for (const field of ['AccountId', 'Country_Code__c', 'Segment__c', 'Sourcing_Partner__c', 'StageName']) {
      expect(JSON.stringify(said(relayed({}, { [field]: 'Ada Lovelace\n'.repeat(30) })))).not.toContain('Ada');
    }
  });

  it('an amount in a currency that can’t be read is no value', () => {
    const lacks = said(relayed({}, { Amount: 5, CurrencyIsoCode: 'EURO' }));
    expect(lacks).toMatchObject([asked('value', 'Opportunity.Amount'), asked('currency', '"EURO"')]);
    const carried = relayed({ changedFields: ['Amount'] }, { Amount: 5, CurrencyIsoCode: 'EURO' });
    expect(said(carried)).toMatchObject([asked('value', 'Opportunity.Amount')]);
  });

  it('of an order and an outcome', () => {
    const order = relayed(
      { entityName: 'Order', recordIds: ['801Hp00000DnW5qIAF'], changeType: 'CREATE' },
      { TotalAmount: 'much', EffectiveDate: '2026-02-30', AccountId: 'x', OpportunityId: 'OPP-1' },
    );
    expect(said(order)).toMatchObject([
      ['OrderPlaced', { orderId: '801Hp00000DnW5qIAF' }],
      asked('opportunity', 'Order.OpportunityId'),
      asked('customer', 'Order.AccountId'),
      asked('total', '"much"'),
      asked('term', '"2026-02-30"'),
    ]);
    const outcome = {
      'detail-type': 'Outcome_Agreed__e',
      source: `aws.partner/salesforce.com/${org}/x`,
      detail: {
        payload: {
          ...{ EVENT_KEY__C: 'oa-1', Engagement_Id__c: 'E-1', Target_Value__c: 'lots', Due_Date__c: 'soon' },
          Baseline_Value__c: '9007199254740993',
        },
      },
    };
    expect(said(outcome)).toMatchObject([
      ['OutcomeAgreed', { outcomeId: 'oa-1' }],
      asked('baseline', '"9007199254740993"'),
      asked('target', '"lots"'),
      asked('due', '"soon"'),
    ]);
  });
});

describe('a change that the message does not hold', () => {
  it.each([
    ['no value', relayed({ changedFields: ['Amount'] }), 'holds no value'],
    [
      'a value that nulledFields denies',
      relayed({ nulledFields: ['Amount'] }, { Amount: 5 }),
      'but the message holds a value',
    ],
    ['a difference', relayed({ diffFields: ['Amount'] }, { Amount: '--- old\n+++ new' }), 'a difference in place'],
  ])('%s', (_, event, reason) => expect(said(event)).toMatchObject([asked('value', reason)]));
});

describe('a change that no fact can say', () => {
  const order = { entityName: 'Order', recordIds: ['801Hp00000DnW5qIAF'] };
  it.each([
    [relayed({}, { Offer_Id__c: 'p1' }), 'offerId'],
    [relayed({}, { Campaign_Id__c: 'c1' }), 'campaignId'],
    [relayed({}, { Deal_Registration__c: 'D-1' }), 'dealRegistration'],
    [relayed({}, { Segment__c: 'smb' }), 'segment'],
    [relayed({}, { Country_Code__c: 'NO' }), 'country'],
    [relayed({}, { Preferred_Route__c: 'direct' }), 'buyerPreference'],
    [relayed({}, { Type: 'Renewal' }), 'type'],
    [relayed(order, { EndDate: '2027-01-31' }), 'termEnd'],
    [relayed(order, { EffectiveDate: '2027-01-31' }), 'term'],
  ])('%#', (event, lacks) => expect(said(event)).toMatchObject([asked(lacks, 'fieldChanged: ')]));
});

describe('lists of fields as bitmaps', () => {
  const both = { Amount: 7777, StageName: 'Negotiation/Review' };
  const revised = [
    ['DealRevised', { salesStage: 'Negotiation/Review' }],
    ['DealRevised', { value: { amount: '7777' } }],
  ];
  it.each([
    ['each value changed', ['0x40400000', '4-0x01'], [], both, revised],
    [
      'the nulls of an Avro decoder mean nothing',
      ['0x3'],
      [],
      { ...both, CloseDate: null, Sourcing_Partner__c: null },
      revised,
    ],
    [
      'names in nulledFields are exact',
      ['0x3'],
      ['CloseDate'],
      { Amount: 1, CloseDate: null, AccountId: null },
      [
        ['DealRevised', { value: { amount: '1' } }],
        ['DealRevised', { expectedClose: null }],
      ],
    ],
    [
      'as many nulls as bits',
      ['0x7'],
      ['0x4'],
      { ...both, CloseDate: null },
      [...revised, ['DealRevised', { expectedClose: null }]],
    ],
  ])('%s', (_, changedFields, nulledFields, fields, expected) => {
    expect(said(relayed({ changedFields, nulledFields }, fields))).toEqual(expected);
  });

  it.each([
    ['more fields than changed', ['0x1'], [], both],
    ['more nulls than bits', ['0x7'], ['0x4'], { ...both, CloseDate: null, AccountId: null }],
    ['nulls, and nothing tells what they mean', ['0x1'], undefined, { Amount: null, CloseDate: null }],
  ])('refuses by name: %s', (_, changedFields, nulledFields, fields) => {
    expect(said(relayed({ changedFields, nulledFields }, fields))).toMatchObject([
      ['ReconciliationRequested', { reason: expect.stringMatching(/^changedFieldsAreBitmaps: /) }],
    ]);
  });
});

it('finds fields whatever their case is', () => {
  expect(said(relayed({ changedFields: ['AMOUNT'] }, { amount: 5 }))).toEqual([
    ['DealRevised', { value: { amount: '5' } }],
  ]);
  const mapping = { opportunity: { partner: 'lead_partner__C' } };
  expect(said(relayed({}, { Lead_Partner__c: 'brightforge' }), mapping)).toMatchObject([['PartnerAssigned', {}]]);
});

it('orders commits whether their time is a number or text', () => {
  const seq = (commitTimestamp: unknown) =>
    factsIn(salesforce.translate(messageOf(relayed({ commitTimestamp }, { Amount: 1 })), connectionTo(salesforce)))[0]
      ?.sourceSeq;
  expect(seq('2026-06-13T09:00:00Z')).toBe(seq(1781341200000));
});

const followed: Readonly<Record<string, readonly string[]>> = {
  Opportunity: [
    ...[
      'StageName',
      'ForecastCategory',
      'Amount',
      'CurrencyIsoCode',
      'CloseDate',
      'IsClosed',
      'IsWon',
      'AccountId',
      'Type',
    ],
    ...[
      'Segment__c',
      'Country_Code__c',
      'Sourcing_Partner__c',
      'Route_To_Market__c',
      'Preferred_Route__c',
      'Offer_Id__c',
    ],
    ...['Offer_Version__c', 'Campaign_Id__c', 'Deal_Registration__c', 'Engagement_Id__c'],
  ],
  Order: [
    ...['OpportunityId', 'ContractId', 'Engagement_Id__c', 'AccountId', 'PoNumber', 'OrderReferenceNumber', 'Type'],
    ...['TotalAmount', 'CurrencyIsoCode', 'EffectiveDate', 'EndDate'],
  ],
  Contract: ['SBQQ__Opportunity__c', 'Engagement_Id__c', 'Status'],
  Account: ['Industry', 'BillingAddress.CountryCode', 'MasterRecordId'],
};

it.each(Object.entries(followed))(
  'whatever a field of an %s holds, the catalog reads every fact',
  (entityName, fields) => {
    const ids = ['006Hp00001XkQ2mIAF', '001Hp00002LmZ8p'];
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom(null, '2026-02-30', '1e99', -1e-9, true, '\n', ...ids),
    );
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...fields), value, { minKeys: 1 }),
        fc.constantFrom('CREATE', 'UPDATE'),
        fc.subarray([...fields], { maxLength: 3 }),
        (held, changeType, nulledFields) => {
          const event = relayed({ entityName, changeType, nulledFields }, held);
          const translation = salesforce.translate(messageOf(event), connectionTo(salesforce));
          if (translation.outcome !== 'facts') return;
          for (const fact of translation.facts) dataOf(fact);
          const keys = translation.facts.map(({ type, sourceId, discriminator }) =>
            [type, sourceId, discriminator].join(),
          );
          expect(new Set(keys).size).toBe(keys.length);
        },
      ),
      { numRuns: 500 },
    );
  },
);

it.each(Object.entries(followed))('no change of a field of an %s is silent', (entityName, fields) => {
  for (const field of fields) {
    // The type of an opportunity says nothing of ours after its creation, and an unknown type of an order names no route.
    if (field === 'Type') continue;
    for (const value of ['2026-02-30', 'x\ny', { a: 1 }, 7, ...(field === 'MasterRecordId' ? [] : [null])]) {
      const event = relayed({ entityName, changedFields: [field] }, { [field]: value });
      const { outcome } = salesforce.translate(messageOf(event), connectionTo(salesforce));
      expect([field, value, outcome]).toEqual([field, value, 'facts']);
    }
  }
});

// Does what a Salesforce org takes back become a fact: fields that are cleared, deals that reopen, records that go?
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { salesforce } from '../../../events/sources/salesforce.ts';
import type { SourceFact } from '../../../events/sources/source.ts';
import { connectionTo, dataOf, factsIn, messageOf, org, relayed } from './reading.ts';

type Given = Readonly<Record<string, unknown>>;

const facts = (event: unknown, mapping: Given = {}): readonly SourceFact[] =>
  factsIn(salesforce.translate(messageOf(event), connectionTo(salesforce, mapping)));
const said = (event: unknown, mapping: Given = {}) =>
  facts(event, mapping).map((fact) => [fact.type, dataOf(fact)] as const);
const types = (event: unknown, mapping: Given = {}) => facts(event, mapping).map(({ type }) => type);

/** The message as AppFlow writes it: flat, and from another bus. */
const flat = (event: ReturnType<typeof relayed>) => ({
  ...event,
  source: 'aws.partner/appflow/salesforce.com/123/opp',
  detail: event.detail.payload,
});

/** The ways in which a relay says that an update cleared a field. */
const clearings: Readonly<Record<string, (field: string) => ReturnType<typeof relayed>>> = {
  'a null that nulledFields lists': (field) => relayed({ nulledFields: [field] }, { [field]: null }),
  'a null alone': (field) => relayed({}, { [field]: null }),
  'nulledFields without the null': (field) => relayed({ changedFields: [field], nulledFields: [field] }),
  'nulledFields alone': (field) => relayed({ changedFields: [], nulledFields: [field] }),
  'a null without any list': (field) => relayed({ changedFields: [] }, { [field]: null }),
  'empty text': (field) => relayed({}, { [field]: ' ' }),
  'names in another case': (field) =>
    relayed({ changedFields: [field.toUpperCase()], nulledFields: [field.toLowerCase()] }, { [field]: null }),
  'bitmaps, and the null': (field) => relayed({ changedFields: ['0x11'], nulledFields: ['0x10'] }, { [field]: null }),
};
const ways = Object.keys(clearings);
const cleared = (way: string, field: string) => clearings[way]?.(field) ?? relayed({});

const lookup = { system: `salesforce:${org}`, kind: 'Account', id: '001Hp00002LmZ8pIAF' };

describe.each(ways)('an opportunity’s field that is cleared by %s', (way) => {
  it.each([
    ['Amount', 'DealRevised', { value: null }],
    ['StageName', 'DealRevised', { salesStage: null }],
    ['ForecastCategory', 'DealRevised', { forecast: null }],
    ['CloseDate', 'DealRevised', { expectedClose: null }],
    ['Sourcing_Partner__c', 'PartnerAssigned', { partner: null, by: 'identity' }],
  ])('%s', (field, type, data) => {
    expect(said(cleared(way, field))).toEqual([[type, data]]);
    expect(facts(flat(cleared(way, field)))).toEqual(facts(cleared(way, field)));
  });

  it.each([
    ['AccountId', 'customer'],
    ['Route_To_Market__c', 'route'],
    ['Preferred_Route__c', 'buyerPreference'],
    ['Offer_Id__c', 'offerId'],
    ['Offer_Version__c', 'offerVersion'],
    ['Campaign_Id__c', 'campaignId'],
    ['Segment__c', 'segment'],
    ['Country_Code__c', 'country'],
    ['Deal_Registration__c', 'dealRegistration'],
    ['Engagement_Id__c', 'reference'],
    ['CurrencyIsoCode', 'currency'],
    ['IsClosed', 'closed'],
    ['IsWon', 'won'],
  ])('%s is asked for again by name', (field, lacks) => {
    const reason = `fieldCleared: Opportunity.${field}: no fact can say that it is empty`;
    expect(said(cleared(way, field))).toMatchObject([['ReconciliationRequested', { lacks, reason }]]);
  });

  it('the connection’s own partner leads after a cleared one', () => {
    const leadPartner = { system: 'reference', kind: 'partner', id: 'brightforge' };
    expect(said(cleared(way, 'Sourcing_Partner__c'), { leadPartner })).toEqual([
      ['PartnerAssigned', { partner: leadPartner, by: 'connection' }],
    ]);
  });
});

describe.each([
  ['Order', '801Hp00000DnW5qIAF'],
  ['Contract', '800Hp00000BvC3kIAF'],
  ['Account', '001Hp00002LmZ8pIAF'],
])('a field of an %s', (entityName, id) => {
  const header = { entityName, recordIds: [id] };
  const fields: Readonly<Record<string, readonly string[]>> = {
    Order: [
      'OpportunityId',
      'ContractId',
      'Engagement_Id__c',
      'AccountId',
      'PoNumber',
      'Type',
      'TotalAmount',
      'CurrencyIsoCode',
      'EffectiveDate',
      'EndDate',
    ],
    Contract: ['SBQQ__Opportunity__c', 'Engagement_Id__c', 'Status'],
    Account: ['Industry', 'BillingAddress.CountryCode'],
  };

  it.each(fields[entityName] ?? [])('%s that is cleared is asked for again by name', (field) => {
    const asked = said(relayed({ ...header, changedFields: [field], nulledFields: [field] }));
    expect(asked).toMatchObject([
      ['ReconciliationRequested', { subject: { kind: entityName, id }, reason: expect.stringContaining(field) }],
    ]);
  });

  it.each(['DELETE', 'UNDELETE', 'GAP_DELETE'])('the record’s %s is asked for again', (changeType) => {
    expect(said(relayed({ ...header, changeType }))).toMatchObject([
      ['ReconciliationRequested', { subject: { kind: entityName, id }, reason: `salesforce ${changeType}` }],
    ]);
  });
});

it('a compound field that is null has no parts', () => {
  const header = { entityName: 'Account', recordIds: [lookup.id] };
  expect(said(relayed({ ...header, nulledFields: ['BillingAddress'] }, { BillingAddress: null }))).toMatchObject([
    ['ReconciliationRequested', { lacks: 'country' }],
  ]);
  const street = relayed({ ...header, changedFields: ['BillingAddress'] }, { BillingAddress: { Street: 'x' } });
  expect(salesforce.translate(messageOf(street), connectionTo(salesforce))).toMatchObject({ outcome: 'ignored' });
});

it('accounts that were merged are named', () => {
  const merged = { MasterRecordId: '001Hp00002LmZ9qIAF' };
  for (const changeType of ['UPDATE', 'DELETE']) {
    const asked = said(relayed({ entityName: 'Account', recordIds: [lookup.id], changeType }, merged));
    expect(asked).toMatchObject([
      ['ReconciliationRequested', { subject: lookup, reason: expect.stringMatching(/^merged: .*001Hp00002LmZ9q/) }],
    ]);
  }
});

it('a creation clears nothing', () => {
  const created = relayed(
    { changeType: 'CREATE', nulledFields: ['Amount'] },
    { Amount: null, Sourcing_Partner__c: null },
  );
  expect(said(created)).toEqual([['EngagementOpened', {}]]);
});

describe('a deal that is open, won or lost again', () => {
  const open = ['DealReopened', {}];
  const stages = { stages: { Angebot: 'proposed', Zurück: 'open', Gewonnen: 'won', Verloren: 'lost' } };
  it.each([
    ['its flag says so', { IsClosed: false }, [open]],
    ['both flags say so', { IsClosed: false, IsWon: false }, [open]],
    ['its flag says so, whatever its stage means', { IsClosed: false, StageName: 'Gewonnen' }, [open]],
    ['without flags its stage means so', { StageName: 'Zurück' }, [open]],
    ['without flags it is proposed', { StageName: 'Angebot' }, [open]],
    ['it is not won, and its stage is open', { IsWon: false, StageName: 'Zurück' }, [open]],
    ['lost after won', { IsWon: false }, [['DealClosed', { result: 'lost' }]]],
    ['won after lost', { IsWon: true }, [['DealClosed', { result: 'won' }]]],
    [
      'won by its stage where IsWon is left out',
      { IsClosed: true, StageName: 'Gewonnen' },
      [['DealClosed', { result: 'won' }]],
    ],
    ['lost by its flag', { IsClosed: true, IsWon: false, StageName: 'Gewonnen' }, [['DealClosed', { result: 'lost' }]]],
    ['an unknown stage says neither', { StageName: 'Rechnung' }, []],
  ])('%s', (_, fields, expected) => {
    const ends = said(relayed({}, fields), stages).filter(
      ([type]) => type.startsWith('DealRe') || type === 'DealClosed',
    );
    expect(ends.filter(([type]) => type !== 'DealRevised')).toEqual(expected);
  });

  it('a creation reopens nothing', () => {
    expect(types(relayed({ changeType: 'CREATE' }, { IsClosed: false, StageName: 'Zurück' }), stages)).toEqual([
      'EngagementOpened',
    ]);
  });

  it('a closing still says what it clears', () => {
    expect(said(relayed({}, { IsClosed: true, Amount: null, CurrencyIsoCode: 'EUR' }))).toEqual([
      ['DealRevised', { value: null }],
      ['DealRevised', { currency: 'EUR' }],
      ['DealClosed', { result: 'lost' }],
    ]);
  });
});

it('whatever an update clears or changes is said or asked for by name, and the catalog reads it', () => {
  const fields = [
    'Amount',
    'StageName',
    'CloseDate',
    'AccountId',
    'Sourcing_Partner__c',
    'Route_To_Market__c',
    'Segment__c',
  ];
  const value = fc.oneof(
    fc.constant(null),
    fc.constant('2026-09-01'),
    fc.constant(lookup.id),
    fc.integer(),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...fields), value, { minKeys: 1 }), fc.boolean(), (changed, isFlat) => {
      const event = relayed({}, changed);
      const all = facts(isFlat ? flat(event) : event);
      for (const fact of all) dataOf(fact);
      expect(all.length).toBeGreaterThanOrEqual(1);
      const ids = all.map(({ sourceId, type, discriminator }) => [sourceId, type, discriminator].join());
      expect(new Set(ids).size).toBe(ids.length);
    }),
  );
});

// Does what a Salesforce org takes back show in the engagements that people read: values, results, ends, who leads?
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Api, createApi, itemsOf, peopleOf } from '../../support/api.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { type Intake, startIntake } from '../../support/intake/intake.ts';
import { change, firstDeal, sendersTo } from '../../support/intake/intakeMessages.ts';
import { connectionItem, tenant } from '../../support/intake/intakeRequests.ts';
import { putItem } from '../../support/intake/intakeTables.ts';
import { startIssuer, type TestIssuer } from '../../support/issuer.ts';

type Given = Readonly<Record<string, unknown>>;

let engine: TestEngine;
let issuer: TestIssuer;
let api: Api;
let intake: Intake;
let vendor = '';

beforeAll(async () => {
  [engine, issuer] = await Promise.all([startTestEngine(), startIssuer()]);
  vendor = await peopleOf(issuer).vendor({ tenant });
});
beforeEach(async () => {
  intake = await startIntake({ client: engine.client });
  api = await createApi(engine, issuer);
  api.at('2026-12-31');
  await putItem(intake.client, intake.tables.connections, connectionItem('salesforce', { currency: 'USD' }));
});
afterAll(() => Promise.all([engine.stop(), issuer.stop()]));

/** The only engagement after these messages, each committed a day after the one before. */
const engagementAfter = async (...messages: readonly { readonly header?: Given; readonly fields?: Given }[]) => {
  const bodies = messages.map(({ header = {}, fields = {} }, index) =>
    change(firstDeal, fields, {
      commitTimestamp: 1788253200000 + index * 86_400_000,
      changeType: index === 0 ? 'CREATE' : 'UPDATE',
      ...header,
    }),
  );
  // The newest comes first, because nobody's order is trusted.
  await sendersTo(intake).fromOrg(...bodies.toReversed());
  await intake.settle();
  await api.record(...intake.facts());
  await api.project();
  const [engagement, ...more] = itemsOf(await api.get(vendor, 'engagements'));
  expect(more).toEqual([]);
  return engagement;
};

const created = {
  fields: {
    StageName: 'Prospecting',
    Amount: 1000,
    CurrencyIsoCode: 'USD',
    CloseDate: '2026-12-31',
    AccountId: '0015e000001AbCdEAK',
    IsClosed: false,
    IsWon: false,
  },
};
const lost = { fields: { StageName: 'Closed Lost', IsClosed: true } };
const won = { fields: { StageName: 'Gewonnen', IsClosed: true, IsWon: true } };
const nulled = (field: string) => ({ header: { nulledFields: [field] }, fields: { [field]: null } });

test.each([
  ['an amount that is cleared', [created, nulled('Amount')], { valueMinor: null, valueReason: 'cleared' }],
  [
    'an amount that comes again after it was cleared',
    [created, nulled('Amount'), { fields: { Amount: 1000 } }],
    { valueMinor: 100000, valueCurrency: 'USD', valueReason: null },
  ],
  [
    'bitmaps in place of the fields’ names',
    [
      created,
      { header: { changedFields: ['0x40400000', '4-0x01'] }, fields: { Amount: 7777, StageName: 'Negotiation' } },
    ],
    { valueMinor: 777700 },
  ],
  [
    'a currency that comes alone',
    [created, { fields: { CurrencyIsoCode: 'EUR' } }],
    { valueMinor: 100000, valueCurrency: 'EUR' },
  ],
  [
    'an amount after a currency that came alone',
    [created, { fields: { CurrencyIsoCode: 'EUR' } }, { fields: { Amount: 2000 } }],
    { valueMinor: 200000, valueCurrency: 'EUR' },
  ],
  [
    'an amount after a creation that held only a currency',
    [{ fields: { StageName: 'Prospecting', CurrencyIsoCode: 'EUR' } }, { fields: { Amount: 2000 } }],
    { valueMinor: 200000, valueCurrency: 'EUR' },
  ],
  [
    'a lost deal that reopens',
    [created, lost, { fields: { StageName: 'Negotiation/Review', IsClosed: false } }],
    { stage: 'sell', result: null, endedAt: null },
  ],
  [
    'a won deal that reopens',
    [created, won, { fields: { StageName: 'Negotiation/Review', IsClosed: false, IsWon: false } }],
    { stage: 'sell', result: null, endedAt: null },
  ],
  ['a won deal that is lost', [created, won, { fields: { IsWon: false } }], { result: 'lost' }],
  [
    'a lost deal that is won',
    [created, lost, { fields: { IsWon: true } }],
    { stage: 'procure', result: 'won', endedAt: null },
  ],
  ['a deletion', [created, { header: { changeType: 'DELETE' } }], { endedAt: '2026-09-02T09:00:00.000Z' }],
  [
    'a deletion that is undone',
    [created, { header: { changeType: 'DELETE' } }, { header: { changeType: 'UNDELETE' } }],
    { stage: 'sell', endedAt: null, valueMinor: 100000 },
  ],
  [
    'a partner that is cleared',
    [{ fields: { ...created.fields, Sourcing_Partner__c: 'brightforge' } }, nulled('Sourcing_Partner__c')],
    { leadPartnerId: null },
  ],
  [
    'an id of 15 characters',
    [created, { header: { recordIds: [firstDeal.slice(0, 15)] }, fields: { Amount: 4444 } }],
    { valueMinor: 444400, valueCurrency: 'USD' },
  ],
  [
    'a fraction of a yen',
    [{ fields: { ...created.fields, Amount: 1000.5, CurrencyIsoCode: 'JPY' } }],
    { valueMinor: null, valueReason: 'notExact' },
  ],
  ['a stage in the org’s own words', [created, won], { stage: 'procure', result: 'won' }],
  [
    'a day that does not exist',
    [created, { fields: { CloseDate: '2026-02-30', Amount: 5 } }],
    { valueMinor: 500, valueCurrency: 'USD' },
  ],
])('%s', async (_, messages, expected) => {
  expect(await engagementAfter(...messages)).toMatchObject(expected);
});

// Does a vendor see over HTTP which records must be read again, until something newer about them has come?
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import * as z from 'zod';
import { parseStreamId } from '../../../events/identifiers.ts';
import { type Api, createApi, peopleOf } from '../../support/api.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { type Intake, startIntake } from '../../support/intake/intake.ts';
import {
  change,
  engagementOf,
  firstDeal,
  opened,
  opportunity,
  renewalDeal,
  sendersTo,
} from '../../support/intake/intakeMessages.ts';
import { tenant } from '../../support/intake/intakeRequests.ts';
import { startIssuer, type TestIssuer } from '../../support/issuer.ts';

const Answer = z.object({
  readAgain: z.array(
    z.looseObject({ record: z.unknown(), lacks: z.unknown(), reason: z.string(), eventId: z.string() }),
  ),
  cursor: z.string().optional(),
});

let engine: TestEngine;
let issuer: TestIssuer;
let api: Api;
let intake: Intake;
let [vendor, partner, rival] = ['', '', ''];

beforeAll(async () => {
  [engine, issuer] = await Promise.all([startTestEngine(), startIssuer()]);
  const people = peopleOf(issuer);
  vendor = await people.vendor({ tenant });
  rival = await people.vendor({ tenant: 'rival' });
  partner = await people.partner('p', { tenant });
});
beforeEach(async () => {
  intake = await startIntake({ client: engine.client });
  api = await createApi(engine, issuer);
  api.at('2026-12-31');
});
afterAll(() => Promise.all([engine.stop(), issuer.stop()]));

/** Translates the org's messages, and records all facts that have come of them. */
const says = async (...bodies: readonly string[]): Promise<void> => {
  await sendersTo(intake).fromOrg(...bodies);
  await intake.settle();
  await api.record(...intake.facts());
};

const heard = (connectionId: string) =>
  engine.client.send(
    new PutItemCommand({ TableName: api.sourcesTable, Item: marshall({ tenantId: tenant, connectionId }) }),
  );

const asked = async (token = vendor, words: Readonly<Record<string, string>> = {}) => {
  const { status, body } = await api.get(token, 'unmatched', words);
  expect(status).toBe(200);
  return Answer.parse(body);
};
const listed = async (token = vendor) =>
  (await asked(token)).readAgain.map(({ record, lacks, reason }) => [record, lacks, reason]);

const order = '801Hp00000DnW5qIAF';

/** The header of a change that was committed so many minutes later. */
const later = (minutes: number, header: Readonly<Record<string, unknown>> = {}) => ({
  commitTimestamp: 1781341200000 + minutes * 60_000,
  ...header,
});

test('a gap, a lost overflow and a deletion are listed for the tenant’s own people', async () => {
  await heard('c-salesforce');
  await says(
    opened(firstDeal),
    change(firstDeal, {}, later(1, { changeType: 'GAP_UPDATE' })),
    change('', {}, later(2, { changeType: 'GAP_OVERFLOW', recordIds: [] })),
    change(renewalDeal, {}, later(3, { changeType: 'DELETE' })),
  );
  const gaps = [
    [opportunity(firstDeal), null, 'salesforce GAP_UPDATE'],
    [opportunity('*'), null, 'salesforce GAP_OVERFLOW'],
    [opportunity(renewalDeal), null, 'salesforce DELETE'],
  ];
  expect((await listed()).toSorted()).toEqual(gaps.toSorted());
  expect(await listed(rival)).toEqual([]);
  expect((await api.get(partner, 'unmatched')).status).toBe(403);
});

test('a record is listed until something newer about it has come, a field until it is said', async () => {
  await heard('c-salesforce');
  await says(
    opened(firstDeal),
    change(firstDeal, {}, later(2, { changeType: 'GAP_UPDATE' })),
    change(firstDeal, { CloseDate: 'soon' }, later(2)),
  );
  const date = [opportunity(firstDeal), 'expectedClose', expect.stringContaining('"soon"')];
  const gap = [opportunity(firstDeal), null, 'salesforce GAP_UPDATE'];
  const both = await listed();
  expect(both).toHaveLength(2);
  expect(both).toEqual(expect.arrayContaining([gap, date]));
  // Late, but older; and of other records, one of them of the same engagement.
  await says(
    change(firstDeal, { CloseDate: '2026-12-31' }, later(1)),
    change(renewalDeal, { CloseDate: '2026-12-31' }, later(3)),
    change(
      order,
      { OpportunityId: firstDeal, TotalAmount: 5 },
      later(3, { entityName: 'Order', changeType: 'CREATE' }),
    ),
  );
  expect(await listed()).toHaveLength(2);
  await says(change(firstDeal, { Amount: 5 }, later(3)));
  expect(await listed()).toEqual([date]);
  await says(change(firstDeal, { CloseDate: null }, later(4)));
  expect(await listed()).toEqual([]);
});

test('a person may say the field', async () => {
  await heard('c-salesforce');
  await says(opened(firstDeal), change(firstDeal, { CloseDate: 'soon' }, later(2)));
  expect(await listed()).toHaveLength(1);
  const engagement = parseStreamId(engagementOf(firstDeal)).id;
  api.at('2027-01-01');
  const said = { type: 'DealRevised', engagement, data: { expectedClose: '2027-03-31' } };
  expect((await api.post(vendor, said, 'key-1')).status).toBe(200);
  expect(await listed()).toEqual([]);
});

test('of several requests about one thing the newest is listed', async () => {
  await heard('c-salesforce');
  await says(change(firstDeal, { CloseDate: 'soon' }, later(1)), change(firstDeal, { CloseDate: 'sooner' }, later(2)));
  expect(await listed()).toEqual([[opportunity(firstDeal), 'expectedClose', expect.stringContaining('"sooner"')]]);
});

test('the list is paged, and its cursor belongs to its tenant', async () => {
  await heard('c-salesforce');
  const ids = Array.from({ length: 120 }, (_, index) => `006Hp0000${String(index).padStart(6, '0')}`);
  await says(change('', {}, later(1, { changeType: 'GAP_UPDATE', recordIds: ids })));
  const first = await asked();
  expect(first.readAgain).toHaveLength(100);
  const second = await asked(vendor, { cursor: first.cursor ?? '' });
  expect(second.cursor).toBeUndefined();
  expect(new Set([...first.readAgain, ...second.readAgain].map(({ eventId }) => eventId)).size).toBe(120);
  expect((await api.get(rival, 'unmatched', { cursor: first.cursor ?? '' })).status).toBe(400);
});

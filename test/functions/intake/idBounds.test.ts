// Does every key that a sender's text becomes part of stay within DynamoDB's bounds, and is what can't be one refused with its reason?
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { rowKeyOf } from '../../../domain/rows/row.ts';
import {
  derivedEngagementOf,
  derivedPartyOf,
  identityStreamOf,
  idTooLong,
  longestId,
  streamIdOf,
  streamKinds,
} from '../../../events/identifiers.ts';
import { linkedStream } from '../../../functions/intake/linkRules.ts';
import { waitPartitionOf } from '../../../functions/intake/waitingIndex.ts';
import { headOfStream } from '../../../functions/project/headPlace.ts';
import { openIdOf } from '../../../functions/receipts/receipt.ts';
import { partitionOf } from '../../../functions/receipts/receiptPartitions.ts';
import { type Api, createApi, peopleOf } from '../../support/api.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { type Intake, startIntake } from '../../support/intake/intake.ts';
import { cloudEventsRequest, connectionItem, tenant } from '../../support/intake/intakeRequests.ts';
import { putItem } from '../../support/intake/intakeTables.ts';
import { startIssuer, type TestIssuer } from '../../support/issuer.ts';

const partitionKey = 2048;
const sortKey = 1024;
const bytes = (text: string): number => Buffer.byteLength(text);

const wide = fc.constantFrom('a', 'ä', '漢', '💶', '#', '%', '/');
const text = (maxLength: number) =>
  fc.array(wide, { minLength: 1, maxLength }).map((all) => all.join('').slice(0, maxLength).toWellFormed());
const longText = (length: number) => wide.map((each) => each.repeat(length).slice(0, length).toWellFormed());
const anyText = (length: number) => fc.oneof(text(length), longText(length));
const tenants = anyText(128).map((name) => name.replaceAll(/[/#\s]/g, '漢'));
const externals = fc.record({ system: anyText(256), kind: anyText(128), id: anyText(512) });

describe('keys', () => {
  test('of external ids of any characters', () => {
    fc.assert(
      fc.property(tenants, externals, (tenantId, external) => {
        for (const of of [identityStreamOf, derivedEngagementOf, derivedPartyOf]) {
          // The index of streams sorts by them.
          expect(bytes(of(tenantId, external))).toBeLessThanOrEqual(sortKey);
        }
        expect(bytes(waitPartitionOf(tenantId, external))).toBeLessThanOrEqual(partitionKey);
      }),
    );
  });

  test('of streams whose ids are not too long, of their heads and of their rows', () => {
    const parts = fc.array(anyText(1024), { maxLength: 2 });
    fc.assert(
      fc.property(tenants, fc.constantFrom(...streamKinds), anyText(512), parts, (tenantId, kind, id, others) => {
        fc.pre(idTooLong(kind, id) === undefined);
        const stream = streamIdOf(tenantId, kind, id);
        expect(bytes(stream)).toBeLessThanOrEqual(sortKey);
        expect(bytes(headOfStream(stream)?.rowKey ?? '')).toBeLessThanOrEqual(sortKey);
        // A row has at most a text of its source beside our own words, numbers and times; in an engagement also two.
        const words = [...(kind === 'engagement' ? others : others.slice(0, 1)), 'P1.3', '2026-03-01T00:00:00.000Z'];
        expect(bytes(rowKeyOf(id, ...words))).toBeLessThanOrEqual(sortKey);
      }),
    );
  });

  test('of receipts', () => {
    fc.assert(
      fc.property(tenants, (tenantId) => {
        const id = `2026-03-01T00:00:00.000Z#${'x'.repeat(36)}`;
        const partition = partitionOf(tenantId, 'c'.repeat(128), 'f');
        expect(bytes(openIdOf(tenantId, id))).toBeLessThanOrEqual(sortKey);
        expect(bytes(`${partition}|${id}`)).toBeLessThanOrEqual(sortKey);
        expect(bytes(`part#${partition}#${id}`)).toBeLessThanOrEqual(partitionKey);
      }),
    );
  });

  test('an id is measured in bytes', () => {
    for (const kind of streamKinds) {
      const most = longestId[kind];
      expect(idTooLong(kind, 'x'.repeat(most))).toBeUndefined();
      expect(idTooLong(kind, 'x'.repeat(most + 1))).toContain(`${most + 1} bytes`);
      expect(idTooLong(kind, '漢'.repeat(Math.floor(most / 3) + 1))).toContain(`${most} are allowed`);
    }
  });

  test('a link that names a stream that is too long leads nowhere', () => {
    expect(linkedStream('acme', `acme/party/${'x'.repeat(128)}`)).toEqual({ kind: 'party', id: 'x'.repeat(128) });
    expect(linkedStream('acme', `acme/party/${'x'.repeat(129)}`)).toBeUndefined();
    expect(linkedStream('acme', `acme/offer/${'漢'.repeat(171)}`)).toBeUndefined();
  });
});

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

const offer = (offerId: string) => ({
  offerId,
  version: 1,
  components: [{ componentId: 'c', kind: 'base_licence' }],
});
const link = (stream: string) => ({
  external: { system: 'crm', kind: 'deal', id: '1' },
  to: { stream },
  reason: 'ours',
});
const wideId = '€'.repeat(171);

describe('systems', () => {
  let intake: Intake;
  beforeEach(async () => {
    intake = await startIntake({ client: engine.client });
    const alsoAllows = ['OfferPublished', 'CampaignLaunched', 'IdentityLinked', 'HandoffOffered'];
    await putItem(intake.client, intake.tables.connections, connectionItem('cloudevents', { alsoAllows }));
  });

  const event = (id: string, type: string, data: unknown, subject?: string) => ({
    ...{ specversion: '1.0', id, source: '/hub', type: `throughline.${type}`, time: '2026-09-01T09:00:00Z', data },
    ...(subject !== undefined && { subject }),
  });
  const handoff = { handoffId: 'h', fromStage: 'create', toStage: 'mobilize' };
  const tooLong: readonly (readonly [string, unknown, string])[] = [
    ['idTooLong: OfferPublished', event('1', 'OfferPublished', offer(wideId)), '1.OfferPublished.offerId'],
    [
      'idTooLong: CampaignLaunched',
      event('1', 'CampaignLaunched', { campaignId: wideId, kind: 'enablement' }),
      '1.CampaignLaunched.campaignId',
    ],
    ['idTooLong: HandoffOffered', event('1', 'HandoffOffered', handoff, `campaign/${'x'.repeat(600)}`), '1.subject'],
    ['linkInvalid', event('1', 'IdentityLinked', link(`${tenant}/party/${'x'.repeat(129)}`)), '1.data.to.stream'],
  ];

  test.each(tooLong)('%s: that part is refused, and the others go on', async (reason, said, path) => {
    const events = [event('0', 'OfferPublished', offer('o-1')), said, event('2', 'OfferPublished', offer('o-2'))];
    expect(await intake.receive(cloudEventsRequest(JSON.stringify(events), intake.now()))).toMatchObject({
      statusCode: 202,
    });
    expect(await intake.newTranslate()(await intake.newReceipts())).toEqual({ batchItemFailures: [] });
    const [receipt] = await intake.receiptRows();
    const refused = {
      path: '1',
      status: 'refused',
      reason,
      issues: [{ path, message: expect.stringContaining('bytes') }],
    };
    expect(receipt?.parts).toEqual(expect.arrayContaining([expect.objectContaining(refused)]));
    expect(intake.facts().map(({ streamId }) => streamId)).toEqual([`${tenant}/offer/o-1`, `${tenant}/offer/o-2`]);
  });
});

describe('people', () => {
  let issuer: TestIssuer;
  let api: Api;
  let vendor: string;
  beforeAll(async () => {
    issuer = await startIssuer();
    api = await createApi(engine, issuer);
    vendor = await peopleOf(issuer).vendor();
  });
  afterAll(() => issuer.stop());

  const requests: readonly (readonly [string, object])[] = [
    ['data.offerId', { type: 'OfferPublished', data: offer(wideId) }],
    ['data.campaignId', { type: 'CampaignLaunched', data: { campaignId: wideId, kind: 'enablement' } }],
    [
      'data.connectionId',
      {
        type: 'ReconciliationRequested',
        data: { connectionId: wideId, subject: { system: 's', kind: 'k', id: '*' }, reason: 'r' },
      },
    ],
    ['engagement', { type: 'EngagementOpened', engagement: '€'.repeat(43), data: {} }],
    [
      'campaign',
      { type: 'HandoffOffered', campaign: wideId, data: { handoffId: 'h', fromStage: 'create', toStage: 'mobilize' } },
    ],
    ['data.to.stream', { type: 'IdentityLinked', data: link(`acme/party/${'x'.repeat(129)}`) }],
    ['data.to.stream', { type: 'IdentityLinked', data: link(`acme/engagement/${'€'.repeat(43)}`) }],
  ];

  test.each(requests)('an id that is too long for a stream is a 422 at its path: %s', async (path, request) => {
    const { status, body } = await api.post(vendor, request, 'k');
    expect([status, body.issues]).toEqual([422, [{ path, message: expect.stringMatching(/ bytes; \d+ are allowed/) }]]);
    expect(api.reported).toEqual([]);
  });
});

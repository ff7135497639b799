// Do offers and campaigns name the linked partner, also when the link comes later, and never an older partner again?
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Fact } from '../../../events/catalog.ts';
import { derivedPartyOf, identityStreamOf, parseStreamId, streamIdOf } from '../../../events/identifiers.ts';
import { bareHead, headOfStream } from '../../../functions/project/headPlace.ts';
import { createProjectionStore } from '../../../functions/project/projectionStore.ts';
import { createProjector } from '../../../functions/project/projector.ts';
import { createRecordFacts } from '../../../functions/stages/recordFacts.ts';
import { createCachedStreams, createGrown } from '../../../functions/store/cachedStreams.ts';
import { createDynamoEventStore } from '../../../functions/store/dynamoEventStore.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { fact, tenantId } from '../../support/histories/events.ts';
import { createProjections } from '../../support/projections.ts';

const now = '2026-06-30T12:00:00.000Z';

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

const world = async () => {
  const { client } = engine;
  const table = await engine.eventsTable();
  const store = createDynamoEventStore({ client, table });
  const projections = await createProjections(client);
  const cache = () => createCachedStreams({ store, grown: createGrown({ client, table, random: Math.random }) });
  const rows = createProjectionStore({ client, tableOf: projections.tableOf, random: Math.random });
  const recordFacts = createRecordFacts({ store, now: () => now, random: Math.random });
  return {
    rows,
    project: createProjector({
      ...{ cache: cache(), rows, wake: async () => undefined, random: Math.random, release: 1, computedBy: 'code' },
      now: () => now,
    }),
    record: async (facts: readonly Fact[]) => {
      for (const each of facts) await recordFacts(each.streamId, [each]);
    },
    partnersIn: async () =>
      Object.fromEntries(
        Object.entries(await projections.rows()).map(([id, { leadPartnerId }]) => [id, leadPartnerId]),
      ),
  };
};

const at = '2026-03-01';
const inCrm = { system: 'crm', kind: 'account', id: 'a1' };
const inErp = { system: 'erp', kind: 'account', id: '77' };
const partner = derivedPartyOf(tenantId, inCrm);
const offer = streamIdOf(tenantId, 'offer', 'o1');
const campaign = streamIdOf(tenantId, 'campaign', 'c1');
const published = [
  fact(
    'OfferPublished',
    { offerId: 'o1', version: 1, components: [{ componentId: 'l', kind: 'base_licence' }], ownerPartner: inErp },
    { at, stream: offer },
  ),
  fact('CampaignLaunched', { campaignId: 'c1', kind: 'enablement', partners: [inErp] }, { at, stream: campaign }),
];
const link = (to: { external: typeof inCrm } | { stream: string }) =>
  fact(
    'IdentityLinked',
    { external: inErp, to, reason: 'same company' },
    { at, stream: identityStreamOf(tenantId, inErp) },
  );

const idOf = (stream: string): string => parseStreamId(stream).id;
const bothLedBy = (stream: string) => ({ 'offers|o1#0001': idOf(stream), 'campaigns|c1': idOf(stream) });

test('a later link changes their partner', async () => {
  const here = await world();
  await here.record(published);
  expect([await here.project(offer), await here.project(campaign)]).toEqual(['written', 'written']);
  expect(await here.partnersIn()).toEqual(bothLedBy(derivedPartyOf(tenantId, inErp)));
  await here.record([link({ external: inCrm })]);
  expect([await here.project(offer), await here.project(campaign)]).toEqual(['written', 'written']);
  expect(await here.partnersIn()).toEqual(bothLedBy(partner));
  expect([await here.project(offer), await here.project(campaign)]).toEqual(['current', 'current']);
});

test('a link out of the tenant does not change their partner', async () => {
  const here = await world();
  await here.record([...published, link({ stream: 'zenith/party/p1' })]);
  await Promise.all([here.project(offer), here.project(campaign)]);
  expect(await here.partnersIn()).toEqual(bothLedBy(derivedPartyOf(tenantId, inErp)));
});

test('a writer that has not read the link does not restore the old partner', async () => {
  const here = await world();
  await here.record(published);
  await here.project(campaign);
  const place = headOfStream(campaign);
  const before = place === undefined ? undefined : await here.rows.head(place);
  if (place === undefined || before === undefined) throw new Error('the campaign has a head');
  await here.record([link({ stream: partner })]);
  await Promise.all([here.project(offer), here.project(campaign)]);
  const { revision: _, ...head } = before;
  const change = { place, headRow: bareHead(place, undefined), head, puts: [], deletes: ['campaigns|c1'] };
  expect(await here.rows.write({ ...change, against: before })).toEqual({ outcome: 'behind' });
  expect(await here.partnersIn()).toEqual(bothLedBy(partner));
});

test('a version that is no longer published has no row', async () => {
  const here = await world();
  await here.record(published);
  await here.project(offer);
  const place = headOfStream(offer);
  const head = place === undefined ? undefined : await here.rows.head(place);
  if (place === undefined || head === undefined) throw new Error('the offer has a head');
  // A row that the head holds and that does not follow from the events: another release has made it.
  const stale = { table: 'offers', rowKey: 'o1#0009', columns: { offerId: 'o1', version: 9 } };
  const digests = { ...head.digests, 'offers|o1#0009': 'stale' };
  await here.rows.write({
    ...{ place, headRow: bareHead(place, undefined), puts: [stale], deletes: [], against: head },
    head: { ...head, digests },
  });
  expect(Object.keys(await here.partnersIn())).toContain('offers|o1#0009');
  expect(await here.project(offer, 'anew')).toBe('written');
  expect(Object.keys(await here.partnersIn())).not.toContain('offers|o1#0009');
});

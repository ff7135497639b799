// Does a rebuild find every head that is behind, and no other?
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Fact, RecordedEvent } from '../../../events/catalog.ts';
import {
  derivedPartyOf,
  type ExternalId,
  identityStreamOf,
  parseStreamId,
  streamIdOf,
} from '../../../events/identifiers.ts';
import { engagementReference } from '../../../events/sources/externalIds.ts';
import { headOfStream } from '../../../functions/project/headPlace.ts';
import { createHeadReader } from '../../../functions/project/headReader.ts';
import { type Head, storedHead } from '../../../functions/project/headState.ts';
import { createRecordFacts } from '../../../functions/stages/recordFacts.ts';
import { createDynamoEventStore } from '../../../functions/store/dynamoEventStore.ts';
import { createMemoryEventStore } from '../../../functions/store/memoryEventStore.ts';
import { createCustomerEngagements } from '../../../functions/sweep/customerEngagements.ts';
import { createRebuildPages } from '../../../functions/sweep/rebuildPages.ts';
import { createRebuildRuns, type RebuildRuns } from '../../../functions/sweep/rebuildRuns.ts';
import { createSweepHandler } from '../../../functions/sweep/sweepHandler.ts';
import { createSweepQueues } from '../../../functions/sweep/sweepQueues.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { fact } from '../../support/histories/events.ts';
import { quiet } from '../../support/intake/intake.ts';
import { makeTables, putItem } from '../../support/intake/intakeTables.ts';

let engine: TestEngine;
let record: (facts: readonly Fact[]) => Promise<readonly RecordedEvent[]>;
let putHead: (stream: string, head: Partial<Head>, attributes?: Readonly<Record<string, string>>) => Promise<unknown>;
let handle: ReturnType<typeof createSweepHandler>;
let runs: RebuildRuns;
let sent: { readonly queue: string; readonly body: unknown; readonly delaySeconds?: number }[];
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

const now = (): string => '2026-12-01T00:00:00.000Z';
const at = '2026-06-01';
/** Streams of a page. */
const rate = 20;

beforeEach(async () => {
  const { client } = engine;
  const [tables, eventsTable, runsTable] = await Promise.all([
    makeTables(client),
    engine.eventsTable(),
    engine.runsTable(),
  ]);
  runs = createRebuildRuns({ client, table: runsTable });
  const store = createDynamoEventStore({ client, table: eventsTable, pageSize: 2 });
  const recordFacts = createRecordFacts({ store, now, random: () => 0 });
  record = async (facts) => {
    const recorded: RecordedEvent[] = [];
    for (const each of facts) {
      const [answer] = await recordFacts(each.streamId, [each]);
      if (answer?.outcome === 'recorded') recorded.push(...answer.events);
    }
    return recorded;
  };
  putHead = async (stream, head, attributes = {}) => {
    const place = headOfStream(stream);
    if (place === undefined) throw new Error(`${stream} has no head`);
    const { tenantId, rowKey } = place;
    const at = '2026-03-01T00:00:00.000Z';
    const usual = { basis: {}, digests: {}, evaluatedAt: at, computedBy: 'code', release: 2, revision: 1 };
    return putItem(client, tables.engagements, {
      ...{ tenantId, rowKey, ...attributes },
      ...storedHead({ ...usual, ...head }),
    });
  };
  sent = [];
  handle = createSweepHandler({
    dueHeads: async () => [],
    turnGroups: async () => ({ groups: [] }),
    customerEngagements: createCustomerEngagements({ client, table: tables.engagements }),
    outageEngagements: async () => [],
    quietSources: { at: async () => [], mark: async () => undefined, release: async () => undefined },
    bus: { put: async () => [] },
    store: createMemoryEventStore(),
    receipts: { tenants: async () => ({ tenants: [] }), pendingBefore: async () => ({ receipts: [] }) },
    walks: { last: async () => undefined, note: async () => true },
    turn: createRebuildPages({
      store,
      heads: createHeadReader({ client, tableOf: () => tables.engagements, eventsTable }),
      release: 2,
      computedBy: 'code',
      rate,
    }),
    runs,
    deployment: { release: 2, computedBy: 'code' },
    queues: createSweepQueues({
      send: async (queue, messages) => {
        sent.push(...messages.map((message) => ({ queue, ...message })));
      },
      urls: { project: 'project', rollup: 'rollup', translate: 'translate', sweep: 'sweep' },
    }),
    keepFailure: async () => undefined,
    now,
    newId: () => 'run-1',
    measure: () => undefined,
    logger: quiet,
  });
});

const batchOf = (bodies: readonly unknown[]) => ({
  Records: bodies.map((body, index) => ({ messageId: `m-${index}`, body: JSON.stringify(body) })),
});
const envelope = (detail: RecordedEvent) => ({ source: 'throughline', 'detail-type': detail.type, detail });

const isPage = ({ queue, body }: { readonly queue: string; readonly body: unknown }): boolean =>
  queue === 'sweep' && JSON.stringify(body).startsWith('{"pager"');

/** Gives sweep these messages, and then each page that it sends to itself; returns the streams sent to project. */
const run = async (...bodies: readonly unknown[]): Promise<readonly unknown[]> => {
  let open = bodies;
  for (let turns = 0; open.length > 0; turns += 1) {
    if (turns > 50) throw new Error('the pager goes on for ever');
    expect(await handle(batchOf(open))).toEqual({ batchItemFailures: [] });
    open = sent.filter(isPage).map(({ body }) => body);
    sent = sent.filter((message) => !isPage(message));
  }
  const streams = sent.filter(({ queue }) => queue === 'project').map(({ body }) => JSON.stringify(body));
  return streams.sort().map((body) => JSON.parse(body).stream);
};

const engagement = (id: string, tenant = 'acme') => streamIdOf(tenant, 'engagement', id);
const openings = (streams: readonly string[]) =>
  streams.map((stream) => fact('EngagementOpened', {}, { at, stream, sourceId: stream }));
const policyStream = streamIdOf('acme', 'policy', 'policy');
const policy = (policyVersion: number) =>
  fact(
    'PolicyPublished',
    { policyVersion, effectiveFrom: '2026-01-01T00:00:00.000Z' },
    { at, stream: policyStream, sourceId: `${policyVersion}` },
  );
const launched = fact('CampaignLaunched', { campaignId: 'c', kind: 'enablement' }, { at, stream: 'acme/campaign/c' });
const partyRef: ExternalId = { system: 'crm', kind: 'account', id: 'a1' };
const party = fact(
  'PartyRegistered',
  { party: partyRef, roles: ['var'] },
  { at, stream: derivedPartyOf('acme', partyRef) },
);

describe('a run over everything', () => {
  test('finds heads that are absent, half written, computed by other code, or behind a stream that they rest on', async () => {
    const ids = ['current', 'absent', 'marked', 'otherCode', 'behindItself', 'behindPolicy', 'newerRelease'] as const;
    const of = Object.fromEntries(ids.map((id) => [id, engagement(id)]));
    await record([...openings(Object.values(of)), policy(1), policy(2)]);
    const basis = (id: string, own = 1, policyVersion = 2) => ({
      [engagement(id)]: own,
      [policyStream]: policyVersion,
    });
    await putHead(engagement('current'), { basis: { ...basis('current'), [streamIdOf('acme', 'offer', 'none')]: 0 } });
    await putHead(engagement('marked'), { basis: basis('marked'), rebuilding: { writer: 'w' } });
    await putHead(engagement('otherCode'), { basis: basis('otherCode'), computedBy: 'older' });
    await putHead(engagement('behindItself'), { basis: basis('behindItself', 0) });
    await putHead(engagement('behindPolicy'), { basis: basis('behindPolicy', 1, 1) });
    await putHead(engagement('newerRelease'), { basis: {}, computedBy: 'newer', release: 3 });
    expect(await run({ sweep: 'pager' })).toEqual(
      ['absent', 'behindItself', 'behindPolicy', 'marked', 'otherCode'].map((id) => engagement(id)),
    );
  });

  test('goes through all shards and pages of all tenants, also those of parties', async () => {
    const many = Array.from({ length: 80 }, (_, index) =>
      engagement(`e-${index}`, index % 2 === 0 ? 'acme' : 'zenith'),
    );
    await record([...openings(many), party]);
    expect(await run({ sweep: 'pager' })).toEqual([...many, party.streamId].sort());
  });

  test('with `all` sends every stream, and with a tenant only its streams', async () => {
    const streams = [engagement('e-1'), engagement('e-2'), engagement('e-3', 'zenith')];
    await record(openings(streams));
    for (const stream of streams) await putHead(stream, { basis: { [stream]: 1 } });
    expect(await run({ sweep: 'pager' })).toEqual([]);
    expect(await run({ sweep: 'pager', all: true })).toEqual(streams);
    sent = [];
    expect(await run({ sweep: 'pager', all: true, tenantId: 'acme' })).toEqual(streams.slice(0, 2));
  });
});

describe('a change of context', () => {
  test('finds the tenant’s heads that rest on the older version of the stream, at once and once more later', async () => {
    const streams = [engagement('before'), engagement('after'), engagement('unmoved'), engagement('other', 'zenith')];
    await record(openings(streams));
    const published = await record([policy(1), policy(2)]);
    await putHead(engagement('before'), { basis: { [policyStream]: 1 } });
    await putHead(engagement('after'), { basis: { [policyStream]: 2 } });
    await putHead(engagement('unmoved'), { basis: {} });
    expect(await run(...published.map(envelope))).toEqual([engagement('before')]);

    const again = sent.filter(({ queue }) => queue === 'sweep');
    const body = { sweep: 'context', tenantId: 'acme', changed: { [policyStream]: 2 } };
    expect(again).toEqual([{ queue: 'sweep', body, delaySeconds: 900, tenantId: 'acme' }]);
    sent = [];
    expect(await run(body)).toEqual([engagement('before')]);
  });

  test('is a CustomerIdentified on the customer’s own stream, but not one on an engagement’s stream', async () => {
    await record(openings([engagement('e-1')]));
    const identified = (stream: string) => fact('CustomerIdentified', { customer: partyRef }, { at, stream });
    expect(await run(...(await record([identified(engagement('e-2'))])).map(envelope))).toEqual([]);
    expect(sent).toEqual([]);
    const stream = derivedPartyOf('acme', partyRef);
    const partyId = parseStreamId(stream).id;
    await putHead(engagement('e-1'), {}, { ix_byCustomer: `acme#${partyId}` });
    await putHead(engagement('e-2'), {}, { ix_byCustomer: 'acme#another' });
    await putHead(engagement('e-3', 'zenith'), {}, { ix_byCustomer: `zenith#${partyId}` });
    const ofParty = await record([identified(stream)]);
    // Only the customer's engagements, without a rebuild of the tenant; and once more later, for heads written meanwhile.
    expect(await run(...ofParty.map(envelope))).toEqual([engagement('e-1')]);
    const again = { sweep: 'customer', tenantId: 'acme', partyId };
    expect(sent.filter(({ queue }) => queue === 'sweep')).toEqual([
      { queue: 'sweep', body: again, delaySeconds: 900, tenantId: 'acme' },
    ]);
    sent = [];
    expect(await run(again)).toEqual([engagement('e-1')]);
  });

  test('is a link of a party, also for campaigns, but not a link that leads to an engagement', async () => {
    await record([...openings([engagement('e-1')]), launched]);
    const link = (external: ExternalId, to: { external: ExternalId } | { stream: string }) =>
      fact('IdentityLinked', { external, to, reason: 'test' }, { at, stream: identityStreamOf('acme', external) });
    const deal = { system: 'salesforce:x', kind: 'Opportunity', id: '1' };
    const subscription = { system: 'stripe', kind: 'subscription', id: 'sub_1' };
    const toEngagements = [
      link(subscription, { external: engagementReference('ENG-1') }),
      link(engagementReference('ENG-1'), { external: deal }),
      link({ ...subscription, id: 'sub_2' }, { stream: engagement('e-1') }),
      // A link that leads out of the tenant, or nowhere, is not one either.
      link({ ...subscription, id: 'sub_3' }, { stream: 'zenith/party/p-1' }),
      link({ ...subscription, id: 'sub_4' }, { stream: 'p-1' }),
    ];
    expect(await run(...(await record(toEngagements)).map(envelope))).toEqual([]);
    expect(sent).toEqual([]);
    const account = { system: 'crm', kind: 'account', id: 'a2' };
    const toParty = [link(account, { external: partyRef })];
    expect(await run(...(await record(toParty)).map(envelope))).toEqual([launched.streamId, engagement('e-1')]);
  });
});

// Do verify and health name the same streams for the same reason, whatever the damage, and do their neighbours go on?
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { streamIdOf } from '../../../events/identifiers.ts';
import { verify } from '../../../infra/commands/verifyStore.ts';
import { type Api, createApi, peopleOf } from '../../support/api.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { fact, tenantId } from '../../support/histories/events.ts';
import { startIssuer, type TestIssuer } from '../../support/issuer.ts';
import { following, type Item, storedItems, textIn } from './storedItems.ts';

let engine: TestEngine;
let issuer: TestIssuer;
let vendor = '';
const rootsTable = 'damages-roots';
beforeAll(async () => {
  [engine, issuer] = await Promise.all([startTestEngine(), startIssuer()]);
  vendor = await peopleOf(issuer).vendor();
  await engine.client.send(
    new CreateTableCommand({
      TableName: rootsTable,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['part', 'id'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: [
        { AttributeName: 'part', KeyType: 'HASH' },
        { AttributeName: 'id', KeyType: 'RANGE' },
      ],
    }),
  );
});
afterAll(() => Promise.all([engine.stop(), issuer.stop()]));

const stream = streamIdOf(tenantId, 'engagement', 'e1');
const neighbour = streamIdOf(tenantId, 'engagement', 'e2');
const revised = (of: string, day: number) =>
  fact('DealRevised', { salesStage: `stage-${day}` }, { at: `2026-06-0${day}`, stream: of });

/** Three commits of one event each on both streams, projected. */
const recorded = async (): Promise<Api> => {
  const api = await createApi(engine, issuer);
  for (const of of [stream, neighbour]) {
    await api.record(fact('EngagementOpened', {}, { at: '2026-06-01', stream: of }));
    await api.record(revised(of, 2));
    await api.record(revised(of, 3));
  }
  await api.project();
  return api;
};

const itemAt = ({ eventsTable }: Api, version: number) => storedItems(engine, eventsTable).at(stream, version);
const put = ({ eventsTable }: Api, item: Item) => storedItems(engine, eventsTable).put(item);
const remove = ({ eventsTable }: Api, version: number) => storedItems(engine, eventsTable).remove(stream, version);

/** Puts a commit after the end, with a right hash, made from the last one's text. */
const append =
  (changed: (text: string) => string) =>
  async (api: Api): Promise<void> => {
    await put(api, following(await itemAt(api, 3), 3, changed));
  };
const change =
  (version: number, changed: (item: Item) => Item) =>
  async (api: Api): Promise<void> => {
    await put(api, changed(await itemAt(api, version)));
  };

const later = (text: string): string => text.replace('"DealRevised"', '"DealMeasured"');
const newer = (text: string): string => text.replace('"schemaVersion":1', '"schemaVersion":7');

type Damage = readonly [name: string, what: RegExp, damage: (api: Api) => Promise<unknown>];
const damages: readonly Damage[] = [
  ['an unknown type at the end', /version 4 is not understood: type: unknown event type DealMeasured/, append(later)],
  ['a newer schema version', /version 4 is not understood: schemaVersion: DealRevised is known up to/, append(newer)],
  [
    'data that the schema refuses',
    /version 4 is not understood: data/,
    append((text) => text.replace(/"data":\{[^}]*\}/, '"data":{"salesStage":7}')),
  ],
  [
    'two unknown types',
    /version 4 is not .*version 5 is not/,
    append((text) => `[${later(text).slice(1, -1)},${later(text).slice(1, -1).replace('"version":4', '"version":5')}]`),
  ],
  [
    'a wrong hash',
    /version 2 does not match its hash/,
    change(2, (item) => ({ ...item, hash: { S: 'f'.repeat(64) } })),
  ],
  [
    'one changed word',
    /version 2 does not match its hash/,
    change(2, (item) => ({ ...item, events: { S: textIn(item).replace('stage-2', 'stage-9') } })),
  ],
  ['a gap in the versions', /begins with version 3, after version 1/, (api) => remove(api, 2)],
  [
    'cut JSON',
    /version 2 does not match/,
    change(2, (item) => ({ ...item, events: { S: textIn(item).slice(0, 60) } })),
  ],
  ['cut JSON with a right hash', /holds no list of events/, append((text) => text.slice(0, 60))],
  ['JSON that is no list', /holds no list of events/, append(() => '{"events":[]}')],
  ['no event', /version 4 holds no event/, append(() => '[]')],
  ['what is no event', /version 4 holds what is no event/, append(() => '[null,7]')],
  [
    'an event of another stream',
    /belongs to .*e9/,
    append((text) => text.replaceAll('engagement/e1', 'engagement/e9')),
  ],
  [
    'a version counted wrongly',
    /counts its events wrongly/,
    append((text) => `[${text.slice(1, -1)},${text.slice(1)}`),
  ],
  ['an endless number as version', /begins with version|holds what/, append((text) => text.replace(':4,', ':1e999,'))],
  [
    'a number over all bounds',
    /not understood/,
    append((text) => text.replace('"schemaVersion":1', '"schemaVersion":1e300')),
  ],
  ['deep nesting', /holds what is no event/, append(() => `${'['.repeat(9_000)}${']'.repeat(9_000)}`)],
  ['an item without events', /lacks its attribute events/, change(2, ({ events: _, ...item }) => item)],
  ['an item without a hash', /lacks its attribute hash/, change(3, ({ hash: _, ...item }) => item)],
  [
    'events that are bytes',
    /lacks its attribute events/,
    change(2, (item) => ({ ...item, events: { B: Buffer.from('[]') } })),
  ],
  ['a count over all bounds', /versions count/, change(3, (item) => ({ ...item, count: { N: '1e30' } }))],
  ['another time on the item', /says that it was/, change(2, (item) => ({ ...item, recordedAt: { S: '2026-01-01' } }))],
  [
    'another hash before',
    /hash of the commit before/,
    change(2, (item) => ({ ...item, prevHash: { S: 'f'.repeat(64) } })),
  ],
];

test.each(damages)('%s is named by verify and health alike, and its neighbour goes on', async (_, what, damage) => {
  const api = await recorded();
  await damage(api);
  const { faults } = await verify({ client: engine.client, eventsTable: api.eventsTable, rootsTable });
  expect(new Set(faults.map(({ where }) => where))).toEqual(new Set([stream]));
  const reason = faults.map((fault) => fault.what).join('; ');
  expect(reason).toMatch(what);
  const pages = [];
  let cursor: unknown;
  do {
    const { status, body } = await api.get(vendor, 'health', typeof cursor === 'string' ? { cursor } : {});
    expect(status).toBe(200);
    pages.push(body);
    cursor = body.cursor;
  } while (cursor !== undefined);
  expect(pages.flatMap(({ unreadable }) => unreadable)).toEqual([{ stream, reason }]);
  // The neighbour takes facts, and its rows follow.
  await api.record(fact('DealClosed', { result: 'won' }, { at: '2026-06-04', stream: neighbour }));
  await api.projectOnly(neighbour);
  const read = await api.get(vendor, 'engagements/e2');
  expect(read).toMatchObject({ status: 200, body: { engagement: { result: 'won' } } });
});

test('an unknown event tells where a later release is needed; the rest of its stream is checked as ever', async () => {
  const api = await recorded();
  await append(later)(api);
  const verified = await verify({ client: engine.client, eventsTable: api.eventsTable, rootsTable });
  expect(verified).toMatchObject({ streams: 2, commits: 7, events: 7 });
  expect(verified.notUnderstood).toEqual(verified.faults);
  await change(2, (item) => ({ ...item, recordedAt: { S: '2026-01-01' } }))(api);
  const both = await verify({ client: engine.client, eventsTable: api.eventsTable, rootsTable });
  expect([both.faults.length, both.notUnderstood.length]).toEqual([2, 1]);
});

test('a stream that lacks its first commit is named by health before a root can find it, and by verify from its root on', async () => {
  const api = await recorded();
  await remove(api, 1);
  const { body } = await api.get(vendor, 'health');
  expect(body.unreadable).toEqual([{ stream, reason: 'a commit begins with version 2, after version 0' }]);
});

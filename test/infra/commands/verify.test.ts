// Does verify name what somebody changed behind the store's back, and does it find nothing where nobody did?
import { DeleteItemCommand, GetItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { commitOf, hashOf, tipOf } from '../../../functions/store/commit.ts';
import { commitOfItem, itemOf } from '../../../functions/store/dynamoEventStore.ts';
import { emptyTip } from '../../../functions/store/eventStore.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { fact } from '../../support/histories/events.ts';
import { type Sealing, startSealing } from '../../support/sealing.ts';

let engine: TestEngine;
let sealing: Sealing;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

const tenDays = 'acme/engagement/e-ten';
const one = 'acme/engagement/e-one';
const party = 'globex/party/p-1';
beforeEach(async () => {
  sealing = await startSealing(engine);
  await sealing.record('2026-05-01T10:00:00.000Z', tenDays, one, party);
  await sealing.seal('2026-05-02T01:00:00.000Z');
  await sealing.record('2026-05-02T10:00:00.000Z', tenDays);
  await sealing.record('2026-05-02T11:00:00.000Z', tenDays);
  await sealing.seal('2026-05-03T01:00:00.000Z');
  await sealing.record('2026-05-03T10:00:00.000Z', one);
});

const keyOf = (stream: string, version: number) => ({ stream: { S: stream }, version: { N: String(version) } });
const itemAt = async (stream: string, version: number) => {
  const { Item } = await engine.client.send(
    new GetItemCommand({ TableName: sealing.eventsTable, Key: keyOf(stream, version) }),
  );
  if (Item === undefined) throw new Error(`${stream} has no commit of version ${version}`);
  return Item;
};
const put = (item: Awaited<ReturnType<typeof itemAt>>) =>
  engine.client.send(new PutItemCommand({ TableName: sealing.eventsTable, Item: item }));
const remove = (stream: string, version: number) =>
  engine.client.send(new DeleteItemCommand({ TableName: sealing.eventsTable, Key: keyOf(stream, version) }));
const faults = async () => (await sealing.verify()).faults;

describe('an untouched store', () => {
  it('passes: every stream, commit and event is counted, every day follows the day before', async () => {
    const verified = await sealing.verify();
    expect(verified).toMatchObject({ streams: 3, commits: 6, events: 6, faults: [] });
    expect(verified.days.map(({ day, streams }) => [day, streams])).toEqual([
      ['2026-05-01', 3],
      ['2026-05-02', 3],
    ]);
  });

  it('still has a root that was kept, and not a root that never existed', async () => {
    const [first] = (await sealing.verify()).days;
    expect((await sealing.verify(first?.root)).faults).toEqual([]);
    const { faults: found } = await sealing.verify('0'.repeat(64));
    expect(found).toEqual([{ where: 'roots', what: expect.stringContaining(`no day has the root ${'0'.repeat(64)}`) }]);
  });
});

describe('one changed field', () => {
  it.each([
    ['events', { S: '[]' }, 'the commit of version 1 does not match its hash'],
    ['hash', { S: 'f'.repeat(64) }, 'the commit of version 1 does not match its hash'],
    ['prevHash', { S: 'f'.repeat(64) }, 'does not hold the hash of the commit before it'],
    ['count', { N: '2' }, 'versions count 4 events, but its items hold 3'],
    ['recordedAt', { S: '2026-05-01T09:00:00.000Z' }, 'says that it was recorded at 2026-05-01T09'],
  ])('%s names its stream', async (name, value, what) => {
    await put({ ...(await itemAt(tenDays, 1)), [name]: value });
    const found = await faults();
    expect(found.map(({ where }) => where)).toEqual(found.map(() => tenDays));
    expect(found.map((fault) => fault.what).join('; ')).toContain(what);
  });

  it('events, one word in one of them', async () => {
    const item = await itemAt(one, 1);
    await put({ ...item, events: { S: String(item.events?.S).replace('2026-', '2025-') } });
    expect(await faults()).toEqual([{ where: one, what: 'the commit of version 1 does not match its hash' }]);
  });

  it('shard removes the stream from the index, and the root that lists the stream finds it', async () => {
    await engine.client.send(
      new UpdateItemCommand({
        TableName: sealing.eventsTable,
        Key: keyOf(party, 1),
        UpdateExpression: 'REMOVE #shard',
        ExpressionAttributeNames: { '#shard': 'shard' },
      }),
    );
    expect(await faults()).toEqual([{ where: party, what: 'the index of streams does not list it' }]);
  });
});

describe('a change that keeps the chain valid', () => {
  /** Writes a stream anew, as the store would have written it from other facts. */
  const rewrite = async (stream: string, versions: number, from = 1): Promise<void> => {
    let tip = emptyTip;
    for (let version = 1; version <= versions; version += 1) {
      const stands = commitOfItem(await itemAt(stream, version));
      const said = { customer: { system: 'crm', kind: 'account', id: `invented-${version}` } };
      const facts = [fact('CustomerIdentified', said, { at: stands.recordedAt, stream })];
      const { commit } = commitOf({ streamId: stream, tip, facts, now: stands.recordedAt });
      if (version >= from) await put(itemOf(commit));
      tip = tipOf(version >= from ? commit : stands);
    }
  };

  it('a completely rewritten chain is named, with the days whose roots differ', async () => {
    await rewrite(tenDays, 3);
    expect(await faults()).toEqual([
      { where: tenDays, what: expect.stringContaining('the root of 2026-05-01 holds another hash of version 1') },
      { where: tenDays, what: expect.stringContaining('the root of 2026-05-02 holds another hash of version 3') },
    ]);
  });

  it('a chain rewritten from its second commit on matches the first day’s root, but not the second’s', async () => {
    await rewrite(tenDays, 3, 2);
    expect((await faults()).map(({ what }) => what.slice(0, 25))).toEqual(['the root of 2026-05-02 ho']);
  });

  it('a removed stream is named', async () => {
    await remove(party, 1);
    expect(await faults()).toEqual([
      { where: party, what: 'the root of 2026-05-01 holds it at version 1, and no commit of it exists' },
    ]);
  });

  it('a removed end is named', async () => {
    await remove(tenDays, 3);
    expect(await faults()).toEqual([{ where: tenDays, what: expect.stringContaining('it ends with version 2') }]);
  });

  it('a stream that was added later with an old date is named', async () => {
    const stream = 'acme/engagement/e-forged';
    const at = '2026-05-01T10:00:00.000Z';
    const facts = [fact('EngagementOpened', {}, { at, stream })];
    await put(itemOf(commitOf({ streamId: stream, tip: emptyTip, facts, now: at }).commit));
    expect(await faults()).toEqual([{ where: stream, what: expect.stringContaining('the commit was added later') }]);
  });

  it('after the last root is not found, because it is not sealed yet', async () => {
    const item = await itemAt(one, 2);
    const text = String(item.events?.S).replace('"recordedAt"', ' "recordedAt"');
    await put({ ...item, events: { S: text }, hash: { S: hashOf(String(item.prevHash?.S), text) } });
    expect(await faults()).toEqual([]);
  });
});

describe('roots', () => {
  const change = (part: string, id: string, set: string, value: string) =>
    engine.client.send(
      new UpdateItemCommand({
        TableName: sealing.rootsTable,
        Key: { part: { S: part }, id: { S: id } },
        UpdateExpression: `SET ${set} = :value`,
        ExpressionAttributeValues: { ':value': { S: value } },
      }),
    );

  it('with changed pages are named', async () => {
    await change('2026-05-01', '000001', 'tips', '[]');
    const found = await faults();
    expect(found).toContainEqual({ where: 'roots', what: expect.stringContaining('page 1 of the root of 2026-05-01') });
    expect(found).toContainEqual({ where: 'roots', what: 'the root of 2026-05-01 does not match its pages' });
  });

  it('that were changed are named, with the day that no longer follows them', async () => {
    await change('roots', '2026-05-01', 'root', 'f'.repeat(64));
    const what = (await faults()).map((fault) => fault.what);
    expect(what).toContain('the root of 2026-05-01 does not match its pages');
    expect(what).toContain('the root of 2026-05-02 does not follow that of 2026-05-01');
  });
});

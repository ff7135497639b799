// Where do runs stand, with the lists of what they cover and the items that they found?
// Queries and the steps of a run call it; it reads and writes the table of answers, whose items DynamoDB deletes after the run's age limit.
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { uuidOf } from '../../events/identifiers.ts';
import { Instant } from '../../events/instant.ts';
import type { Item } from '../aws/batchGet.ts';
import { packed, unpackText } from '../aws/packText.ts';
import { queryItems } from '../aws/queryPages.ts';
import { type Asker, type Chunk, type Listed, Run, secondsOf } from './run.ts';

/** A page of the list of streams that a run covers, and how many stood on the pages before it. */
export const ListPage = z.strictObject({
  ids: z.array(z.string()),
  next: z.string().optional(),
  before: z.strictObject({ streams: z.int(), chunks: z.int() }),
});
export type ListPage = Readonly<z.infer<typeof ListPage>>;

const Tally = z.strictObject({
  ...{ episodes: z.int(), hits: z.int(), losses: z.int(), foreseen: z.int() },
  // An earlier release did not count them.
  ...{ raised: z.int().default(0), dismissed: z.int().default(0) },
});
const Tallies = z.record(z.string(), Tally);

/** What became of a chunk; `attempt` names the parts that hold its items. */
export const DoneChunk = z.strictObject({
  page: z.int(),
  slice: z.int(),
  attempt: z.string(),
  parts: z.int(),
  streams: z.int(),
  items: z.int(),
  unreadable: z.array(z.string()),
  /** What could not be folded for another reason; a chunk of an older release names none. */
  failed: z.array(z.strictObject({ id: z.string(), reason: z.string() })).default([]),
  tallies: z.strictObject({ is: Tallies, wouldBe: Tallies }),
  /** When it was done; absent in a chunk of an older release. */
  at: Instant.optional(),
});
export type DoneChunk = Readonly<z.infer<typeof DoneChunk>>;

export interface RunStore {
  /** The run; undefined where the tenant has no such run. */
  get(tenantId: string, id: string): Promise<Run | undefined>;
  put(run: Run): Promise<void>;
  /** Notes that nobody wants its answer any more. */
  cancel(run: Run): Promise<void>;
  setListed(run: Run, listed: Listed): Promise<void>;
  /** Notes why it has no answer. */
  fail(run: Run, reason: string): Promise<void>;
  /** The run that a question was last given to. */
  askedBefore(tenantId: string, key: string): Promise<string | undefined>;
  /** Gives a question to a run, in place of the one before; false where another run has it by now. */
  claim(run: Run, key: string, before: string | undefined): Promise<boolean>;
  /** The places for the runs under way of an asker, and the run that was last given each. */
  places(asker: Asker): Promise<ReadonlyMap<number, string>>;
  /** Gives a place to a run, in place of the one before; false where another run has it by now. */
  take(run: Run, of: { readonly place: number; readonly before: string | undefined }): Promise<boolean>;
  /** Notes that a person waits for the answer, or does so no more. */
  want(run: Run, subject: string, wants?: boolean): Promise<void>;
  /** Whether a person ever asked for it, and whether others wait for it still. */
  wanted(run: Run, subject: string): Promise<{ readonly asked: boolean; readonly byOthers: boolean }>;
  list(run: Run, page: number): Promise<ListPage | undefined>;
  /** Keeps a page of the list, unless there is one: then answers that. */
  putList(run: Run, page: number, list: ListPage): Promise<ListPage>;
  hasDone(run: Run, chunk: Chunk): Promise<boolean>;
  /** A part of a chunk's items: the JSON text of an array. */
  putPart(run: Run, done: Pick<DoneChunk, 'page' | 'slice' | 'attempt'>, part: number, text: string): Promise<void>;
  /** Notes that a chunk is done; another attempt may have been first, and then its parts hold. */
  putDone(run: Run, done: DoneChunk): Promise<void>;
  /** Every chunk that is done, in order. */
  done(run: Run): Promise<readonly DoneChunk[]>;
  part(run: Run, done: DoneChunk, part: number): Promise<string>;
}

const five = (count: number): string => String(count).padStart(5, '0');
const chunkKey = ({ page, slice }: Chunk): string => `${five(page)}#${five(slice)}`;
const partKey = (done: Pick<DoneChunk, 'page' | 'slice' | 'attempt'>, part: number): string =>
  `part#${chunkKey(done)}#${done.attempt}#${five(part)}`;

/** A person's place among those who asked. The subject may be an address, so only what is made of it is kept. */
const wantKey = (subject: string): string => `want#${uuidOf('want', subject)}`;
const openOf = ({ role, partnerId }: Asker): string => `open#${uuidOf('open', role, partnerId ?? '')}`;

const placeIn = (item: string): number => Number(item.replace('place#', ''));

const textIn = (item: Item): string => (item.said?.B === undefined ? (item.said?.S ?? '') : unpackText(item.said.B));

/** The store over a table. The tenant stands in each key, so that no id leads to another tenant's run. */
export const createRunStore = ({
  client,
  table,
}: {
  readonly client: DynamoDBClient;
  readonly table: string;
}): RunStore => {
  const partition = (tenantId: string, id: string) => ({ S: `${tenantId}#${id}` });

  const read = async (tenantId: string, id: string, item: string): Promise<Item | undefined> => {
    const Key = { run: partition(tenantId, id), item: { S: item } };
    return (await client.send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }))).Item;
  };

  /** Puts an item; false where its condition does not hold. */
  const write = async (run: Run, item: string, text: string, condition = 'new'): Promise<boolean> => {
    const said = packed(text);
    const Item = {
      ...{ run: partition(run.asker.tenantId, run.id), item: { S: item } },
      ...{
        said: typeof said === 'string' ? { S: said } : { B: said },
        expiresAt: { N: String(secondsOf(run.expiresAt)) },
      },
    };
    const isNew = condition === 'new' && {
      ConditionExpression: 'attribute_not_exists(#run)',
      ExpressionAttributeNames: { '#run': 'run' },
    };
    return await holds(() => client.send(new PutItemCommand({ TableName: table, Item, ...isNew })));
  };

  const holds = async (work: () => Promise<unknown>): Promise<boolean> => {
    try {
      await work();
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  };

  /** Marks stand beside the row's text, so that a mark never writes an older text back. */
  const mark = async (run: Run, name: 'cancelled' | 'listed' | 'failed', value: string): Promise<void> => {
    const update = new UpdateItemCommand({
      TableName: table,
      Key: { run: partition(run.asker.tenantId, run.id), item: { S: 'run' } },
      UpdateExpression: 'SET #name = :value',
      ConditionExpression: 'attribute_exists(#run)',
      ExpressionAttributeNames: { '#name': name, '#run': 'run' },
      ExpressionAttributeValues: { ':value': { S: value } },
    });
    await holds(() => client.send(update));
  };

  /** Puts a pointer to the run, in place of the one before; false where it points to another by now. */
  const point = async (run: Run, of: string, item: string, before: string | undefined): Promise<boolean> =>
    await holds(() =>
      client.send(
        new PutItemCommand({
          TableName: table,
          Item: {
            ...{ run: partition(run.asker.tenantId, of), item: { S: item }, by: { S: run.id } },
            expiresAt: { N: String(secondsOf(run.expiresAt)) },
          },
          ConditionExpression: before === undefined ? 'attribute_not_exists(#run)' : '#by = :before',
          ExpressionAttributeNames: before === undefined ? { '#run': 'run' } : { '#by': 'by' },
          ...(before !== undefined && { ExpressionAttributeValues: { ':before': { S: before } } }),
        }),
      ),
    );

  const itemsOf = async (tenantId: string, id: string, prefix: string): Promise<readonly Item[]> => {
    const query = {
      TableName: table,
      ConsistentRead: true,
      KeyConditionExpression: '#run = :run AND begins_with(#item, :prefix)',
      ExpressionAttributeNames: { '#run': 'run', '#item': 'item' },
      ExpressionAttributeValues: { ':run': partition(tenantId, id), ':prefix': { S: prefix } },
    };
    const found: Item[] = [];
    for await (const item of queryItems({ client, query })) found.push(item);
    return found;
  };

  const list: RunStore['list'] = async (run, page) => {
    const item = await read(run.asker.tenantId, run.id, `list#${five(page)}`);
    return item === undefined ? undefined : ListPage.parse(JSON.parse(textIn(item)));
  };

  return {
    get: async (tenantId, id) => {
      const item = await read(tenantId, id, 'run');
      if (item === undefined) return undefined;
      const listed = item.listed?.S === undefined ? {} : { listed: JSON.parse(item.listed.S) };
      const failed = item.failed?.S === undefined ? {} : { failed: item.failed.S };
      return Run.parse({ ...JSON.parse(textIn(item)), ...listed, ...failed, cancelled: item.cancelled !== undefined });
    },
    put: async (run) => {
      await write(run, 'run', JSON.stringify(run));
    },
    cancel: (run) => mark(run, 'cancelled', 'yes'),
    fail: (run, reason) => mark(run, 'failed', reason),
    setListed: (run, listed) => mark(run, 'listed', JSON.stringify(listed)),
    askedBefore: async (tenantId, key) => (await read(tenantId, 'asked', key))?.by?.S,
    claim: (run, key, before) => point(run, 'asked', key, before),
    places: async (asker) => {
      const held = await itemsOf(asker.tenantId, openOf(asker), 'place#');
      return new Map(held.flatMap(({ item, by }) => (by?.S === undefined ? [] : [[placeIn(item?.S ?? ''), by.S]])));
    },
    take: (run, { place, before }) => point(run, openOf(run.asker), `place#${place}`, before),
    want: async (run, subject, wants = true) => {
      await write(run, wantKey(subject), wants ? 'yes' : 'no', 'any');
    },
    wanted: async (run, subject) => {
      const all = await itemsOf(run.asker.tenantId, run.id, 'want#');
      const isOwn = ({ item }: Item): boolean => item?.S === wantKey(subject);
      return {
        asked: all.some(isOwn),
        byOthers: all.some((each) => !isOwn(each) && textIn(each) === 'yes'),
      };
    },
    list,
    putList: async (run, page, own) => {
      if (await write(run, `list#${five(page)}`, JSON.stringify(own))) return own;
      return (await list(run, page)) ?? own;
    },
    hasDone: async (run, chunk) => (await read(run.asker.tenantId, run.id, `done#${chunkKey(chunk)}`)) !== undefined,
    putPart: async (run, done, part, text) => {
      await write(run, partKey(done, part), text, 'any');
    },
    putDone: async (run, done) => {
      await write(run, `done#${chunkKey(done)}`, JSON.stringify(done));
    },
    done: async (run) => {
      const found = await itemsOf(run.asker.tenantId, run.id, 'done#');
      return found.map((item) => DoneChunk.parse(JSON.parse(textIn(item))));
    },
    part: async (run, done, part) => {
      const item = await read(run.asker.tenantId, run.id, partKey(done, part));
      if (item === undefined) throw new Error(`run ${run.id} lacks part ${part} of chunk ${chunkKey(done)}`);
      return textIn(item);
    },
  };
};

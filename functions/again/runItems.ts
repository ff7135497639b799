// What has a run of translate-again found out so far?
// The pages of a run and `npm run translate-again` call it; small items in a partition of the receipts table, deleted after 7 days.
import { type DynamoDBClient, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { uuidOf } from '../../events/identifiers.ts';
import { epochOf } from '../../events/instant.ts';
import { queryPages } from '../aws/queryPages.ts';

const Fact = z.object({ type: z.string(), stream: z.string(), eventId: z.string() });

const Standing = z.object({ status: z.string(), reason: z.string().optional() });

/** What becomes of one receipt. */
export const Finding = z.object({
  /** The id that its sender was given. */
  receipt: z.string(),
  receivedAt: z.string(),
  was: Standing,
  now: Standing.extend({ issues: z.array(z.object({ path: z.string(), message: z.string() })).optional() }),
  /** It can't be read at all now, so that it is left as it is. */
  isLeft: z.boolean(),
  /** The facts that are added; `restates`: the stream holds other data of that fact already. */
  adds: z.array(Fact.extend({ restates: z.boolean() })),
  /** How many more there are than are listed. */
  moreAdds: z.number(),
  /** What the receipt said before, and what stays although it no longer says it: why. */
  stays: z.array(Fact.extend({ why: z.string() })),
  /** Facts that it said before, beyond those that receipts list: nothing is known of them. */
  notCovered: z.number(),
});
export type Finding = Readonly<z.infer<typeof Finding>>;

/** A fact that a receipt said before and no longer says. */
export const Gone = z.object({
  /** The key of its receipt, and the id that the sender was given. */
  partition: z.string(),
  id: z.string(),
  receipt: z.string(),
  type: z.string(),
  factId: z.string(),
  stream: z.string(),
  /** The event as the receipt lists it. */
  said: z.string(),
  /** The event that stands, with its place in the source's order; absent where none that came of the receipt stands. */
  stands: z.object({ eventId: z.string(), sourceSeq: z.string().optional() }).optional(),
  /** The version of the mapping that no longer says it. */
  translation: z.number(),
});
export type Gone = Readonly<z.infer<typeof Gone>>;

/** A fact that is gone, as it is stored: `keptBy` is another receipt that still says it. */
export type StoredGone = Gone & { readonly key: string; readonly keptBy?: string };

/** How far a page came: how many receipts it read, and their statuses by today's code. */
export const PageDone = z.object({ seen: z.number(), statuses: z.record(z.string(), z.number()) });
export type PageDone = Readonly<z.infer<typeof PageDone>>;

export interface RunState {
  readonly findings: readonly Finding[];
  readonly gone: readonly StoredGone[];
  readonly pages: readonly PageDone[];
  /** The run is over; `problem` says why it could not begin. */
  readonly done?: { readonly problem?: string | undefined };
}

interface RunNamed {
  readonly tenantId: string;
  readonly run: string;
}

export interface RunItems {
  putFinding(receiptKey: string, finding: Finding): Promise<void>;
  putGone(gone: Gone): Promise<void>;
  /** Notes that another receipt still says it. */
  keep(key: string, keptBy: string): Promise<void>;
  gone(): Promise<readonly StoredGone[]>;
  putPage(page: number, done: PageDone): Promise<void>;
  hasPage(page: number): Promise<boolean>;
  putDone(problem?: string): Promise<void>;
  /** Whether the run is over, and what its pages have read. */
  progress(): Promise<Pick<RunState, 'pages' | 'done'>>;
  all(): Promise<RunState>;
}

const keptSeconds = 7 * 24 * 3600;

/** Pages have keys of one length, so that they stand in their order. */
const pageKey = (page: number): string => `page#${String(page).padStart(9, '0')}`;
const goneKey = ({ id, factId, stream }: Gone): string => `gone#${id}#${uuidOf(factId, stream)}`;

/** The items of one run. */
export const createRunItems =
  ({ client, table, now }: { readonly client: DynamoDBClient; readonly table: string; readonly now: () => string }) =>
  ({ tenantId, run }: RunNamed): RunItems => {
    const partition = { S: `again#${tenantId}#${run}` };

    const put = async (id: string, said: object): Promise<void> => {
      const expiresAt = { N: String(Math.floor(epochOf(now()) / 1000) + keptSeconds) };
      const Item = { partition, id: { S: id }, kind: { S: 'again' }, said: { S: JSON.stringify(said) }, expiresAt };
      await client.send(new PutItemCommand({ TableName: table, Item }));
    };

    const read = async (prefix: string) => {
      const found: { readonly id: string; readonly said: unknown; readonly keptBy?: string }[] = [];
      const query = {
        TableName: table,
        ConsistentRead: true,
        KeyConditionExpression: '#partition = :partition AND begins_with(id, :prefix)',
        ExpressionAttributeNames: { '#partition': 'partition' },
        ExpressionAttributeValues: { ':partition': partition, ':prefix': { S: prefix } },
      };
      for await (const { items } of queryPages({ client, query })) {
        for (const { id, said, keptBy } of items) {
          const keeper = keptBy?.S === undefined ? {} : { keptBy: keptBy.S };
          found.push({ id: id?.S ?? '', said: JSON.parse(said?.S ?? 'null'), ...keeper });
        }
      }
      return found;
    };

    const gone = async (): Promise<readonly StoredGone[]> =>
      (await read('gone#')).map(({ id, said, ...keeper }) => ({ ...Gone.parse(said), key: id, ...keeper }));

    const progress = async (): Promise<Pick<RunState, 'pages' | 'done'>> => {
      const pages = (await read('page#')).map(({ said }) => PageDone.parse(said));
      const [done] = await read('done');
      if (done === undefined) return { pages };
      return { pages, done: z.object({ problem: z.string().optional() }).parse(done.said) };
    };

    return {
      putFinding: (receiptKey, finding) => put(`receipt#${receiptKey}`, finding),
      putGone: (each) => put(goneKey(each), each),
      keep: async (key, keptBy) => {
        await client.send(
          new UpdateItemCommand({
            TableName: table,
            Key: { partition, id: { S: key } },
            UpdateExpression: 'SET keptBy = :by',
            ConditionExpression: 'attribute_exists(id)',
            ExpressionAttributeValues: { ':by': { S: keptBy } },
          }),
        );
      },
      gone,
      putPage: (page, done) => put(pageKey(page), done),
      hasPage: async (page) => (await read(pageKey(page))).length > 0,
      putDone: (problem) => put('done', problem === undefined ? {} : { problem }),
      progress,
      all: async () => ({
        findings: (await read('receipt#')).map(({ said }) => Finding.parse(said)),
        gone: await gone(),
        ...(await progress()),
      }),
    };
  };

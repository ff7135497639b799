// How are an owner's rows written, together with the head that says what they rest on?
// The projector and the projector of groups call it; it reads heads, and writes every projection table.
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  TransactionCanceledException,
  TransactionConflictException,
  type TransactWriteItem,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { type Row, shardOf } from '../../domain/rows/row.ts';
import type { HeadPlace } from './headPlace.ts';
import { type Head, StoredHead, storedHead } from './headState.ts';
import { createJointWrites, type Transact, transactionItems } from './jointWrites.ts';
import { keyOfRow, placeOfRow, rowId, rowItem } from './rowItem.ts';

/** A change: the new head, the rows to put, and the ids of the rows to delete. */
export interface Change {
  readonly place: HeadPlace;
  /** The row that is also the head, or a bare head. */
  readonly headRow: Row;
  readonly head: Omit<Head, 'rebuilding' | 'revision'>;
  readonly puts: readonly Row[];
  /** Row ids, as `rowId` makes them. */
  readonly deletes: readonly string[];
  /** The stored head that the change was computed from. */
  readonly against: Head | undefined;
}

export type Written = { readonly outcome: 'written'; readonly head: Head } | { readonly outcome: 'behind' };

export interface ProjectionStore {
  /** A head, read consistently; undefined before its first projection. */
  head(place: HeadPlace): Promise<Head | undefined>;
  /**
   * Writes a change; `behind` where another writer came first. Readers see all or nothing of one transaction. A change that is
   * larger is written in chunks, and the head has a mark meanwhile.
   */
  write(change: Change): Promise<Written>;
}

export interface ProjectionStoreSettings {
  readonly client: DynamoDBClient;
  /** The DynamoDB table of each projection table, and of the pipeline's own. */
  readonly tableOf: (table: string) => string;
  readonly random: () => number;
}

interface Writing extends ProjectionStoreSettings {
  readonly transact: Transact;
}

/** The most rows that one transaction writes beside the head. */
const transactionLimit = transactionItems - 1;

/** Whether another writer came first or is writing now. A single put that meets a transaction gets an error of its own. */
const isOvertaken = (error: unknown): boolean =>
  error instanceof ConditionalCheckFailedException ||
  error instanceof TransactionConflictException ||
  (error instanceof TransactionCanceledException &&
    (error.CancellationReasons ?? []).some(
      ({ Code }) => Code === 'ConditionalCheckFailed' || Code === 'TransactionConflict',
    ));

const unchangedSince = (against: Head | undefined) =>
  against === undefined
    ? { ConditionExpression: 'attribute_not_exists(rowKey)' }
    : {
        ConditionExpression: 'revision = :read',
        ExpressionAttributeValues: { ':read': { N: String(against.revision) } },
      };

/** The head with the mark of a writer in chunks. Rows that it may touch have an empty digest, so that another writer can finish its work. */
const markedHead = ({ head, against, puts, deletes }: Change, writer: string): Head => {
  const touched = [...puts.map(rowId), ...deletes];
  return {
    ...(against ?? { ...head, basis: {} }),
    digests: { ...against?.digests, ...Object.fromEntries(touched.map((id) => [id, ''])) },
    revision: (against?.revision ?? 0) + 1,
    rebuilding: { writer },
  };
};

/** A head with a mark is due at once: where its writer crashes, sweep has it projected again. */
const dueNow = ({ headRow, head }: Change): Row => ({
  ...headRow,
  columns: { ...headRow.columns, nextDueAt: head.evaluatedAt, dueShard: shardOf(headRow.rowKey) },
});

const headPut = (
  { tableOf }: ProjectionStoreSettings,
  { place, against, headRow, head }: Pick<Change, 'place' | 'against' | 'headRow'> & { readonly head: Head },
) => ({
  TableName: tableOf(place.table),
  Item: {
    ...rowItem(place.tenantId, headRow),
    ...marshall(storedHead(head), { removeUndefinedValues: true }),
  },
  ...unchangedSince(against),
});

const rowWrites = (
  { tableOf }: ProjectionStoreSettings,
  { place: { tenantId }, puts, deletes }: Change,
): readonly TransactWriteItem[] => [
  ...puts.map((row) => ({ Put: { TableName: tableOf(row.table), Item: rowItem(tenantId, row) } })),
  ...deletes.map((id) => {
    const place = placeOfRow(id);
    return { Delete: { TableName: tableOf(place.table), Key: keyOfRow(tenantId, place) } };
  }),
];

const writeAtOnce = async (settings: Writing, change: Change, rows: readonly TransactWriteItem[]): Promise<Head> => {
  const head: Head = { ...change.head, revision: (change.against?.revision ?? 0) + 1 };
  const put = headPut(settings, { ...change, head });
  if (rows.length === 0) await settings.client.send(new PutItemCommand(put));
  else await settings.transact([{ Put: put }, ...rows]);
  return head;
};

/** Writes the mark first, then every chunk with a check of the mark, and the head last. A chunk fails once another writer took over. */
const writeInChunks = async (settings: Writing, change: Change, rows: readonly TransactWriteItem[]): Promise<Head> => {
  const { client, tableOf, random, transact } = settings;
  const writer = `${change.head.evaluatedAt}#${random()}`;
  const marked = markedHead(change, writer);
  await client.send(new PutItemCommand(headPut(settings, { ...change, headRow: dueNow(change), head: marked })));
  const check: TransactWriteItem = {
    ConditionCheck: {
      TableName: tableOf(change.place.table),
      Key: keyOfRow(change.place.tenantId, change.place),
      ConditionExpression: 'rebuilding.writer = :writer',
      ExpressionAttributeValues: { ':writer': { S: writer } },
    },
  };
  for (let start = 0; start < rows.length; start += transactionLimit) {
    const chunk = rows.slice(start, start + transactionLimit);
    await transact([check, ...chunk]);
  }
  return await writeAtOnce(settings, { ...change, against: marked }, []);
};

/** The store on DynamoDB. */
export const createProjectionStore = (settings: ProjectionStoreSettings): ProjectionStore => {
  const writing: Writing = { ...settings, transact: createJointWrites(settings.client) };
  return {
    head: async (place) => {
      const answer = await settings.client.send(
        new GetItemCommand({
          TableName: settings.tableOf(place.table),
          Key: keyOfRow(place.tenantId, place),
          ConsistentRead: true,
        }),
      );
      return answer.Item === undefined ? undefined : StoredHead().parse(unmarshall(answer.Item));
    },

    write: async (change) => {
      const rows = rowWrites(settings, change);
      const write = rows.length > transactionLimit ? writeInChunks : writeAtOnce;
      try {
        return { outcome: 'written', head: await write(writing, change, rows) };
      } catch (error) {
        if (isOvertaken(error)) return { outcome: 'behind' };
        throw error;
      }
    },
  };
};

// How do rows stand in their tables? A head row an engagement, which says what the others rest on, and conditional writes.
import { hash } from 'node:crypto';
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  TransactionCanceledException,
  TransactionConflictException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { tableNamed } from '../../domain/rows/catalog.ts';
import type { Row } from '../../domain/rows/row.ts';
import { canonicalJson } from '../../events/identifiers.ts';
import { HeadState, packState, StoredState } from './headState.ts';

/** What an engagement's head row says beside its columns (design, decision 13). */
const Head = z.object({
  ...HeadState.shape,
  evaluatedAt: z.string(),
  release: z.number(),
  computedBy: z.string(),
  /** Counts the writes: a writer's differences hold only against the head that it read. */
  revision: z.number(),
  /** Left by a writer of more rows than one transaction holds, until its last chunk: what it may have touched has an empty digest. */
  rebuilding: z.object({ writer: z.string() }).optional(),
});
export type Head = Readonly<z.infer<typeof Head>>;

/** A head as it is stored: what it rests on and the digests of its rows are packed. */
const StoredHead = z.intersection(Head.omit({ basis: true, digests: true }), StoredState);

/** The head row's attributes that are the projector's own; readers of the table don't see them. */
export const projectorAttributes: ReadonlySet<string> = new Set([...Object.keys(Head.shape), 'digest', 'headState']);

/** What a row without a head says beside its columns; none of it before its first writing. */
const Lone = z.object({
  basis: Head.shape.basis.default({}),
  revision: z.number().default(0),
  digest: z.string().optional(),
});

/** Whether what is stored rests on a later version of any stream than `basis` does. */
export const isBehind = (basis: Head['basis'], stored: Head['basis']): boolean =>
  Object.entries(basis).some(([stream, version]) => (stored[stream] ?? 0) > version);

/** What changes: rows to put and the keys of rows to delete, beside the new head. */
export interface Change {
  readonly tenantId: string;
  readonly headRow: Row;
  readonly head: Omit<Head, 'rebuilding' | 'revision'>;
  readonly puts: readonly Row[];
  /** Row ids, as `rowId` makes them. */
  readonly deletes: readonly string[];
  /** The head against which the change was made out. */
  readonly against: Head | undefined;
}

const transactionLimit = 99;

/** A row's id across tables. */
export const rowId = (row: Pick<Row, 'table' | 'rowKey'>): string => `${row.table}|${row.rowKey}`;

const parseRowId = (id: string): { table: string; rowKey: string } => {
  const bar = id.indexOf('|');
  const table = tableNamed(id.slice(0, bar))?.name;
  if (table === undefined) throw new Error(`no projection table in the row id ${id}`);
  return { table, rowKey: id.slice(bar + 1) };
};

/** Twelve characters of SHA-256 over the row's columns: equal rows have equal digests. */
export const digestOf = (row: Row): string => hash('sha256', canonicalJson(row.columns), 'base64url').slice(0, 12);

/** A row as an item: its columns, its key, and an attribute for every index that it stands in. */
export const rowItem = (tenantId: string, row: Row): Record<string, AttributeValue> => {
  const indexes = tableNamed(row.table)?.indexes ?? [];
  const indexed = indexes.flatMap(({ name, columns, acrossTenants }) => {
    const values = columns.map((column) => row.columns[column] ?? null);
    if (values.some((value) => value === null)) return [];
    return [[`ix_${name}`, [...(acrossTenants ? [] : [tenantId]), ...values].join('#')] as const];
  });
  const filled = Object.entries(row.columns).filter(([, value]) => value !== null);
  return marshall({ ...Object.fromEntries(filled), ...Object.fromEntries(indexed), tenantId, rowKey: row.rowKey });
};

export interface ProjectionStore {
  /** The engagement's head, read consistently; undefined before its first projection. */
  head(tenantId: string, engagementId: string): Promise<Head | undefined>;
  /**
   * Writes a change; `behind` where another writer came first. Readers see all or nothing of what one transaction holds; more
   * comes in pieces, while the head carries a mark.
   */
  write(change: Change): Promise<{ readonly outcome: 'written'; readonly head: Head } | { readonly outcome: 'behind' }>;
  /** Puts a row that stands without a head; `behind` where the stored one rests on a later version of any stream. */
  putRow(tenantId: string, row: Row, basis: Head['basis']): Promise<'written' | 'current' | 'behind'>;
}

export interface ProjectionStoreSettings {
  readonly client: DynamoDBClient;
  /** The DynamoDB table of each projection table. */
  readonly tableOf: (table: string) => string;
  readonly random: () => number;
}

/** Whether another writer came first, or is at it: a single put that meets a transaction is told so by its own name. */
const isOvertaken = (error: unknown): boolean =>
  error instanceof ConditionalCheckFailedException ||
  error instanceof TransactionConflictException ||
  (error instanceof TransactionCanceledException &&
    (error.CancellationReasons ?? []).some(
      ({ Code }) => Code === 'ConditionalCheckFailed' || Code === 'TransactionConflict',
    ));

/** The store on DynamoDB. */
export const createProjectionStore = ({ client, tableOf, random }: ProjectionStoreSettings): ProjectionStore => {
  const headTable = tableOf('engagements');

  const unchangedSince = (against: Head | undefined) =>
    against === undefined
      ? { ConditionExpression: 'attribute_not_exists(rowKey)' }
      : {
          ConditionExpression: 'revision = :read',
          ExpressionAttributeValues: { ':read': { N: String(against.revision) } },
        };

  const headItem = (change: Change, { basis, digests, ...head }: Head): Record<string, AttributeValue> => ({
    ...rowItem(change.tenantId, change.headRow),
    ...marshall({ ...head, headState: packState({ basis, digests }) }, { removeUndefinedValues: true }),
  });

  const put = (tenantId: string, row: Row): TransactWriteItem => ({
    Put: { TableName: tableOf(row.table), Item: rowItem(tenantId, row) },
  });
  const remove = (tenantId: string, id: string): TransactWriteItem => {
    const { table, rowKey } = parseRowId(id);
    return { Delete: { TableName: tableOf(table), Key: { tenantId: { S: tenantId }, rowKey: { S: rowKey } } } };
  };

  const transact = async (items: TransactWriteItem[]): Promise<void> => {
    await client.send(new TransactWriteItemsCommand({ TransactItems: items }));
  };

  const writeAtOnce = async (change: Change, rows: readonly TransactWriteItem[]): Promise<Head> => {
    const head: Head = { ...change.head, revision: (change.against?.revision ?? 0) + 1 };
    const headPut = { TableName: headTable, Item: headItem(change, head), ...unchangedSince(change.against) };
    if (rows.length === 0) await client.send(new PutItemCommand(headPut));
    else await transact([{ Put: headPut }, ...rows]);
    return head;
  };

  /** The mark first, then every chunk beside a check of the mark, the head last: whoever writes finds the mark. */
  const writeInChunks = async (change: Change, rows: readonly TransactWriteItem[]): Promise<Head> => {
    const writer = `${change.head.evaluatedAt}#${random()}`;
    const touched = [...change.puts.map(rowId), ...change.deletes];
    const marked: Head = {
      ...(change.against ?? { ...change.head, basis: {} }),
      digests: { ...change.against?.digests, ...Object.fromEntries(touched.map((id) => [id, ''])) },
      revision: (change.against?.revision ?? 0) + 1,
      rebuilding: { writer },
    };
    // Due at once: the sweep brings a mark left behind to whoever finishes it.
    const dueNow: Row = {
      ...change.headRow,
      columns: {
        ...change.headRow.columns,
        nextDueAt: change.head.evaluatedAt,
        dueShard: change.headRow.columns.dueShard ?? '00',
      },
    };
    await client.send(
      new PutItemCommand({
        TableName: headTable,
        Item: headItem({ ...change, headRow: dueNow }, marked),
        ...unchangedSince(change.against),
      }),
    );
    const check: TransactWriteItem = {
      ConditionCheck: {
        TableName: headTable,
        Key: { tenantId: { S: change.tenantId }, rowKey: { S: change.headRow.rowKey } },
        ConditionExpression: 'rebuilding.writer = :writer',
        ExpressionAttributeValues: { ':writer': { S: writer } },
      },
    };
    for (let start = 0; start < rows.length; start += transactionLimit) {
      await transact([check, ...rows.slice(start, start + transactionLimit)]);
    }
    return writeAtOnce({ ...change, against: marked }, []);
  };

  return {
    head: async (tenantId, engagementId) => {
      const answer = await client.send(
        new GetItemCommand({
          TableName: headTable,
          Key: { tenantId: { S: tenantId }, rowKey: { S: engagementId } },
          ConsistentRead: true,
        }),
      );
      return answer.Item === undefined ? undefined : StoredHead.parse(unmarshall(answer.Item));
    },

    write: async (change) => {
      const rows = [
        ...change.puts.map((row) => put(change.tenantId, row)),
        ...change.deletes.map((id) => remove(change.tenantId, id)),
      ];
      try {
        const head =
          rows.length > transactionLimit ? await writeInChunks(change, rows) : await writeAtOnce(change, rows);
        return { outcome: 'written', head };
      } catch (error) {
        if (isOvertaken(error)) return { outcome: 'behind' };
        throw error;
      }
    },

    putRow: async (tenantId, row, basis) => {
      const Key = { tenantId: { S: tenantId }, rowKey: { S: row.rowKey } };
      const TableName = tableOf(row.table);
      const { Item } = await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
      const stored = Lone.parse(Item === undefined ? {} : unmarshall(Item));
      if (isBehind(basis, stored.basis)) return 'behind';
      const digest = digestOf(row);
      if (stored.digest === digest && canonicalJson(stored.basis) === canonicalJson(basis)) return 'current';
      const revision = stored.revision + 1;
      try {
        await client.send(
          new PutItemCommand({
            TableName,
            Item: { ...rowItem(tenantId, row), ...marshall({ basis, revision, digest }) },
            ConditionExpression: 'attribute_not_exists(revision) OR revision = :read',
            ExpressionAttributeValues: { ':read': { N: String(stored.revision) } },
          }),
        );
        return 'written';
      } catch (error) {
        if (isOvertaken(error)) return 'behind';
        throw error;
      }
    },
  };
};

// Which walk through the open receipts is under way?
// The receipts tick calls it; it reads and writes an item of the table of runs for each tenant, so that only one walk of it runs at a time.
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { addMilliseconds, type Instant } from '../../events/instant.ts';

/** The stored state of a walk. A walk of only one round is not stored. */
export const ReceiptWalk = z.object({
  /** When it began; this identifies the walk. */
  startedAt: z.string(),
  /** The walks before it have offered all receipts that were due up to this instant. */
  since: z.string(),
  round: z.int().min(1),
  /** When this round began, or when the walk ended. */
  at: z.string(),
  over: z.boolean(),
});
export type ReceiptWalk = Readonly<z.infer<typeof ReceiptWalk>>;

/** The walks through the receipts of each tenant. */
export interface ReceiptWalks {
  /** The tenant's walk that was stored last. */
  last(tenantId: string): Promise<ReceiptWalk | undefined>;
  /**
   * Stores a round. Returns false where the round must not run: its walk has a later round or is over, or another walk was
   * stored that is later or still under way.
   */
  note(tenantId: string, walk: ReceiptWalk): Promise<boolean>;
}

export interface ReceiptWalksSettings {
  readonly client: DynamoDBClient;
  /** The table of runs. */
  readonly table: string;
}

const keyOf = (tenantId: string): string => `receipts#${tenantId}`;

/** A round that fails is retried after 6 minutes, so that a walk without a new round for this long will not go on. */
const silentForMs = 15 * 60_000;

/** Another walk may begin at this instant where the last round of the walk before began earlier than this. */
const deadSince = (at: Instant): Instant => addMilliseconds(at, -silentForMs);

export const isUnderWay = ({ over, at }: ReceiptWalk, now: Instant): boolean => !over && at >= deadSince(now);

export const createReceiptWalks = ({ client, table }: ReceiptWalksSettings): ReceiptWalks => ({
  last: async (tenantId) => {
    const { Item } = await client.send(
      new GetItemCommand({ TableName: table, Key: { run: { S: keyOf(tenantId) } }, ConsistentRead: true }),
    );
    return Item === undefined ? undefined : ReceiptWalk.parse(unmarshall(Item));
  },
  note: async (tenantId, walk) => {
    try {
      await client.send(
        new PutItemCommand({
          TableName: table,
          Item: marshall({ run: keyOf(tenantId), ...walk }),
          ConditionExpression:
            'attribute_not_exists(#run) OR (#startedAt = :startedAt AND #over = :no AND #round <= :round) OR ' +
            '(#startedAt < :startedAt AND (#over = :yes OR #at < :dead))',
          ExpressionAttributeNames: {
            ...{ '#run': 'run', '#startedAt': 'startedAt', '#over': 'over', '#round': 'round', '#at': 'at' },
          },
          ExpressionAttributeValues: marshall({
            ...{ ':startedAt': walk.startedAt, ':round': walk.round, ':dead': deadSince(walk.at) },
            ...{ ':no': false, ':yes': true },
          }),
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  },
});

// Which walk through the receipts that are open is under way? One at a time, noted in the table of runs, so that a long one is not overtaken by the next tick's.
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { addMilliseconds, type Instant } from '../../events/instant.ts';

/** A walk as it was last noted; one of a single round never is. */
export const ReceiptWalk = z.object({
  /** When it began, by which it is known. */
  startedAt: z.string(),
  /** Up to this instant, the walk before it had offered what was due. */
  since: z.string(),
  round: z.int().min(1),
  /** When that round began, or the walk ended. */
  at: z.string(),
  over: z.boolean(),
});
export type ReceiptWalk = Readonly<z.infer<typeof ReceiptWalk>>;

export interface ReceiptWalks {
  /** The walk that was noted last. */
  last(): Promise<ReceiptWalk | undefined>;
  /**
   * Notes a round. False where it is not to be walked: the walk has gone on from it or is over, or another one that is later
   * or still under way was noted.
   */
  note(walk: ReceiptWalk): Promise<boolean>;
}

export interface ReceiptWalksSettings {
  readonly client: DynamoDBClient;
  /** The table of runs. */
  readonly table: string;
}

const key = 'receipts';

/** A round that fails comes again after 6 minutes: a walk that was silent for so long will not go on. */
const silentForMs = 15 * 60_000;

/** Since when a walk must have been silent for another one to begin at this instant. */
const deadSince = (at: Instant): Instant => addMilliseconds(at, -silentForMs);

export const isUnderWay = ({ over, at }: ReceiptWalk, now: Instant): boolean => !over && at >= deadSince(now);

export const createReceiptWalks = ({ client, table }: ReceiptWalksSettings): ReceiptWalks => ({
  last: async () => {
    const { Item } = await client.send(
      new GetItemCommand({ TableName: table, Key: { run: { S: key } }, ConsistentRead: true }),
    );
    return Item === undefined ? undefined : ReceiptWalk.parse(unmarshall(Item));
  },
  note: async (walk) => {
    try {
      await client.send(
        new PutItemCommand({
          TableName: table,
          Item: marshall({ run: key, ...walk }),
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

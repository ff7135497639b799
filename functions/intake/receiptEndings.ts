// How does a receipt end, or wait? By one update on condition that it is still open, and says of pointers what the caller believes.
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Issue } from '../../events/catalog.ts';
import { addDays, epochOf } from '../../events/instant.ts';
import { type Receipt, type ReceiptKey, receiptOf } from './receipt.ts';

/** How a receipt has ended. */
export type Ending =
  | { readonly status: 'translated'; readonly streams: readonly string[] }
  | { readonly status: 'ignored'; readonly reason: string }
  | { readonly status: 'refused'; readonly reason: string; readonly issues: readonly Issue[] };

export interface Waits {
  readonly reason: string;
  readonly waitsUnder: readonly string[];
}

/** What others have made of a receipt meanwhile. */
export type Standing = Pick<Receipt, 'status' | 'waitsUnder'>;

export interface ReceiptEndings {
  /**
   * Ends it: it leaves the index of what is pending, and goes after 90 days. Not where it has ended, or records other
   * pointers than these: then answers what stands.
   */
  end(key: ReceiptKey, ending: Ending, recorded: readonly string[]): Promise<Standing | undefined>;
  /** Lets it wait, with the reason, under pointers that it records; under the same condition. */
  wait(key: ReceiptKey, waiting: Waits, recorded: readonly string[]): Promise<Standing | undefined>;
}

export interface ReceiptEndingsSettings {
  readonly client: DynamoDBClient;
  /** The receipts table. */
  readonly table: string;
  readonly now: () => string;
}

const daysKept = 90;
const longestReason = 1000;

interface Update {
  readonly expression: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** What an ending doesn't say is left out: every byte is written again. */
const endingUpdate = (ending: Ending, now: string): Update => {
  const { status } = ending;
  const said = {
    ...(status !== 'translated' && { reason: ending.reason.slice(0, longestReason) }),
    ...(status === 'translated' && ending.streams.length > 0 && { streams: ending.streams }),
    ...(status === 'refused' && ending.issues.length > 0 && { issues: ending.issues.slice(0, 20) }),
  };
  const sets = Object.keys(said).map((name) => `, ${name} = :${name}`);
  // What pointers it had it still says: who comes late with one more finds out that it is to go.
  const removes = ['pending', ...(status === 'translated' ? ['reason'] : [])];
  return {
    expression: `SET #status = :status, expiresAt = :expiresAt${sets.join('')} REMOVE ${removes.join(', ')}`,
    values: {
      ':status': status,
      ':expiresAt': Math.floor(epochOf(addDays(now, daysKept)) / 1000),
      ...Object.fromEntries(Object.entries(said).map(([name, value]) => [`:${name}`, value])),
    },
  };
};

const waitingUpdate = ({ reason, waitsUnder }: Waits): Update => ({
  expression: 'SET #status = :waiting, reason = :reason, waitsUnder = :waitsUnder',
  values: { ':reason': reason.slice(0, longestReason), ':waitsUnder': waitsUnder },
});

const isOpenAndRecords =
  '#status IN (:pending, :waiting) AND (attribute_not_exists(waitsUnder) OR waitsUnder = :recorded)';

export const createReceiptEndings = ({ client, table, now }: ReceiptEndingsSettings): ReceiptEndings => {
  /** One that is gone, has ended, or records other pointers is not touched; what stands there then, where it stands. */
  const updateOpen = async (
    { partition, id }: ReceiptKey,
    { expression, values }: Update,
    recorded: readonly string[],
  ): Promise<Standing | undefined> => {
    const open: Record<string, AttributeValue> = marshall({
      ...{ ':recorded': recorded, ':pending': 'pending', ':waiting': 'waiting' },
    });
    try {
      await client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: { partition: { S: partition }, id: { S: id } },
          UpdateExpression: expression,
          ConditionExpression: isOpenAndRecords,
          ExpressionAttributeNames: { '#status': 'status' },
          ExpressionAttributeValues: { ...marshall(values), ...open },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      return undefined;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return error.Item === undefined ? undefined : receiptOf(error.Item);
    }
  };

  return {
    end: (key, ending, recorded) => updateOpen(key, endingUpdate(ending, now()), recorded),
    wait: (key, waiting, recorded) => updateOpen(key, waitingUpdate(waiting), recorded),
  };
};

// How does an open receipt end, or begin to wait?
// `settleReceipt.ts` calls it; one conditional update of the receipts table fails where the receipt has changed meanwhile.
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

/** The state that another caller has given a receipt meanwhile. */
export type Standing = Pick<Receipt, 'status' | 'waitsUnder'>;

export interface ReceiptEndings {
  /**
   * Ends the receipt: it leaves the index of open receipts, and is deleted after 90 days. Where it has ended already, or stores
   * other pointers than `recorded`, it stays unchanged and its state is returned.
   */
  end(key: ReceiptKey, ending: Ending, recorded: readonly string[]): Promise<Standing | undefined>;
  /** Makes the receipt wait, with the reason and the partitions of its pointers; under the same condition. */
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

/** Attributes without a value are left out, because DynamoDB writes every byte of the receipt again. */
const endingUpdate = (ending: Ending, now: string): Update => {
  const { status } = ending;
  const said = {
    ...(status !== 'translated' && { reason: ending.reason.slice(0, longestReason) }),
    ...(status === 'translated' && ending.streams.length > 0 && { streams: ending.streams }),
    ...(status === 'refused' && ending.issues.length > 0 && { issues: ending.issues.slice(0, 20) }),
  };
  const sets = Object.keys(said).map((name) => `, ${name} = :${name}`);
  // `waitsUnder` stays, so that a caller that comes late knows which pointers to remove.
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
  /** Updates an open receipt that stores these pointers. Returns undefined then, or where it is gone; else the receipt's state. */
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

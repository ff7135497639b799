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
import { keptParts, type PartEnding } from '../intake/partEndings.ts';
import { createBodyParts, expiryOf } from './bodyParts.ts';
import { keptIssues, keptKeys, keptText } from './keptTexts.ts';
import { endedDaysKept, endedPartitionOf, hasEnded, type ReceiptKey, type Standing, standingOf } from './receipt.ts';
import { keptFacts, type ReceiptFact } from './receiptFacts.ts';

/** What became of the parts of a receipt's message. */
interface OfParts {
  readonly parts?: readonly PartEnding[];
  readonly facts?: readonly ReceiptFact[];
  /** The paths of what the message says beside the fields that we know. */
  readonly unknownKeys?: readonly string[];
  /** The paths of free texts that were left out. */
  readonly freeTexts?: readonly string[];
}

/** How a receipt has ended: as the worst of its parts. */
export type Ending = OfParts &
  (
    | { readonly status: 'translated' }
    | { readonly status: 'ignored'; readonly reason: string }
    /** It waited for this reason until it was too old. */
    | { readonly status: 'expired'; readonly reason: string }
    | { readonly status: 'refused'; readonly reason: string; readonly issues: readonly Issue[] }
  );

/** Why it waits, and what became of its other parts. */
export interface Waits extends OfParts {
  readonly reason: string;
  readonly waitsUnder: readonly string[];
}

/** The key of a receipt, and how many parts hold its body. */
export type OpenReceipt = ReceiptKey & { readonly bodyParts?: number };

export interface ReceiptEndings {
  /**
   * Ends the receipt: it leaves the index of open receipts, enters that of ended ones where no fact came of it, and is deleted
   * after 90 days. Where it has ended already, or stores other pointers than `recorded`, it stays unchanged and its state is
   * returned.
   */
  end(receipt: OpenReceipt, ending: Ending, recorded: readonly string[]): Promise<Standing | undefined>;
  /** Makes the receipt wait, with the reason and the partitions of its pointers; under the same condition. */
  wait(receipt: OpenReceipt, waiting: Waits, recorded: readonly string[]): Promise<Standing | undefined>;
}

export interface ReceiptEndingsSettings {
  readonly client: DynamoDBClient;
  /** The receipts table. */
  readonly table: string;
  readonly now: () => string;
}

const longestReason = 1000;

interface Update {
  readonly expression: string;
  readonly names?: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, unknown>>;
}

/**
 * Attributes without a value are left out, because DynamoDB writes every byte of the receipt again.
 * @param besides bytes of the item that the facts must leave free
 */
const attributesOf = ({ facts = [], parts = [], unknownKeys = [], freeTexts = [] }: OfParts, besides = 0) => ({
  ...(facts.length > 0 && keptFacts(facts, besides)),
  ...keptParts(parts),
  ...(unknownKeys.length > 0 && { unknownKeys: keptKeys(unknownKeys) }),
  ...(freeTexts.length > 0 && { freeTexts: keptKeys(freeTexts) }),
});

const endingUpdate = (key: ReceiptKey, ending: Ending, expiresAt: number): Update => {
  const { status } = ending;
  const said = {
    expiresAt,
    ...attributesOf(ending),
    ...(status !== 'translated' && { reason: keptText(ending.reason, longestReason), ended: endedPartitionOf(key) }),
    ...(status === 'refused' && ending.issues.length > 0 && { issues: keptIssues(ending.issues) }),
  };
  const sets = Object.keys(said).map((name) => `, ${name} = :${name}`);
  // `waitsUnder` stays, so that a caller that comes late knows which pointers to remove.
  const removes = ['#open', 'openId', ...(status === 'translated' ? ['reason'] : [])];
  return {
    expression: `SET #status = :status${sets.join('')} REMOVE ${removes.join(', ')}`,
    names: { '#open': 'open' },
    values: {
      ':status': status,
      ...Object.fromEntries(Object.entries(said).map(([name, value]) => [`:${name}`, value])),
    },
  };
};

const waitingUpdate = ({ reason, waitsUnder, ...became }: Waits): Update => {
  const said = {
    reason: keptText(reason, longestReason),
    waitsUnder,
    ...attributesOf(became, Buffer.byteLength(waitsUnder.join('    '))),
  };
  const sets = Object.keys(said).map((name) => `, ${name} = :${name}`);
  return {
    expression: `SET #status = :waiting${sets.join('')}`,
    values: Object.fromEntries(Object.entries(said).map(([name, value]) => [`:${name}`, value])),
  };
};

const isOpenAndRecords =
  '#status IN (:pending, :waiting) AND (attribute_not_exists(waitsUnder) OR waitsUnder = :recorded)';

export const createReceiptEndings = ({ client, table, now }: ReceiptEndingsSettings): ReceiptEndings => {
  const stored = createBodyParts({ client, table });

  /** Updates an open receipt that stores these pointers. Returns undefined then, or where it is gone; else the receipt's state. */
  const updateOpen = async (
    { partition, id }: ReceiptKey,
    { expression, names, values }: Update,
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
          ExpressionAttributeNames: { '#status': 'status', ...names },
          ExpressionAttributeValues: { ...marshall(values), ...open },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      return undefined;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return error.Item === undefined ? undefined : standingOf(error.Item);
    }
  };

  /** Has the body's parts deleted at that instant; undefined: not at all. */
  const expireParts = async ({ bodyParts: parts, ...key }: OpenReceipt, expiresAt?: number): Promise<void> => {
    if (parts !== undefined) await stored.expire(key, parts, expiresAt);
  };

  // Parts come first, so that a crash leaves none that outlives its receipt, or is deleted before it.
  return {
    end: async (receipt, ending, recorded) => {
      const expiresAt = expiryOf(now(), endedDaysKept);
      await expireParts(receipt, expiresAt);
      return await updateOpen(receipt, endingUpdate(receipt, ending, expiresAt), recorded);
    },
    wait: async (receipt, waiting, recorded) => {
      await expireParts(receipt);
      const stood = await updateOpen(receipt, waitingUpdate(waiting), recorded);
      if (stood !== undefined && hasEnded(stood)) await expireParts(receipt, expiryOf(now(), endedDaysKept));
      return stood;
    },
  };
};

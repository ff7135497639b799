// How is an ended receipt opened again, and how does it forget the facts that were taken back?
// The `read` and `retract` steps call it; it updates receipts, each on condition that it is still what was read.
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { openKeyOf, type Receipt, type ReceiptKey, receiptOf } from '../receipts/receipt.ts';
import { keptFacts, type ReceiptFact, storedFacts } from '../receipts/receiptFacts.ts';

export interface ReceiptChanges {
  /**
   * Opens an ended receipt, so that it is translated like a new one: also after a crash, because sweep offers what is open.
   * Returns it as it then stands; undefined where it was erased, or has another status meanwhile.
   */
  reopen(receipt: Receipt, run: string): Promise<Receipt | undefined>;
  /** Removes facts from the list of the receipt; throws where the list changes at the same moment. */
  forget(key: ReceiptKey, facts: readonly Pick<ReceiptFact, 'factId' | 'eventId' | 'stream'>[]): Promise<void>;
}

const textOf = ({ factId, eventId, stream }: Pick<ReceiptFact, 'factId' | 'eventId' | 'stream'>): string =>
  `${factId} ${eventId} ${stream}`;

const ending = ['reason', 'issues', 'parts', 'moreParts', 'unknownKeys', 'freeTexts', 'ended', 'expiresAt'];

export const createReceiptChanges = ({
  client,
  table,
}: {
  readonly client: DynamoDBClient;
  readonly table: string;
}): ReceiptChanges => ({
  reopen: async (receipt, run) => {
    const { open, openId } = openKeyOf(receipt);
    const names = Object.fromEntries([...ending, 'status', 'open'].map((name) => [`#${name}`, name]));
    try {
      const { Attributes } = await client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: { partition: { S: receipt.partition }, id: { S: receipt.id } },
          UpdateExpression: `SET #status = :pending, #open = :open, openId = :openId, openedBy = :run REMOVE ${ending.map((name) => `#${name}`).join(', ')}`,
          ConditionExpression: 'kind = :receipt AND #status = :was',
          ExpressionAttributeNames: names,
          ExpressionAttributeValues: marshall({
            ...{ ':pending': 'pending', ':open': open, ':openId': openId },
            ...{ ':receipt': 'receipt', ':was': receipt.status, ':run': run },
          }),
          ReturnValues: 'ALL_NEW',
        }),
      );
      return Attributes === undefined ? undefined : receiptOf(Attributes, receipt.message.body);
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return undefined;
    }
  },

  forget: async ({ partition, id }, facts) => {
    const Key = { partition: { S: partition }, id: { S: id } };
    const { Item } = await client.send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }));
    if (Item?.facts === undefined) return;
    const forgotten = new Set(facts.map(textOf));
    const before = storedFacts(Item);
    const left = before.filter((fact) => !forgotten.has(textOf(fact)));
    if (left.length === before.length) return;
    const kept = keptFacts(left);
    await client.send(
      new UpdateItemCommand({
        TableName: table,
        Key,
        UpdateExpression: left.length === 0 ? 'REMOVE facts, streams' : 'SET facts = :facts, streams = :streams',
        ConditionExpression: 'facts = :before',
        ExpressionAttributeValues: {
          ':before': Item.facts,
          ...(left.length > 0 && marshall({ ':facts': kept.facts, ':streams': kept.streams })),
        },
      }),
    );
  },
});

// Which receipts of a tenant name a person, and how is what they say erased, so that their facts and counts stay?
// `npm run erase` calls it; it reads every receipt of the tenant page by page, and updates and deletes items of the receipts table.
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { queryPages } from '../../../functions/aws/queryPages.ts';
import { createWaitingIndex } from '../../../functions/intake/waitingIndex.ts';
import { createBodyParts, expiryOf } from '../../../functions/receipts/bodyParts.ts';
import {
  bodyPartsOf,
  endedDaysKept,
  type Receipt,
  type ReceiptKey,
  receiptOf,
} from '../../../functions/receipts/receipt.ts';
import { receiptIdOf } from '../../../functions/receipts/receiptId.ts';

/** A receipt that names the person. */
export interface FoundReceipt {
  readonly receipt: string;
  readonly receivedAt: string;
  readonly source: string;
  /** Its status before. */
  readonly status: string;
  /** Under how many ids it waits, or waited. */
  readonly waitingItems: number;
}

export interface ErasedReceipts {
  /** How many receipts were read. */
  readonly read: number;
  readonly found: readonly FoundReceipt[];
  /** Receipts whose message can't be read. They were not erased. */
  readonly unreadable: readonly string[];
}

export interface EraseReceipts {
  readonly client: DynamoDBClient;
  readonly table: string;
  /** The partitions of each connection's receipts. */
  readonly partitions: readonly string[];
  readonly names: (text: string) => boolean;
  /** False: it only looks. */
  readonly apply: boolean;
  readonly now: () => string;
  readonly progress?: (read: number) => void;
}

type Item = Record<string, AttributeValue>;

/** A body has a mebibyte at the most; so many are in memory at once. */
const receiptsAtOnce = 20;

/** All that the message says, or that quotes it. */
const said = ['body', 'headersJson', 'reason', 'issues', 'parts', 'moreParts', 'unknownKeys', 'freeTexts'];
/** What places it in lists: the index of ended receipts holds its reason. */
const places = ['open', 'openId', 'ended'];

const keyIn = ({ partition, id }: ReceiptKey) => ({ partition: { S: partition }, id: { S: id } });

/** Looks through the receipts, and erases those that name the person. Done again, it finishes what a crash has left. */
export async function eraseReceipts(asked: EraseReceipts): Promise<ErasedReceipts> {
  const { client, table, names, apply, now } = asked;
  const bodyParts = createBodyParts({ client, table });
  const waiting = createWaitingIndex({ client, table });

  /** Removes what stands beside an erased receipt, and then the marks that lead there. */
  const finish = async (key: ReceiptKey, parts: number, waitsUnder: readonly string[]): Promise<void> => {
    await Promise.all([bodyParts.remove(key, parts), waiting.remove(key, waitsUnder)]);
    const UpdateExpression = 'REMOVE leftParts, waitsUnder';
    await client.send(new UpdateItemCommand({ TableName: table, Key: keyIn(key), UpdateExpression }));
  };

  /** False where the receipt has changed meanwhile: another look finds it. */
  const erase = async (receipt: Receipt): Promise<boolean> => {
    const removed = [...said, ...places, 'bodyParts'];
    const parts = receipt.bodyParts ?? 0;
    try {
      await client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: keyIn(receipt),
          UpdateExpression: `SET #status = :erased, erasedAt = :now, expiresAt = :end, leftParts = :parts REMOVE ${removed.map((name) => `#${name}`).join(', ')}`,
          ConditionExpression: '#status = :was AND attribute_exists(id)',
          ExpressionAttributeNames: Object.fromEntries([...removed, 'status'].map((name) => [`#${name}`, name])),
          ExpressionAttributeValues: {
            ...{ ':erased': { S: 'erased' }, ':was': { S: receipt.status }, ':now': { S: now() } },
            ...{ ':end': { N: String(expiryOf(now(), endedDaysKept)) }, ':parts': { N: String(parts) } },
          },
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return false;
    }
    await finish(receipt, parts, receipt.waitsUnder);
    return true;
  };

  const found: FoundReceipt[] = [];
  const unreadable: string[] = [];
  let read = 0;

  const withBody = async (item: Item, key: ReceiptKey): Promise<Receipt> => {
    const parts = bodyPartsOf(item);
    return receiptOf(item, parts === undefined ? undefined : await bodyParts.read(key, parts));
  };

  const look = async (item: Item): Promise<void> => {
    const key = { partition: item.partition?.S ?? '', id: item.id?.S ?? '' };
    read += 1;
    let receipt: Receipt;
    try {
      receipt = await withBody(item, key);
    } catch {
      unreadable.push(receiptIdOf(key));
      return;
    }
    if (receipt.status === 'erased') {
      const left = Number(item.leftParts?.N ?? -1);
      if (apply && left >= 0) await finish(key, left, receipt.waitsUnder);
      return;
    }
    const { body, headers, receivedAt } = receipt.message;
    if (![body, JSON.stringify(headers), ...receipt.waitsUnder].some(names)) return;
    const of = { receipt: receiptIdOf(key), receivedAt, source: receipt.source, status: receipt.status };
    if (!apply || (await erase(receipt))) found.push({ ...of, waitingItems: receipt.waitsUnder.length });
  };

  for (const partition of asked.partitions) {
    const query = {
      TableName: table,
      ConsistentRead: true,
      Limit: receiptsAtOnce,
      KeyConditionExpression: '#partition = :partition',
      ExpressionAttributeNames: { '#partition': 'partition' },
      ExpressionAttributeValues: { ':partition': { S: partition } },
    };
    for await (const { items } of queryPages({ client, query })) {
      await Promise.all(items.filter(({ kind }) => kind?.S === 'receipt').map(look));
      asked.progress?.(read);
    }
  }
  return { read, found: found.sort((a, b) => (a.receivedAt < b.receivedAt ? -1 : 1)), unreadable };
}

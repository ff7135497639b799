// How many receipts of each connection have ended, by status and reason?
// Translate counts what it ends, and adds it to the table of sources once for each batch and connection.
import { type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { callsAtOnce, inParallel } from '../aws/parallel.ts';
import { tenantOfKey } from './receipt.ts';
import { connectionOfKey } from './receiptId.ts';
import type { Receipts } from './receipts.ts';

export interface EndingCounts {
  readonly translated: number;
  /** By the first word of the reason. */
  readonly ignored: Readonly<Record<string, number>>;
  readonly refused: Readonly<Record<string, number>>;
  readonly expired: Readonly<Record<string, number>>;
}

export interface CountedEndings {
  /** The receipts, with what they end counted. */
  readonly receipts: Receipts;
  /** Writes what was counted since the last call. It never rejects, because the receipts have ended already. */
  readonly write: () => Promise<void>;
}

export interface CountedEndingsSettings {
  readonly client: DynamoDBClient;
  /** The table of sources. */
  readonly table: string;
  readonly report: (error: unknown) => void;
}

/** Reasons are few words of ours; a text that is no such word, and what comes after so many, are counted together. */
const isWord = /^[A-Za-z][A-Za-z0-9]{0,39}$/;
const mostReasons = 40;
const otherReasons = 'other';

const prefixes = { ignored: 'ignored:', refused: 'refused:', expired: 'expired:' } as const;

/** What the row of a connection counts. */
export const endingCountsIn = (row: Readonly<Record<string, unknown>>): EndingCounts => {
  const under = (prefix: string): Readonly<Record<string, number>> =>
    Object.fromEntries(
      Object.entries(row)
        .filter(([name]) => name.startsWith(prefix))
        .map(([name, count]): [string, number] => [name.slice(prefix.length), Number(count)])
        .sort(([, a], [, b]) => b - a),
    );
  return {
    translated: Number(row.translated ?? 0),
    ignored: under(prefixes.ignored),
    refused: under(prefixes.refused),
    expired: under(prefixes.expired),
  };
};

/** Wraps the receipts, and counts what they end. One process counts at most 40 reasons of each connection apart. */
export const countEndings = (receipts: Receipts, { client, table, report }: CountedEndingsSettings): CountedEndings => {
  const known = new Map<string, Set<string>>();
  let counted = new Map<string, Map<string, number>>();

  const wordOf = (partition: string, reason: string): string => {
    const [word = ''] = reason.split(':');
    const words = known.get(partition) ?? new Set();
    known.set(partition, words);
    if (!isWord.test(word) || (!words.has(word) && words.size >= mostReasons)) return otherReasons;
    words.add(word);
    return word;
  };

  const add = async (partition: string, counts: ReadonlyMap<string, number>): Promise<void> => {
    const entries = [...counts];
    try {
      await client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: {
            tenantId: { S: tenantOfKey({ partition }) },
            connectionId: { S: connectionOfKey({ partition }) },
          },
          UpdateExpression: `ADD ${entries.map((_, index) => `#n${index} :n${index}`).join(', ')}`,
          ExpressionAttributeNames: Object.fromEntries(entries.map(([name], index) => [`#n${index}`, name])),
          ExpressionAttributeValues: Object.fromEntries(
            entries.map(([, count], index) => [`:n${index}`, { N: String(count) }]),
          ),
        }),
      );
    } catch (error) {
      report(error);
    }
  };

  return {
    receipts: {
      ...receipts,
      end: async (receipt, ending, recorded) => {
        const stood = await receipts.end(receipt, ending, recorded);
        if (stood !== undefined) return stood;
        const { partition } = receipt;
        const name =
          ending.status === 'translated'
            ? ending.status
            : `${prefixes[ending.status]}${wordOf(partition, ending.reason)}`;
        const counts = counted.get(partition) ?? new Map<string, number>();
        counted.set(partition, counts.set(name, (counts.get(name) ?? 0) + 1));
        return stood;
      },
    },
    write: async () => {
      const all = counted;
      counted = new Map();
      await inParallel([...all], callsAtOnce, ([partition, counts]) => add(partition, counts));
    },
  };
};

// Is a stream as it was recorded, and does this code understand it? The chain, each event, and the attributes of each item.
// `npm run verify` and health call it, so that both say the same; it reads the events table.
import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { queryItems } from '../aws/queryPages.ts';
import type { Commit } from './commit.ts';
import { commitOfItem, lackedBy } from './dynamoEventStore.ts';
import { emptyTip } from './eventStore.ts';
import { type ChainedEvent, chainedEvents, endAfter, understoodEvent } from './readCommits.ts';

type Item = Record<string, AttributeValue>;

export interface CheckedStream {
  readonly commits: readonly Commit[];
  /** How many events they hold; up to the first fault of the chain. */
  readonly events: number;
  /** What is not as it was recorded: one sentence for each fault, without the stream's name. */
  readonly faults: readonly string[];
  /** The events that this code does not understand: one sentence for each. The stream is not broken by them. */
  readonly notUnderstood: readonly string[];
}

/** Compares the attributes of an item with its text, which repeats them: a change of only one of the two is found. */
const faultsOfItems = (commits: readonly Commit[], recorded: readonly ChainedEvent[]): readonly string[] => {
  const faults: string[] = [];
  let at = 0;
  let before = '';
  for (const { version, count, prevHash, hash, recordedAt } of commits) {
    const first = recorded[at];
    const item = `the item of version ${version}`;
    if (first?.version !== version) faults.push(`${item} holds events from version ${first?.version ?? 'none'} on`);
    if (first !== undefined && first.recordedAt !== recordedAt) {
      faults.push(`${item} says that it was recorded at ${recordedAt}, its events say ${first.recordedAt}`);
    }
    if (prevHash !== before) faults.push(`${item} does not hold the hash of the commit before it`);
    before = hash;
    at += count;
  }
  if (at !== recorded.length) faults.push(`its versions count ${at} events, but its items hold ${recorded.length}`);
  return faults;
};

/** Checks a stream; needs all of its items, in order. */
export const checkItems = (stream: string, items: readonly Item[]): CheckedStream => {
  const commits: Commit[] = [];
  const recorded: ChainedEvent[] = [];
  const notUnderstood: string[] = [];
  let end: Pick<Commit, 'version' | 'hash'> = emptyTip;
  const found = (...faults: readonly string[]) => ({ commits, events: recorded.length, faults, notUnderstood });
  for (const item of items) {
    const lacked = lackedBy(item);
    if (lacked !== undefined) return found(`the item of version ${item.version?.N} lacks its attribute ${lacked}`);
    const commit = commitOfItem(item);
    commits.push(commit);
    const chained = chainedEvents(stream, end, commit);
    if (typeof chained === 'string') return found(chained);
    for (const event of chained) {
      recorded.push(event);
      const understood = understoodEvent(event);
      if (typeof understood === 'string') notUnderstood.push(understood);
    }
    end = endAfter(chained, commit.hash);
  }
  return found(...faultsOfItems(commits, recorded));
};

/** Reads a stream as it is stored, consistently, and checks it. */
export const checkStored = async (
  { client, table }: { readonly client: DynamoDBClient; readonly table: string },
  stream: string,
): Promise<CheckedStream> => {
  const query = {
    TableName: table,
    ConsistentRead: true,
    KeyConditionExpression: '#stream = :stream',
    ExpressionAttributeNames: { '#stream': 'stream' },
    ExpressionAttributeValues: { ':stream': { S: stream } },
  };
  return checkItems(stream, await Array.fromAsync(queryItems({ client, query })));
};

/** Why a stream can't be read to its end, or is not as it was recorded; undefined where all is well. */
export const reasonAgainst = ({ faults, notUnderstood }: CheckedStream): string | undefined =>
  [...faults, ...notUnderstood].join('; ') || undefined;

// Which streams do the daily roots list, and are the roots unchanged? The pages of each day are read, their digests checked, and all days merged.
// verifyStore.ts calls it; it reads the roots table.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { streamKinds } from '../../../events/identifiers.ts';
import { queryItems } from '../../../functions/aws/queryPages.ts';
import { pageOfItem, rootOfItem, rootsPartition } from '../../../functions/seal/dailyRoots.ts';
import { type DayRoot, digestOf, type SealedTip, tipsOf } from '../../../functions/seal/sealedDay.ts';
import { shardOf } from '../../../functions/store/commit.ts';
import type { SealedAt } from './daysFaults.ts';

export interface RootsTable {
  readonly client: DynamoDBClient;
  readonly table: string;
}

/** A stream that roots list, with what each root says about it. */
export interface SealedStream {
  readonly stream: string;
  readonly sealed: readonly SealedAt[];
}

const itemsOf = ({ client, table }: RootsTable, part: string) =>
  queryItems({
    client,
    query: {
      TableName: table,
      ConsistentRead: true,
      KeyConditionExpression: 'part = :part',
      ExpressionAttributeValues: { ':part': { S: part } },
    },
  });

/** The sealed days, in order; calls `fault` where a day's root does not follow the root before it. */
export async function sealedDays(table: RootsTable, fault: (what: string) => void): Promise<readonly DayRoot[]> {
  const days: DayRoot[] = [];
  for await (const item of itemsOf(table, rootsPartition)) {
    const root = rootOfItem(item);
    const before = days.at(-1);
    if (root.previous !== (before?.root ?? '') || root.from !== (before?.until ?? '')) {
      fault(`the root of ${root.day} does not follow that of ${before?.day ?? 'no day before it'}`);
    }
    days.push(root);
  }
  return days;
}

/** The last version of each stream of a day, in walk order; calls `fault` where the pages differ from the root. */
async function* tipsOfDay(table: RootsTable, root: DayRoot, fault: (what: string) => void): AsyncGenerator<SealedTip> {
  let digest = root.previous;
  let pages = 0;
  for await (const item of itemsOf(table, root.day)) {
    const page = pageOfItem(item);
    pages += 1;
    digest = digestOf(digest, page.tips);
    if (page.page !== pages || page.digest !== digest) {
      fault(`page ${page.page} of the root of ${root.day} does not match its digest`);
    }
    yield* tipsOf(page.tips);
  }
  if (digest !== root.root || pages !== root.pages) fault(`the root of ${root.day} does not match its pages`);
}

/** A text that sorts in walk order: kind, shard, id. */
const placeOf = (stream: string): readonly [number, string] => {
  const shard = shardOf(stream);
  return [streamKinds.findIndex((kind) => shard.startsWith(`${kind}#`)), shard];
};

/** Compares two streams by walk order: negative where the first comes earlier, positive where later, 0 where they are the same. */
export function inWalkOrder(one: string, other: string): number {
  if (one === other) return 0;
  const [[kind, shard], [otherKind, otherShard]] = [placeOf(one), placeOf(other)];
  if (kind !== otherKind) return kind - otherKind;
  if (shard !== otherShard) return shard < otherShard ? -1 : 1;
  // DynamoDB orders text by its bytes.
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

interface Day {
  readonly day: string;
  readonly tips: AsyncGenerator<SealedTip>;
  next: SealedTip | undefined;
}

/** Every stream that a root lists, in walk order. Memory holds one entry of each day at a time. */
export async function* sealedStreams(
  table: RootsTable,
  roots: readonly DayRoot[],
  fault: (what: string) => void,
): AsyncGenerator<SealedStream> {
  const take = async (tips: AsyncGenerator<SealedTip>): Promise<SealedTip | undefined> => {
    const { done, value } = await tips.next();
    return done === true ? undefined : value;
  };
  const days: Day[] = [];
  for (const root of roots) {
    const tips = tipsOfDay(table, root, fault);
    days.push({ day: root.day, tips, next: await take(tips) });
  }
  for (;;) {
    const first = days
      .flatMap(({ next }) => next?.stream ?? [])
      .reduce<string | undefined>(
        (least, stream) => (least === undefined || inWalkOrder(stream, least) < 0 ? stream : least),
        undefined,
      );
    if (first === undefined) return;
    const sealed: SealedAt[] = [];
    for (const day of days) {
      if (day.next?.stream !== first) continue;
      sealed.push({ day: day.day, version: day.next.version, hash: day.next.hash });
      day.next = await take(day.tips);
    }
    yield { stream: first, sealed };
  }
}

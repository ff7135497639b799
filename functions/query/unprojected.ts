// Which streams of a tenant have no head, and which can't be read?
// Health calls it; it lists streams by the shard index, reads heads, and reads the streams that it tries.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { batchGet, batchKeys } from '../aws/batchGet.ts';
import { reasonOf } from '../aws/failureLog.ts';
import { inParallel } from '../aws/parallel.ts';
import { headOfStream } from '../project/headPlace.ts';
import type { EventStore } from '../store/eventStore.ts';
import { WalkPlace, walkPage } from '../store/streamPages.ts';

export interface UnreadableStream {
  readonly stream: string;
  readonly reason: string;
}

export interface StreamsChecked {
  /** Streams without a head. */
  readonly absent: readonly string[];
  /** Where the next page begins; undefined on the last page. */
  readonly end: string | undefined;
}

export interface Unprojected {
  /** The streams of a page, after a place. */
  absent(tenantId: string, after: string | undefined): Promise<StreamsChecked>;
  /** Those of these streams that can't be read. A stream that can't be read never gets its head up to date. */
  unreadable(streams: readonly string[]): Promise<readonly UnreadableStream[]>;
}

export interface UnprojectedSettings {
  readonly client: DynamoDBClient;
  readonly store: Pick<EventStore, 'streams' | 'load'>;
  readonly tableOf: (table: string) => string;
  readonly random: () => number;
}

const kinds = ['engagement', 'party', 'offer', 'campaign'] as const;
const pageSize = 1_000;
const atOnce = 8;
/** The most streams that one request tries to read. */
const mostTried = 50;

const placeIn = (after: string | undefined): WalkPlace =>
  after === undefined ? { kind: 'engagement', shard: 0 } : WalkPlace.parse(JSON.parse(after));

const Key = z.object({ rowKey: z.object({ S: z.string() }) });

export const createUnprojected = ({ client, store, tableOf, random }: UnprojectedSettings): Unprojected => {
  /** Which of a table's heads there are, by their keys. */
  const existing = async (
    table: string,
    tenantId: string,
    rowKeys: readonly string[],
  ): Promise<ReadonlySet<string>> => {
    const calls: (readonly string[])[] = [];
    for (let start = 0; start < rowKeys.length; start += batchKeys) calls.push(rowKeys.slice(start, start + batchKeys));
    const found = await inParallel(calls, atOnce, (call) =>
      batchGet({
        ...{ client, table: tableOf(table), random, only: { ProjectionExpression: 'rowKey' } },
        keys: call.map((rowKey) => ({ tenantId: { S: tenantId }, rowKey: { S: rowKey } })),
      }),
    );
    return new Set(found.flat().map((item) => Key.parse(item).rowKey.S));
  };

  return {
    absent: async (tenantId, after) => {
      const walked = await walkPage({ store, kinds, pageSize, prefix: `${tenantId}/` }, placeIn(after));
      const placed = walked.streams.flatMap((stream) => {
        const place = headOfStream(stream);
        return place === undefined ? [] : [{ stream, place }];
      });
      const absent: string[] = [];
      for (const [table, of] of Map.groupBy(placed, ({ place }) => place.table)) {
        const there = await existing(
          table,
          tenantId,
          of.map(({ place }) => place.rowKey),
        );
        absent.push(...of.filter(({ place }) => !there.has(place.rowKey)).map(({ stream }) => stream));
      }
      return { absent, end: walked.next === undefined ? undefined : JSON.stringify(walked.next) };
    },

    unreadable: async (streams) => {
      const tried = await inParallel(streams.slice(0, mostTried), atOnce, async (stream) => {
        try {
          await store.load(stream);
          return [];
        } catch (error) {
          return [{ stream, reason: reasonOf(error) }];
        }
      });
      return tried.flat();
    },
  };
};

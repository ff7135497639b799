// Which streams of a tenant have no head, and which can't be read or were changed?
// Health calls it; it lists streams by the shard index, reads heads, and reads the streams that it tries.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { batchGet, batchKeys } from '../../aws/batchGet.ts';
import { inParallel } from '../../aws/parallel.ts';
import { type HeadPlace, headOfStream } from '../../project/headPlace.ts';
import { checkStored, reasonAgainst } from '../../store/checkedStream.ts';
import type { EventStore } from '../../store/eventStore.ts';
import { WalkPlace, walkPage } from '../../store/streamPages.ts';

export interface UnreadableStream {
  readonly stream: string;
  readonly reason: string;
}

export interface StreamsTried {
  readonly tried: number;
  readonly unreadable: readonly UnreadableStream[];
}

export interface StreamsChecked {
  /** Streams without a head. */
  readonly absent: readonly string[];
  /** Streams of kinds that have no heads: the policy, and those of the sources. */
  readonly headless: readonly string[];
  /** Where the next page begins; undefined on the last page. */
  readonly end: string | undefined;
}

export interface Unprojected {
  /** The streams of a page of so many, after a place. */
  absent(tenantId: string, after: string | undefined, pageSize: number): Promise<StreamsChecked>;
  /** Reads the first of these streams, at most so many; names those that can't be read to their end, or are not as they were recorded. */
  tried(streams: Iterable<string>, most: number): Promise<StreamsTried>;
}

export interface UnprojectedSettings {
  readonly client: DynamoDBClient;
  readonly store: Pick<EventStore, 'streams'>;
  readonly eventsTable: string;
  readonly tableOf: (table: string) => string;
  readonly random: () => number;
}

/** Identities are left out: there is one for each external id, and heads name those that they rest on. */
const kinds = ['engagement', 'party', 'offer', 'campaign', 'policy', 'source'] as const;
const atOnce = 8;

const placeIn = (after: string | undefined): WalkPlace =>
  after === undefined ? { kind: 'engagement', shard: 0 } : WalkPlace.parse(JSON.parse(after));

const Key = z.object({ rowKey: z.object({ S: z.string() }) });

export const createUnprojected = (settings: UnprojectedSettings): Unprojected => {
  const { client, store, eventsTable, tableOf, random } = settings;
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
    absent: async (tenantId, after, pageSize) => {
      const walked = await walkPage({ store, kinds, pageSize, prefix: `${tenantId}/` }, placeIn(after));
      const placed: { readonly stream: string; readonly place: HeadPlace }[] = [];
      const headless: string[] = [];
      for (const stream of walked.streams) {
        const place = headOfStream(stream);
        if (place === undefined) headless.push(stream);
        else placed.push({ stream, place });
      }
      const absent: string[] = [];
      for (const [table, of] of Map.groupBy(placed, ({ place }) => place.table)) {
        const there = await existing(
          table,
          tenantId,
          of.map(({ place }) => place.rowKey),
        );
        absent.push(...of.filter(({ place }) => !there.has(place.rowKey)).map(({ stream }) => stream));
      }
      return { absent, headless, end: walked.next === undefined ? undefined : JSON.stringify(walked.next) };
    },

    tried: async (streams, most) => {
      const trying = [...new Set(streams)].slice(0, most);
      const found = await inParallel(trying, atOnce, async (stream): Promise<readonly UnreadableStream[]> => {
        const reason = reasonAgainst(await checkStored({ client, table: eventsTable }, stream));
        return reason === undefined ? [] : [{ stream, reason }];
      });
      return { tried: trying.length, unreadable: found.flat() };
    },
  };
};

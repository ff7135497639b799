// How many heads of a tenant are behind their streams or absent, and what waits?
// The routes call it; it reads the tables that hold heads, the tables of events and receipts, and the depths of queues.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { streamIdOf } from '../../events/identifiers.ts';
import type { Instant } from '../../events/instant.ts';
import { streamOfHead } from '../project/headPlace.ts';
import type { CountOpen } from '../receipts/openCounts.ts';
import { endsSoonBefore } from '../receipts/waitingAge.ts';
import type { Grown } from '../store/cachedStreams.ts';
import { emptyTip } from '../store/eventStore.ts';
import { openCursor, sealCursor } from './cursor.ts';
import { createHeadPages, type HeadTable, headTables, type ListedHead } from './headPages.ts';
import type { QueueDepth, QueueDepths } from './queueDepths.ts';
import type { Unprojected, UnreadableStream } from './unprojected.ts';

export interface PipelineHealth {
  /** How many heads of engagements were checked. */
  readonly engagements: number;
  /** How many heads of parties, offers and campaigns were checked. */
  readonly references: number;
  /** How many heads of groups were checked. */
  readonly groups: number;
  /** Heads that lack the newest event of a stream, are overdue, are half written, or were computed by other code. */
  readonly behind: number;
  /** Of these: heads whose due instant has passed. */
  readonly overdue: number;
  /** The instant of the oldest evaluation; null without heads. */
  readonly oldestEvaluation: string | null;
  /** Streams that have no head; counted on the pages after the heads. */
  readonly absent: number;
  /** How many streams of the page were read for `unreadable`: at most 50, those without a head and those behind first. */
  readonly tried: number;
  /** Those that can't be read to their end, or are not as they were recorded. */
  readonly unreadable: readonly UnreadableStream[];
  /** What waits now; only on the first page. */
  readonly waits?: {
    /** This tenant's receipts that are not translated, and those that wait; at most 10,000 of a shard are counted. */
    readonly receipts: {
      readonly pending: number;
      readonly waiting: number;
      /** Of the waiting ones, those that end as expired within 30 days. */
      readonly endingSoon: number;
      readonly complete: boolean;
    };
    /** Messages of all tenants, by function. */
    readonly queues: readonly QueueDepth[];
  };
  /** For the next heads; absent where these were the last. */
  readonly cursor?: string;
}

export interface HealthSettings {
  readonly client: DynamoDBClient;
  /** The DynamoDB table of each table that holds heads. */
  readonly tableOf: (table: string) => string;
  readonly grown: Grown;
  readonly computedBy: string;
  readonly unprojected: Unprojected;
  readonly countOpen: CountOpen;
  readonly queueDepths: QueueDepths;
  /** The days that a receipt may wait. */
  readonly waitingDays: number;
  /** How many heads one request checks. */
  readonly headsAtOnce?: number;
}

/** The health of a tenant's heads after a cursor; undefined where the cursor belongs to another query. */
export type Health = (tenantId: string, now: Instant, cursor?: string) => Promise<PipelineHealth | undefined>;

/** Every stream that the heads rest on, with the newest version that any of them has. */
const newestOf = (heads: readonly ListedHead[]): ReadonlyMap<string, number> => {
  const newest = new Map<string, number>();
  for (const { basis } of heads) {
    for (const [stream, version] of Object.entries(basis)) {
      newest.set(stream, Math.max(version, newest.get(stream) ?? 0));
    }
  }
  return newest;
};

const streamOf = (tenantId: string, { table, rowKey }: ListedHead): readonly string[] => {
  const stream = streamOfHead({ table, tenantId, rowKey });
  return stream === undefined ? [] : [stream];
};

const policyOf = (tenantId: string): string => streamIdOf(tenantId, 'policy', 'policy');

/** The pages after those of the heads check that no head is absent. */
const streamsPlace = 'streams|';
const mostCounted = 10_000;

/** Checks the heads of a tenant: reads them from their tables, and finds by one consistent batch read which streams have grown. */
export const createHealth = (settings: HealthSettings): Health => {
  const {
    client,
    tableOf,
    grown,
    computedBy,
    unprojected,
    countOpen,
    queueDepths,
    waitingDays,
    headsAtOnce = 1000,
  } = settings;
  const headsAfter = createHeadPages({ client, tableOf });

  const waitsOf = async (tenantId: string, now: Instant) => {
    const [open, queues] = await Promise.all([
      countOpen(tenantId, mostCounted, endsSoonBefore(now, waitingDays)),
      queueDepths(now),
    ]);
    const { pending, waiting, endingSoon, complete } = open;
    return { receipts: { pending, waiting, endingSoon, complete }, queues };
  };

  /** The heads after a place, and after the last of them the streams that have none. */
  const pageAfter = async (tenantId: string, after: string | undefined) => {
    const isOfStreams = after?.startsWith(streamsPlace) === true;
    const { heads, end } = isOfStreams ? { heads: [], end: undefined } : await headsAfter(tenantId, after, headsAtOnce);
    if (end !== undefined) return { heads, absent: [], headless: [], end };
    const checked = await unprojected.absent(tenantId, isOfStreams ? after.slice(streamsPlace.length) : undefined);
    const { absent, headless } = checked;
    return { heads, absent, headless, end: checked.end === undefined ? undefined : streamsPlace + checked.end };
  };

  return async (tenantId, now, cursor) => {
    const bound = ['health', tenantId];
    const after = cursor === undefined ? undefined : openCursor(cursor, bound);
    if (cursor !== undefined && after === undefined) return undefined;
    const [{ heads, absent, headless, end }, waits] = await Promise.all([
      pageAfter(tenantId, after),
      after === undefined ? waitsOf(tenantId, now) : undefined,
    ]);
    const newest = newestOf(heads);
    const grew = await grown(new Map([...newest].map(([stream, version]) => [stream, { ...emptyTip, version }])));
    const isOverdue = ({ nextDueAt }: ListedHead): boolean => nextDueAt !== undefined && nextDueAt <= now;
    const restsOnOld = ({ basis }: ListedHead): boolean =>
      Object.entries(basis).some(([stream, version]) => grew.has(stream) || version < (newest.get(stream) ?? 0));
    const behind = heads.filter(
      (head) => head.rebuilding !== undefined || head.computedBy !== computedBy || isOverdue(head) || restsOnOld(head),
    );
    const ownOf = (of: readonly ListedHead[]) => of.flatMap((head) => streamOf(tenantId, head));
    // What can't be read keeps a head behind, as its own stream or as one of its context. So those come first.
    const suspects = [
      ...absent,
      ...ownOf(behind),
      ...grew,
      policyOf(tenantId),
      ...headless,
      ...ownOf(heads),
      ...newest.keys(),
    ];
    const countOf = (table: HeadTable): number => heads.filter((head) => head.table === table).length;
    const [engagements, references, groups] = headTables;
    return {
      engagements: countOf(engagements),
      references: countOf(references),
      groups: countOf(groups),
      behind: behind.length,
      overdue: heads.filter(isOverdue).length,
      oldestEvaluation: heads.map(({ evaluatedAt }) => evaluatedAt).sort()[0] ?? null,
      absent: absent.length,
      ...(await unprojected.tried(suspects.filter((stream) => newest.get(stream) !== 0 || grew.has(stream)))),
      ...(waits !== undefined && { waits }),
      ...(end !== undefined && { cursor: sealCursor(end, bound) }),
    };
  };
};

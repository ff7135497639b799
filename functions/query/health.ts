// How many heads of a tenant are behind their streams?
// The routes call it; it reads the tables that hold heads, and the events table.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Instant } from '../../events/instant.ts';
import type { Grown } from '../store/cachedStreams.ts';
import { emptyTip } from '../store/eventStore.ts';
import { openCursor, sealCursor } from './cursor.ts';
import { createHeadPages, type HeadTable, headTables, type ListedHead } from './headPages.ts';

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
  /** For the next heads; absent where these were the last. */
  readonly cursor?: string;
}

export interface HealthSettings {
  readonly client: DynamoDBClient;
  /** The DynamoDB table of each table that holds heads. */
  readonly tableOf: (table: string) => string;
  readonly grown: Grown;
  readonly computedBy: string;
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

/** Checks the heads of a tenant: reads them from their tables, and finds by one consistent batch read which streams have grown. */
export const createHealth = ({ client, tableOf, grown, computedBy, headsAtOnce = 1000 }: HealthSettings): Health => {
  const headsAfter = createHeadPages({ client, tableOf });

  return async (tenantId, now, cursor) => {
    const bound = ['health', tenantId];
    const after = cursor === undefined ? undefined : openCursor(cursor, bound);
    if (cursor !== undefined && after === undefined) return undefined;
    const { heads, end } = await headsAfter(tenantId, after, headsAtOnce);
    const newest = newestOf(heads);
    const grew = await grown(new Map([...newest].map(([stream, version]) => [stream, { ...emptyTip, version }])));
    const isOverdue = ({ nextDueAt }: ListedHead): boolean => nextDueAt !== undefined && nextDueAt <= now;
    const restsOnOld = ({ basis }: ListedHead): boolean =>
      Object.entries(basis).some(([stream, version]) => grew.has(stream) || version < (newest.get(stream) ?? 0));
    const behind = heads.filter(
      (head) => head.rebuilding !== undefined || head.computedBy !== computedBy || isOverdue(head) || restsOnOld(head),
    );
    const countOf = (table: HeadTable): number => heads.filter((head) => head.table === table).length;
    const [engagements, references, groups] = headTables;
    return {
      engagements: countOf(engagements),
      references: countOf(references),
      groups: countOf(groups),
      behind: behind.length,
      overdue: heads.filter(isOverdue).length,
      oldestEvaluation: heads.map(({ evaluatedAt }) => evaluatedAt).sort()[0] ?? null,
      ...(end !== undefined && { cursor: sealCursor(end, bound) }),
    };
  };
};

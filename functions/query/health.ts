// Do the rows keep up with the streams? The heads that are behind what they rest on, counted a bounded part at a time.
import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import type { Instant } from '../../events/instant.ts';
import { headAttributes, StoredHead } from '../project/headState.ts';
import type { Grown } from '../store/cachedStreams.ts';
import { emptyTip } from '../store/eventStore.ts';
import { openCursor, sealCursor } from './cursor.ts';

const Listed = z.intersection(z.object({ rowKey: z.string(), nextDueAt: z.string().optional() }), StoredHead);
type Listed = Readonly<z.infer<typeof Listed>>;

export interface PipelineHealth {
  /** How many heads were looked at. */
  readonly engagements: number;
  /** Heads that don't rest on the newest of every stream, are overdue, half written, or computed by other code. */
  readonly behind: number;
  /** Of these: heads whose due instant has passed. */
  readonly overdue: number;
  /** The instant of the oldest evaluation; null without engagements. */
  readonly oldestEvaluation: string | null;
  /** For the next heads; absent where these were the last. */
  readonly cursor?: string;
}

export interface HealthSettings {
  readonly client: DynamoDBClient;
  /** The engagements' table. */
  readonly table: string;
  readonly grown: Grown;
  readonly computedBy: string;
  /** How many heads one answer looks at. */
  readonly headsAtOnce?: number;
}

/** The health of a tenant's heads after a cursor; undefined where the cursor is none of this query's. */
export type Health = (tenantId: string, now: Instant, cursor?: string) => Promise<PipelineHealth | undefined>;

/** The streams in which something came after what the newest head of them rests on, and that version. */
const newestOf = (heads: readonly Listed[]): ReadonlyMap<string, number> => {
  const newest = new Map<string, number>();
  for (const { basis } of heads) {
    for (const [stream, version] of Object.entries(basis)) {
      newest.set(stream, Math.max(version, newest.get(stream) ?? 0));
    }
  }
  return newest;
};

/** Looks at the heads of a tenant: their own table says how many, one batched and consistent read which streams have grown. */
export const createHealth = ({ client, table, grown, computedBy, headsAtOnce = 1000 }: HealthSettings): Health => {
  const headsAfter = async (tenantId: string, after: string | undefined) => {
    const heads: Listed[] = [];
    let at = after;
    do {
      const answer = await client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'tenantId = :tenant',
          ExpressionAttributeValues: { ':tenant': { S: tenantId } },
          ProjectionExpression: ['rowKey', 'nextDueAt', ...headAttributes].map((name) => `#${name}`).join(', '),
          ExpressionAttributeNames: Object.fromEntries(
            ['rowKey', 'nextDueAt', ...headAttributes].map((name) => [`#${name}`, name]),
          ),
          Limit: headsAtOnce - heads.length,
          ...(at !== undefined && { ExclusiveStartKey: { tenantId: { S: tenantId }, rowKey: { S: at } } }),
        }),
      );
      heads.push(...(answer.Items ?? []).map((item) => Listed.parse(unmarshall(item))));
      at = answer.LastEvaluatedKey?.rowKey?.S;
    } while (at !== undefined && heads.length < headsAtOnce);
    return { heads, end: at };
  };

  return async (tenantId, now, cursor) => {
    const bound = ['health', tenantId];
    const after = cursor === undefined ? undefined : openCursor(cursor, bound);
    if (cursor !== undefined && after === undefined) return undefined;
    const { heads, end } = await headsAfter(tenantId, after);
    const newest = newestOf(heads);
    const grew = await grown(new Map([...newest].map(([stream, version]) => [stream, { ...emptyTip, version }])));
    const isOverdue = ({ nextDueAt }: Listed): boolean => nextDueAt !== undefined && nextDueAt <= now;
    const restsOnOld = ({ basis }: Listed): boolean =>
      Object.entries(basis).some(([stream, version]) => grew.has(stream) || version < (newest.get(stream) ?? 0));
    const behind = heads.filter(
      (head) => head.rebuilding !== undefined || head.computedBy !== computedBy || isOverdue(head) || restsOnOld(head),
    );
    return {
      engagements: heads.length,
      behind: behind.length,
      overdue: heads.filter(isOverdue).length,
      oldestEvaluation: heads.map(({ evaluatedAt }) => evaluatedAt).sort()[0] ?? null,
      ...(end !== undefined && { cursor: sealCursor(end, bound) }),
    };
  };
};

// Do the rows keep up with the streams? The heads that are behind what they rest on, and why.
import { type AttributeValue, type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { emptyTip } from './eventStore.ts';
import type { Grown } from './streamCache.ts';

const Head = z.object({
  rowKey: z.string(),
  basis: z.record(z.string(), z.number()),
  release: z.number(),
  computedBy: z.string(),
  evaluatedAt: z.string(),
  nextDueAt: z.string().optional(),
  rebuilding: z.unknown().optional(),
});

export interface PipelineHealth {
  readonly engagements: number;
  /** Heads that don't rest on the newest version of every stream, or were computed by other code, or are half written. */
  readonly behind: number;
  /** Of these: heads whose due instant has passed. */
  readonly overdue: number;
  /** The instant of the oldest evaluation; null without engagements. */
  readonly oldestEvaluation: string | null;
}

export interface HealthSettings {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly grown: Grown;
  readonly computedBy: string;
  readonly now: () => string;
}

/** Looks at every head of a tenant. */
export const createHealth =
  ({ client, table, grown, computedBy, now }: HealthSettings) =>
  async (tenantId: string): Promise<PipelineHealth> => {
    const heads: z.infer<typeof Head>[] = [];
    let next: Record<string, AttributeValue> | undefined;
    do {
      const answer = await client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'tenantId = :tenant',
          ExpressionAttributeValues: { ':tenant': { S: tenantId } },
          ProjectionExpression: 'rowKey, basis, #release, computedBy, evaluatedAt, nextDueAt, rebuilding',
          ExpressionAttributeNames: { '#release': 'release' },
          ExclusiveStartKey: next,
        }),
      );
      for (const item of answer.Items ?? []) heads.push(Head.parse(unmarshall(item)));
      next = answer.LastEvaluatedKey;
    } while (next !== undefined);
    const lowest = new Map<string, number>();
    for (const [stream, version] of heads.flatMap((head) => Object.entries(head.basis))) {
      lowest.set(stream, Math.min(version, lowest.get(stream) ?? version));
    }
    const grew = await grown(new Map([...lowest].map(([stream, version]) => [stream, { ...emptyTip, version }])));
    const newest = new Map<string, number>();
    for (const [stream, version] of heads.flatMap((head) => Object.entries(head.basis))) {
      newest.set(stream, Math.max(version, newest.get(stream) ?? version));
    }
    const overdue = heads.filter((head) => head.nextDueAt !== undefined && head.nextDueAt <= now());
    const behind = heads.filter(
      (head) =>
        head.rebuilding !== undefined ||
        head.computedBy !== computedBy ||
        overdue.includes(head) ||
        Object.entries(head.basis).some(
          ([stream, version]) =>
            version < (newest.get(stream) ?? 0) || (grew.has(stream) && version === lowest.get(stream)),
        ),
    );
    return {
      engagements: heads.length,
      behind: behind.length,
      overdue: overdue.length,
      oldestEvaluation: heads.map((head) => head.evaluatedAt).sort()[0] ?? null,
    };
  };

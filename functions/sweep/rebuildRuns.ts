// How far has each rebuild come, and for which deployment did the last one start?
// The ticks of sweep and the command `rebuild` call it; it reads and writes the table of runs.
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { epochOf, type Instant } from '../../events/instant.ts';

/** Why a run began. */
export const runReasons = ['deployment', 'clock', 'person'] as const;

export const RebuildRun = z.object({
  run: z.string(),
  why: z.enum(runReasons),
  startedAt: z.string(),
  /** When its last page was done. */
  at: z.string(),
  /** How many streams it has read, and how many of them it has sent to project. */
  seen: z.number(),
  sent: z.number(),
  /** The part of all shards that is done, from 0 to 1. */
  share: z.number(),
  over: z.boolean(),
});
export type RebuildRun = Readonly<z.infer<typeof RebuildRun>>;

/** The deployment for which a run was last started. */
export const DeploymentMark = z.object({ release: z.number(), computedBy: z.string() });
export type DeploymentMark = Readonly<z.infer<typeof DeploymentMark>>;

export interface RebuildRuns {
  put(run: RebuildRun): Promise<void>;
  get(run: string): Promise<RebuildRun | undefined>;
  mark(): Promise<DeploymentMark | undefined>;
  /** Sets the mark, unless a later release has set it meanwhile. */
  setMark(mark: DeploymentMark): Promise<void>;
}

export interface RebuildRunsSettings {
  readonly client: DynamoDBClient;
  readonly table: string;
}

const keptSeconds = 90 * 24 * 3600;
const markKey = 'deployment';

export const createRebuildRuns = ({ client, table }: RebuildRunsSettings): RebuildRuns => {
  const item = async (run: string) => {
    const Key = { run: { S: run } };
    const { Item } = await client.send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }));
    return Item === undefined ? undefined : unmarshall(Item);
  };
  return {
    put: async (run) => {
      const expiresAt = Math.floor(epochOf(run.at) / 1000) + keptSeconds;
      await client.send(new PutItemCommand({ TableName: table, Item: marshall({ ...run, expiresAt }) }));
    },
    get: async (run) => {
      const found = await item(run);
      return found === undefined ? undefined : RebuildRun.parse(found);
    },
    mark: async () => {
      const found = await item(markKey);
      return found === undefined ? undefined : DeploymentMark.parse(found);
    },
    setMark: async (mark) => {
      try {
        await client.send(
          new PutItemCommand({
            TableName: table,
            Item: marshall({ run: markKey, ...mark }),
            ConditionExpression: 'attribute_not_exists(#run) OR #release <= :release',
            ExpressionAttributeNames: { '#run': 'run', '#release': 'release' },
            ExpressionAttributeValues: { ':release': { N: String(mark.release) } },
          }),
        );
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },
  };
};

/**
 * What a deployment needs, by the stored mark: a run where other code has computed the rows, else at most a new mark. It needs
 * nothing where a later release has set the mark.
 */
export const asksFor = (own: DeploymentMark, mark: DeploymentMark | undefined): 'run' | 'mark' | 'nothing' => {
  if (mark === undefined) return 'run';
  if (mark.release > own.release) return 'nothing';
  if (mark.computedBy !== own.computedBy) return 'run';
  return mark.release === own.release ? 'nothing' : 'mark';
};

/** A run's first record. */
export const begunRun = (run: string, why: RebuildRun['why'], at: Instant): RebuildRun => ({
  ...{ run, why, startedAt: at, at },
  ...{ seen: 0, sent: 0, share: 0, over: false },
});

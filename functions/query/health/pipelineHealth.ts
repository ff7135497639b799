// What does health tell about a tenant, and what does it need for that?
import type { CountOpen } from '../../receipts/openCounts.ts';
import type { Grown } from '../../store/cachedStreams.ts';
import type { QueueDepth, QueueDepths } from '../queueDepths.ts';
import type { createHeadPages, createHeadsOf } from './headPages.ts';
import type { createLikelyBehind } from './likelyBehind.ts';
import type { Unprojected, UnreadableStream } from './unprojected.ts';

export interface PipelineHealth {
  /** Whether every head and every stream of the tenant was looked at. */
  readonly complete: boolean;
  /** How many heads of engagements were looked at. */
  readonly engagements: number;
  /** How many heads of parties, offers and campaigns were looked at. */
  readonly references: number;
  /** How many heads of groups were looked at. */
  readonly groups: number;
  /** Heads that lack the newest event of a stream, are overdue, are half written, or were computed by other code. */
  readonly behind: number;
  /** Of these: heads whose due instant has passed. */
  readonly overdue: number;
  /** The instant of the oldest evaluation; null without heads. */
  readonly oldestEvaluation: string | null;
  /** Streams that have no head; in a walk, counted on the pages after the heads. */
  readonly absent: number;
  /** How many streams were read for `unreadable`: at most 20, or 50 in a walk; those without a head and those behind first. */
  readonly tried: number;
  /** Those that can't be read to their end, or are not as they were recorded. */
  readonly unreadable: readonly UnreadableStream[];
  /** What waits now; not on the later pages of a walk. */
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
  /** For the next page of a walk; absent where this was the last. */
  readonly cursor?: string;
}

export interface HealthSettings {
  readonly headsAfter: ReturnType<typeof createHeadPages>;
  readonly headsOf: ReturnType<typeof createHeadsOf>;
  readonly likelyBehind: ReturnType<typeof createLikelyBehind>;
  readonly grown: Grown;
  readonly computedBy: string;
  readonly unprojected: Unprojected;
  readonly countOpen: CountOpen;
  readonly queueDepths: QueueDepths;
  /** The days that a receipt may wait. */
  readonly waitingDays: number;
  /** How many heads a page of a walk checks. */
  readonly headsAtOnce?: number;
  /** Of a tenant with so many heads or fewer, every one is looked at. */
  readonly wholeUpTo?: number;
}

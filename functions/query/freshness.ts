// When did the last message of each connection behind an answer come, and does work of it still wait?
// The routes call it for every request; it reads the table of sources, and every five seconds the work that waits.
import { epochOf, type Instant } from '../../events/instant.ts';
import type { Caller } from '../http/caller.ts';
import type { CountOpen } from '../receipts/openCounts.ts';
import type { SourceRows } from '../receipts/sourceRows.ts';
import type { QueueDepths } from './queueDepths.ts';

export interface SourceFreshness {
  /** The connection's id; null for partners, because not every connection is theirs. */
  readonly connection: string | null;
  readonly source: string | null;
  /** When the last message came; null, with the reason, where none has come yet. */
  readonly lastHeardAt: string | null;
  readonly reason?: 'neverHeard';
  /** Since when it has been silent for longer than its rhythm: rules that need it are suspended. Absent while it is heard. */
  readonly quietSince?: string;
  /**
   * Why the answer may lack what this source has said: its receipts are not translated yet, or messages wait in queues. Absent
   * where nothing waits; up to five seconds old.
   */
  readonly waits?: 'receipts' | 'queues';
}

/** The sources of a caller's tenant, at this instant. */
export type Freshness = (caller: Caller, now: Instant) => Promise<readonly SourceFreshness[]>;

export interface FreshnessSettings {
  readonly sources: SourceRows;
  readonly countOpen: CountOpen;
  readonly queueDepths: QueueDepths;
  readonly report: (error: unknown) => void;
}

/** These functions write nothing that an answer shows. */
const besideAnswers = ['relay', 'seal', 'sweep'];
/** So many receipts of a shard show whether an import waits. */
const lookedAt = 100;
const keptMs = 5_000;

interface Waits {
  readonly queued: boolean;
  readonly pendingOf: ReadonlySet<string>;
}
const nothingWaits: Waits = { queued: false, pendingOf: new Set() };

/** What waits for a tenant, asked at most every five seconds. An answer is given also where that can't be told. */
const createWaits = ({ countOpen, queueDepths, report }: FreshnessSettings) => {
  const known = new Map<string, { readonly until: number; readonly waits: Promise<Waits> }>();
  const ask = async (tenantId: string, now: Instant): Promise<Waits> => {
    try {
      const [{ pendingOf }, depths] = await Promise.all([countOpen(tenantId, lookedAt), queueDepths(now)]);
      const before = depths.filter(({ queue }) => !besideAnswers.includes(queue));
      return { pendingOf, queued: before.some(({ waiting, inFlight }) => waiting + inFlight > 0) };
    } catch (error) {
      report(new Error('what waits could not be asked', { cause: error }));
      return nothingWaits;
    }
  };
  return (tenantId: string, now: Instant): Promise<Waits> => {
    const at = epochOf(now);
    const cached = known.get(tenantId);
    if (cached !== undefined && at < cached.until) return cached.waits;
    for (const [tenant, { until }] of known) if (until <= at) known.delete(tenant);
    const waits = ask(tenantId, now);
    known.set(tenantId, { until: at + keptMs, waits });
    return waits;
  };
};

/** The tenant's connections, when the last message of each came, and whether work of it waits. */
export const createFreshness = (settings: FreshnessSettings): Freshness => {
  const waitsOf = createWaits(settings);
  return async ({ tenantId, role }, now) => {
    const [rows, { pendingOf, queued }] = await Promise.all([settings.sources(tenantId), waitsOf(tenantId, now)]);
    return rows.map(({ connectionId, source, lastHeardAt, quietSince }) => {
      const waits = pendingOf.has(connectionId) ? 'receipts' : queued ? 'queues' : undefined;
      return {
        connection: role === 'vendor' ? connectionId : null,
        source: source ?? null,
        lastHeardAt: lastHeardAt ?? null,
        ...(lastHeardAt === undefined && { reason: 'neverHeard' as const }),
        ...(quietSince !== undefined && { quietSince }),
        ...(waits !== undefined && { waits }),
      };
    });
  };
};

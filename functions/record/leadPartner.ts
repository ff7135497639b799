// Which partner leads an engagement now, does the engagement exist, and which handoffs were offered there?
// `recordPermission.ts` and `recordPersonFact.ts` call it; it reads the events table through the cache of streams.
import { partyIdOf } from '../../domain/context/context.ts';
import { leadsOf } from '../../domain/engagement/leads.ts';
import type { RecordedEvent } from '../../events/catalog.ts';
import type { Reference } from '../../events/envelope.ts';
import type { Instant } from '../../events/instant.ts';
import { loadContext } from '../project/loadContext.ts';
import type { CachedStreams, Grown } from '../store/cachedStreams.ts';
import { emptyTip } from '../store/eventStore.ts';
import { standingInWhole, survivorOf } from '../store/wholeEngagement.ts';
import type { OfferedStages } from './offeredStages.ts';

export interface Lead {
  /** The party id; undefined while no partner leads. */
  readonly partnerId: string | undefined;
}

export interface LeadPartnerReader {
  /** Which partner leads the engagement of that stream now; undefined where the stream is empty. */
  lead(tenantId: string, streamId: string, now: Instant): Promise<Lead | undefined>;
  /** The party that a reference means now. */
  partyOf(tenantId: string, reference: Reference, now: Instant): Promise<string>;
  /** The stages of the offer of that handoff which stands on the stream; undefined where none does. */
  offeredStages(streamId: string, handoffId: string, now: Instant): Promise<OfferedStages | undefined>;
  /** The events that stand in the stream and have occurred. */
  eventsOf(streamId: string, now: Instant): Promise<readonly RecordedEvent[]>;
  /** Whether the stream holds an event. */
  exists(streamId: string): Promise<boolean>;
}

const keptStreams = 10_000;

/**
 * Finds the lead as the projections do, so that a partner may record exactly where it may read. It reads streams, because rows
 * may be behind.
 */
export const createLeadPartnerReader = (cache: CachedStreams, grown: Grown): LeadPartnerReader => {
  /** Streams that hold an event; they never become empty again. */
  const begun = new Set<string>();

  const eventsOf = async (streamId: string) => (await cache.read([streamId])).get(streamId)?.history.events ?? [];

  /** Of an engagement that is merged into another one, what counts there: who leads that one leads both. */
  const stands = async (streamId: string, now: Instant) => {
    const cuts = { occurredUntil: now };
    const whole = await survivorOf(cache, { stream: streamId, own: await eventsOf(streamId), cuts });
    return standingInWhole(whole, cuts);
  };

  const partyOf: LeadPartnerReader['partyOf'] = async (tenantId, reference, now) => {
    const { context } = await loadContext(cache, { tenantId, events: [], now, references: [reference] });
    return partyIdOf(context, reference);
  };

  return {
    partyOf,
    exists: async (streamId) => {
      if (begun.has(streamId)) return true;
      if (!(await grown(new Map([[streamId, emptyTip]]))).has(streamId)) return false;
      if (begun.size >= keptStreams) begun.clear();
      begun.add(streamId);
      return true;
    },
    eventsOf: stands,
    offeredStages: async (streamId, handoffId, now) => {
      const stood = await stands(streamId, now);
      const offer = stood.findLast((event) => event.type === 'HandoffOffered' && event.data.handoffId === handoffId);
      return offer?.type === 'HandoffOffered' ? offer.data : undefined;
    },
    lead: async (tenantId, streamId, now) => {
      const events = await eventsOf(streamId);
      if (events.length === 0) return undefined;
      const last = leadsOf(await stands(streamId, now)).at(-1);
      return { partnerId: last?.partner === undefined ? undefined : await partyOf(tenantId, last.partner, now) };
    },
  };
};

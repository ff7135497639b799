// Who leads an engagement by now, and is there one at all? By its stream, which knows before any row does.
import { partyIdOf } from '../../domain/context.ts';
import { foldEngagement } from '../../domain/engagement.ts';
import { standing } from '../../domain/history.ts';
import { streamIdOf } from '../../events/identifiers.ts';
import type { Instant } from '../../events/instant.ts';
import { loadContext } from './projectionContext.ts';
import type { StreamCache } from './streamCache.ts';

export interface Lead {
  /** The party id; undefined while no partner leads. */
  readonly partnerId: string | undefined;
}

export interface LeadReader {
  /** Who leads the engagement now; undefined where there is no such engagement. */
  lead(tenantId: string, engagementId: string, now: Instant): Promise<Lead | undefined>;
}

export const createLeadReader = (cache: StreamCache): LeadReader => ({
  lead: async (tenantId, engagementId, now) => {
    const stream = streamIdOf(tenantId, 'engagement', engagementId);
    const events = (await cache.read([stream])).get(stream)?.history.events ?? [];
    if (events.length === 0) return undefined;
    const last = foldEngagement(standing({ events }, { occurredUntil: now })).leads.at(-1);
    if (last === undefined) return { partnerId: undefined };
    const { context } = await loadContext(cache, { tenantId, events, now });
    return { partnerId: partyIdOf(context, last.partner) };
  },
});

// What does control record on the survivor when an engagement is merged into it?
import type { FactOf } from '../../events/catalog.ts';
import { eventIdOf, factIdOf } from '../../events/identifiers.ts';

/** The source of the facts that the pipeline itself says. */
const pipeline = 'throughline';

/**
 * The EngagementAbsorbed of a merge, on the survivor's stream. It is made of the merge's fact and data, so that a repetition adds
 * nothing. It says where to look, also after the merge was taken back: whether the merge stands, the other stream says.
 */
export const engagementAbsorbed = (merged: FactOf<'EngagementMerged'>): FactOf<'EngagementAbsorbed'> => {
  const { tenantId, factId: opener, occurredAt } = merged;
  const { into, how } = merged.data;
  const data = { from: merged.streamId, how };
  const factId = factIdOf({
    tenantId,
    system: pipeline,
    account: '',
    sourceId: opener,
    type: 'EngagementAbsorbed',
    discriminator: into,
  });
  return {
    eventId: eventIdOf({ factId, data }),
    factId,
    type: 'EngagementAbsorbed',
    schemaVersion: 1,
    streamId: into,
    tenantId,
    occurredAt,
    source: pipeline,
    sourceEventId: opener,
    causationId: merged.eventId,
    correlationId: merged.correlationId,
    data,
  };
};

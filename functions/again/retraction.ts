// How is a fact taken back that a receipt no longer says?
import type { FactOf } from '../../events/catalog.ts';
import { eventIdOf, factIdOf } from '../../events/identifiers.ts';
import type { Instant } from '../../events/instant.ts';
import type { Gone } from './runItems.ts';

export interface Retracting {
  readonly tenantId: string;
  /** When the run began. */
  readonly at: Instant;
  readonly gone: Gone;
  readonly stands: NonNullable<Gone['stands']>;
}

/**
 * The retraction of the event that stands. Its fact is made of that event, so that a repetition adds nothing. It reaches the event's
 * own place in the source's order, and carries the mapping's version: a later version can say the fact again.
 */
export const retractionOf = ({ tenantId, at, gone, stands }: Retracting): FactOf<'FactRetracted'> => {
  const { stream, translation, id } = gone;
  const { eventId, sourceSeq } = stands;
  const sourceId = `retracted:${eventId}`;
  const factId = factIdOf({ tenantId, system: 'throughline', account: '', sourceId, type: 'FactRetracted' });
  const data = {
    eventId,
    reason: `translate-again: the message no longer says it, by version ${translation} of the mapping`,
  };
  return {
    ...{
      type: 'FactRetracted',
      schemaVersion: 1,
      eventId: eventIdOf({ factId, sourceSeq, translation, data }),
      factId,
    },
    ...{ tenantId, streamId: stream, occurredAt: at, source: 'throughline', sourceEventId: sourceId, translation },
    ...(sourceSeq !== undefined && { sourceSeq }),
    ...{ causationId: id, correlationId: stream, data },
  };
};

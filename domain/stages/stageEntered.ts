// What does a stage say when a recorded event opens it? One StageEntered an opener, however often and in whatever words it comes.
import type { FactOf, RecordedEvent } from '../../events/catalog.ts';
import { eventIdOf, factIdOf } from '../../events/identifiers.ts';
import type { Stage } from '../../events/stage.ts';

/** Who says what the pipeline itself says. */
const pipeline = 'throughline';

/**
 * The StageEntered of a stage's opener: ids and data are made of the opener's `factId`, so that its restatements, whatever
 * came first, make no second one; `occurredAt` is the opener's. Only the envelope's causation names the event itself.
 */
export const stageEntered = (stage: Stage, opener: RecordedEvent): FactOf<'StageEntered'> => {
  const { tenantId, streamId, occurredAt } = opener;
  const data = { stage, openedBy: opener.factId };
  const factId = factIdOf({
    tenantId,
    system: pipeline,
    account: '',
    sourceId: opener.factId,
    type: 'StageEntered',
    discriminator: stage,
  });
  return {
    eventId: eventIdOf(factId, data),
    factId,
    type: 'StageEntered',
    schemaVersion: 1,
    streamId,
    tenantId,
    occurredAt,
    source: pipeline,
    sourceEventId: opener.factId,
    causationId: opener.eventId,
    correlationId: opener.correlationId,
    data,
  };
};

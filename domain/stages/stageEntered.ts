// Which StageEntered does a stage record when an event opens it?
import type { FactOf, RecordedEvent } from '../../events/catalog.ts';
import { eventIdOf, factIdOf } from '../../events/identifiers.ts';
import type { Stage } from '../../events/stage.ts';

/** The source of the facts that the pipeline itself says. */
const pipeline = 'throughline';

/**
 * The StageEntered of an event that opens a stage. Its ids and data are made of the opener's `factId`, so a restatement
 * of the opener makes no second one. `occurredAt` is the opener's. Only `causationId` names the opening event itself.
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
    eventId: eventIdOf({ factId, data }),
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

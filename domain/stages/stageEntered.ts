// Which StageEntered does a stage record when an event opens it?
import type { Fact, FactOf } from '../../events/catalog.ts';
import { eventIdOf, factIdOf } from '../../events/identifiers.ts';
import type { Stage } from '../../events/stage.ts';
import { ownerOf, stagesOpenedBy } from '../lifecycle.ts';

/** The source of the facts that the pipeline itself says. */
const pipeline = 'throughline';

/**
 * The StageEntered of an event that opens a stage. Its ids and data are made of the opener's `factId`, so a restatement
 * of the opener makes no second one. `occurredAt` is the opener's. Only `causationId` names the opening event itself.
 */
export const stageEntered = (stage: Stage, opener: Fact): FactOf<'StageEntered'> => {
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

/**
 * The StageEntered that are appended together with a fact: of the stage that owns the fact and is opened by it. A stage that
 * another owner's fact opens records its own, when it hears of the event.
 */
export const enteredWith = (fact: Fact): readonly FactOf<'StageEntered'>[] => {
  const owner = ownerOf(fact.type, fact.data);
  return stagesOpenedBy(fact)
    .filter((stage) => stage === owner)
    .map((stage) => stageEntered(stage, fact));
};

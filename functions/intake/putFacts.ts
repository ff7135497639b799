// How do facts get on the bus, to the stages that own them? All of a batch at once; who asked is told which did not get through.
import type { Fact } from '../../events/catalog.ts';
import { parseStreamId } from '../../events/identifiers.ts';
import { type Bus, intakeSource } from '../aws/eventBridge.ts';
import type { IdentityResolver } from './identityResolver.ts';

/** Why facts did not get through; the others did. */
export type UnsentFacts = ReadonlyMap<Fact, string>;

/** Puts facts on the bus. An engagement of which one is put counts as begun for this process. */
export type PutFacts = (facts: readonly Fact[]) => Promise<UnsentFacts>;

export interface PutFactsSettings {
  readonly bus: Bus;
  readonly identities: Pick<IdentityResolver, 'begin'>;
}

export const createPutFacts =
  ({ bus, identities }: PutFactsSettings): PutFacts =>
  async (facts) => {
    for (const { streamId } of facts) if (parseStreamId(streamId).kind === 'engagement') identities.begin(streamId);
    const unsent = await bus.put(
      facts.map((fact) => ({ source: intakeSource, detailType: fact.type, detail: JSON.stringify(fact) })),
    );
    return new Map(unsent.flatMap(({ index, reason }) => (facts[index] === undefined ? [] : [[facts[index], reason]])));
  };

/** Throws where one of these facts did not get through. */
export const checkSent = (facts: readonly Fact[], unsent: UnsentFacts): void => {
  for (const fact of facts) {
    const reason = unsent.get(fact);
    if (reason !== undefined) throw new Error(`${fact.type} ${fact.eventId} could not be put on the bus: ${reason}`);
  }
};

// How do the facts of a batch get on the bus, and which of them could not be put?
// Translate calls it; it puts facts on the bus.
import type { Fact } from '../../events/catalog.ts';
import { parseStreamId } from '../../events/identifiers.ts';
import type { Bus } from '../aws/eventBridge.ts';
import { packsOf } from './factPacks.ts';
import type { IdentityResolver } from './identityResolver.ts';

/** The facts that could not be put, with the reasons; all others were put. */
export type UnsentFacts = ReadonlyMap<Fact, string>;

/** Puts facts on the bus. For this process, the engagement of a fact counts as begun from then on. */
export type PutFacts = (facts: readonly Fact[]) => Promise<UnsentFacts>;

export interface PutFactsSettings {
  readonly bus: Bus;
  readonly identities: Pick<IdentityResolver, 'begin'>;
}

export const createPutFacts =
  ({ bus, identities }: PutFactsSettings): PutFacts =>
  async (facts) => {
    for (const { streamId } of facts) if (parseStreamId(streamId).kind === 'engagement') identities.begin(streamId);
    const packs = packsOf(facts);
    const unsent = await bus.put(packs.map(({ entry }) => entry));
    return new Map(unsent.flatMap(({ index, reason }) => (packs[index]?.facts ?? []).map((fact) => [fact, reason])));
  };

/** Throws where one of these facts could not be put. */
export const checkSent = (facts: readonly Fact[], unsent: UnsentFacts): void => {
  for (const fact of facts) {
    const reason = unsent.get(fact);
    if (reason !== undefined) throw new Error(`${fact.type} ${fact.eventId} could not be put on the bus: ${reason}`);
  }
};

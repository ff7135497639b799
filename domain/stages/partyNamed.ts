// Which parties does a fact name, so that each has a stream, and so a row?
import type { Fact, FactOf } from '../../events/catalog.ts';
import type { Reference } from '../../events/envelope.ts';
import { derivedPartyOf, eventIdOf, factIdOf, parseStreamId } from '../../events/identifiers.ts';
import { referenceKey, referencesOf } from '../context/references.ts';

/** The source of the facts that the pipeline itself says. */
const pipeline = 'throughline';

/** A name holds from always, so that it doesn't matter which fact said it first. */
const always = '2000-01-01T00:00:00.000Z';

const naming = (tenantId: string, streamId: string, party: Reference): FactOf<'PartyNamed'> => {
  const sourceId = referenceKey(party);
  const data = { party };
  const factId = factIdOf({
    tenantId,
    system: pipeline,
    account: '',
    sourceId,
    type: 'PartyNamed',
    discriminator: streamId,
  });
  return {
    eventId: eventIdOf({ factId, data }),
    factId,
    type: 'PartyNamed',
    schemaVersion: 1,
    streamId,
    tenantId,
    occurredAt: always,
    source: pipeline,
    sourceEventId: sourceId,
    causationId: factId,
    correlationId: streamId,
    data,
  };
};

/**
 * A PartyNamed for each party that the facts name, on the stream that is derived from the reference. It is made of the
 * reference alone, so all facts that name a party give the same one. A link that leads a reference to a party's stream
 * names it there too. What is recorded on a party's own stream names that party already.
 */
export const partiesNamed = (facts: readonly Fact[]): readonly FactOf<'PartyNamed'>[] => {
  const named = facts.flatMap((fact) => {
    const { tenantId, streamId } = fact;
    const { kind } = parseStreamId(streamId);
    if (fact.type === 'IdentityLinked') {
      const { external, to } = fact.data;
      return 'stream' in to && to.stream.startsWith(`${tenantId}/party/`)
        ? [naming(tenantId, to.stream, external)]
        : [];
    }
    return kind === 'engagement' || kind === 'offer' || kind === 'campaign'
      ? referencesOf([fact]).map((party) => naming(tenantId, derivedPartyOf(tenantId, party), party))
      : [];
  });
  return [...new Map(named.map((fact) => [fact.eventId, fact])).values()];
};

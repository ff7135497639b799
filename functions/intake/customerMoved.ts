// Does a fact move an engagement to another customer than the one that it has?
// Translate and record call it for those who may not; it reads identity streams through what it gets.
import { isClaim } from '../../domain/claims.ts';
import type { Fact, RecordedEvent } from '../../events/catalog.ts';
import { type ExternalId, parseStreamId } from '../../events/identifiers.ts';

const customerOf = (event: Pick<RecordedEvent, 'type' | 'data'>): ExternalId | undefined =>
  event.type === 'EngagementOpened' || event.type === 'CustomerIdentified' ? Object(event.data).customer : undefined;

/**
 * Why the fact may not name its customer: the engagement has another one. Of a partner's fact only what is not said by partners
 * counts. Undefined where it may. `engagement` are the standing events of its stream.
 */
export const customerMoved = async (
  fact: Pick<Fact, 'type' | 'data' | 'streamId' | 'saidBy'>,
  engagement: readonly RecordedEvent[],
  partyIdOf: (party: ExternalId) => Promise<string | undefined>,
): Promise<string | undefined> => {
  const named = customerOf(fact);
  if (named === undefined) return undefined;
  const others = isClaim(fact) ? engagement.filter((event) => !isClaim(event)) : engagement;
  const standing = others.map(customerOf).findLast((customer) => customer !== undefined);
  if (standing === undefined || (await partyIdOf(standing)) === (await partyIdOf(named))) return undefined;
  return `${parseStreamId(fact.streamId).kind} ${parseStreamId(fact.streamId).id} has another customer already; ask the vendor to record CustomerIdentified`;
};

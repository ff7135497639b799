// To which parties did links lead the references of some events, by the facts up to a cut?
// The answers call it; it reads identity streams through what it is given.
import type { Context } from '../../domain/context/context.ts';
import { referencesOf } from '../../domain/context/references.ts';
import { type Cuts, standing } from '../../domain/history.ts';
import type { RecordedEvent } from '../../events/catalog.ts';
import { identityStreamOf } from '../../events/identifiers.ts';
import { loadPartyLinks } from '../project/partyLinks.ts';
import type { StreamReads } from '../store/readOnce.ts';

export const linksAt = async (
  look: StreamReads,
  tenantId: string,
  { events, cuts }: { readonly events: readonly RecordedEvent[]; readonly cuts: Cuts },
): Promise<Context['links']> => {
  const references = referencesOf(events);
  await look.read(references.map((reference) => identityStreamOf(tenantId, reference)));
  const standingIn = async (stream: string): Promise<readonly RecordedEvent[]> => {
    const read = (await look.read([stream])).get(stream);
    return read === undefined ? [] : standing(read.history, cuts);
  };
  return await loadPartyLinks({ tenantId, references, standingIn });
};

// To which parties of the tenant do the standing links lead references?
// The projector and the queries call it; it reads identity streams through `standingIn`.

import { linkOf } from '../../domain/context/identity.ts';
import { referenceKey } from '../../domain/context/references.ts';
import type { RecordedEvent } from '../../events/catalog.ts';
import type { Reference } from '../../events/envelope.ts';
import { derivedPartyOf, identityStreamOf, parseStreamId } from '../../events/identifiers.ts';
import { linkedStream } from '../intake/linkRules.ts';

export interface PartyLinksAsked {
  readonly tenantId: string;
  readonly references: readonly Reference[];
  /** The standing events of an identity stream. */
  readonly standingIn: (identityStream: string) => Promise<readonly RecordedEvent[]>;
}

/** The most links from an external id to its party; a longer chain counts as a circle. */
const longestChain = 5;

/** Party ids by `referenceKey`, for references that a link leads to another party than the one that is derived from them. */
export const loadPartyLinks = async (asked: PartyLinksAsked): Promise<ReadonlyMap<string, string>> => {
  const { tenantId, references, standingIn } = asked;
  const links = new Map<string, string>();
  for (const reference of references) {
    let target: Reference | undefined = reference;
    for (let step = 0; step < longestChain && target !== undefined; step += 1) {
      const link = linkOf(await standingIn(identityStreamOf(tenantId, target)));
      if (link === undefined) {
        if (step > 0) links.set(referenceKey(reference), parseStreamId(derivedPartyOf(tenantId, target)).id);
        break;
      }
      if ('stream' in link.data.to) {
        const led = linkedStream(tenantId, link.data.to.stream);
        // A link that does not lead to a party of this tenant is ignored: the reference keeps its own party.
        if (led?.kind === 'party') links.set(referenceKey(reference), led.id);
        break;
      }
      target = link.data.to.external;
    }
  }
  return links;
};

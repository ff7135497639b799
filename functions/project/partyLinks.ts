// Which parties do references mean by the links that stand? Followed from identity to identity, to a party of the same tenant.
import { referenceKey } from '../../domain/context/context.ts';
import { linkOf } from '../../domain/context/identity.ts';
import type { RecordedEvent } from '../../events/catalog.ts';
import type { Reference } from '../../events/envelope.ts';
import { derivedPartyOf, identityStreamOf, parseStreamId } from '../../events/identifiers.ts';
import { linkedStream } from '../intake/linkRules.ts';

export interface PartyLinksAsked {
  readonly tenantId: string;
  readonly references: readonly Reference[];
  /** What stands in an identity stream. */
  readonly standingIn: (identityStream: string) => Promise<readonly RecordedEvent[]>;
}

/** How many links lead from an external id to its party at the most; a longer chain is taken for a circle. */
const longestChain = 5;

/** Party ids by `referenceKey`, of the references that a link leads elsewhere than to the party derived from them. */
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
        // What leads elsewhere than to a party of this tenant names none: the reference keeps its own.
        if (led?.kind === 'party') links.set(referenceKey(reference), led.id);
        break;
      }
      target = link.data.to.external;
    }
  }
  return links;
};

// What does an engagement depend on beside its own stream? The policy in force, the offer as sold, and the parties that its facts name.
import type { Reference } from '../events/envelope.ts';
import { derivedPartyOf, parseStreamId } from '../events/identifiers.ts';
import type { Instant } from '../events/instant.ts';
import type { Offer } from './offer.ts';
import type { Party } from './party.ts';
import type { Policy } from './policy.ts';

/** Everything from outside the stream that rows depend on, at one instant. */
export interface Context {
  readonly tenantId: string;
  readonly policy: Policy;
  /** By offer id. */
  readonly offers: ReadonlyMap<string, Offer>;
  /** By party id. */
  readonly parties: ReadonlyMap<string, Party>;
  /** Party ids by `referenceKey`, where an identity stream links the reference; all others derive their party. */
  readonly links: ReadonlyMap<string, string>;
  /** Instants after now at which the context itself changes: a policy that comes into force, an offer published ahead. */
  readonly turns: readonly Instant[];
}

/** A reference as a key of a map. */
export const referenceKey = ({ system, kind, id }: Reference): string => `${system}|${kind}|${id}`;

/** The party that a reference means: the linked one, else the one derived from it (decision 11). */
export const partyIdOf = (context: Pick<Context, 'tenantId' | 'links'>, reference: Reference): string =>
  context.links.get(referenceKey(reference)) ?? parseStreamId(derivedPartyOf(context.tenantId, reference)).id;

// What surrounds an engagement in a test? Nothing but the default policy, unless the test says so.
import type { Context } from '../../domain/context/context.ts';
import { foldOffer, type Offer } from '../../domain/context/offer.ts';
import { defaultPolicy } from '../../domain/context/policy.ts';
import type { RecordedOf } from '../../events/catalog.ts';
import { tenantId } from './histories/events.ts';

/** A context of the tests' tenant: no offers, parties or links, and the default policy. */
export const contextOf = (said: Partial<Context> = {}): Context => ({
  tenantId,
  policy: defaultPolicy,
  offers: new Map(),
  parties: new Map(),
  links: new Map(),
  turns: [],
  ...said,
});

/** Offers by their ids, of the events that publish them. */
export const offersOf = (...published: readonly RecordedOf<'OfferPublished'>[]): ReadonlyMap<string, Offer> =>
  new Map(
    [...Map.groupBy(published, (event) => event.data.offerId)].flatMap(([offerId, events]) => {
      const offer = foldOffer(events);
      return offer === undefined ? [] : [[offerId, offer] as const];
    }),
  );

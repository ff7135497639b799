// Which version of which offer was sold, and is it sold by the agreed route?
import type { RecordedEvent, RecordedOf } from '../../events/catalog.ts';
import type { Instant } from '../../events/instant.ts';
import type { Context } from '../context/context.ts';
import { inFoldOrder } from '../history.ts';
import type { Facts } from './facts.ts';

type Published = RecordedOf<'OfferPublished'>;

/** A fact that names the offer: the opening of the engagement, or a proposal. */
export type Naming = RecordedOf<'EngagementOpened'> | RecordedOf<'SolutionProposed'>;

/** Every fact that names an offer: first the opening of the engagement, then the proposals in fold order. */
export const namingsOf = (facts: Facts): readonly Naming[] =>
  [...facts.of('EngagementOpened'), ...facts.of('SolutionProposed')].filter(
    (event) => event.data.offerId !== undefined,
  );

/** Whether the offer is sold by the route: `unknown` if the offer, its version or its routes are not known. */
export type Sellability =
  | { readonly state: 'sellable' | 'unknown' }
  | {
      readonly state: 'unsellable';
      readonly route: RecordedOf<'RouteAgreed'>;
      readonly version: Published;
      readonly fault: 'route' | 'marketplace';
    };

const faultOf = (
  { data }: RecordedOf<'RouteAgreed'>,
  { data: offered }: Published,
): 'route' | 'marketplace' | undefined => {
  if (offered.routes.length === 0) return undefined;
  if (!offered.routes.includes(data.route)) return 'route';
  const { marketplace } = data;
  if (data.route !== 'marketplace' || marketplace === undefined || offered.marketplaces.length === 0) return undefined;
  return offered.marketplaces.includes(marketplace) ? undefined : 'marketplace';
};

/** An offer's versions up to an instant: the newest one, and the last publication of each number. */
interface Shelf {
  readonly newest: Published | undefined;
  readonly byNumber: Map<number, Published>;
}

const withPublished = (shelf: Shelf | undefined, event: Published): Shelf => {
  const { newest, byNumber } = shelf ?? { newest: undefined, byNumber: new Map<number, Published>() };
  return {
    newest: newest === undefined || event.data.version >= newest.data.version ? event : newest,
    byNumber: byNumber.set(event.data.version, event),
  };
};

/** The agreed route and the fact that names the offer, from the instant at which both are known. */
interface Agreement {
  readonly route: RecordedOf<'RouteAgreed'>;
  readonly naming: Naming;
  /** The newest version at that instant: the one that is sold if the fact names none. */
  readonly newest: Published | undefined;
  /**
   * Whether a newer version, published since, is sold by the route. A newer version without the route changes nothing,
   * because the older one was sold.
   */
  readonly mended: boolean;
}

const sellabilityOf = ({ route, naming, newest, mended }: Agreement, shelf: Shelf | undefined): Sellability => {
  const { offerVersion } = naming.data;
  const version = offerVersion === undefined ? newest : shelf?.byNumber.get(offerVersion);
  if (version === undefined || version.data.routes.length === 0) return { state: 'unknown' };
  const fault = faultOf(route, version);
  return fault === undefined || mended ? { state: 'sellable' } : { state: 'unsellable', route, version, fault };
};

const mends = ({ route, naming, newest }: Agreement, event: Published): boolean => {
  const sold = naming.data.offerVersion ?? newest?.data.version;
  return sold !== undefined && event.data.version > sold && faultOf(route, event) === undefined;
};

/** Whether the offer can be sold, from an instant on. `event` is the last event of that instant. */
export interface Moment {
  readonly event: RecordedEvent;
  readonly sellability: Sellability;
}

/**
 * Whether the offer as sold is sold by the agreed route (rule P5.3), after each instant up to `now` at which this may
 * change. Such instants are those of routes, of facts that name an offer, and of versions of these offers. The offer is
 * that of the latest proposal, else that of the opening.
 */
export const sellabilityMoments = (
  facts: Facts,
  { offers }: Pick<Context, 'offers'>,
  now: Instant,
): readonly Moment[] => {
  const namings = namingsOf(facts);
  const named = new Set(namings.map((event) => event.data.offerId ?? ''));
  const offerOf = new Map<RecordedEvent, string>(
    [...named].flatMap((id) => (offers.get(id)?.versions ?? []).map((event) => [event, id] as const)),
  );
  const events: readonly RecordedEvent[] = [...facts.of('RouteAgreed'), ...namings, ...offerOf.keys()];
  const inOrder = events.filter((event) => event.occurredAt <= now).sort(inFoldOrder);
  const shelves = new Map<string, Shelf>();
  let route: RecordedOf<'RouteAgreed'> | undefined;
  let opening: Naming | undefined;
  let proposal: Naming | undefined;
  let agreement: Agreement | undefined;
  return [...Map.groupBy(inOrder, ({ occurredAt }) => occurredAt).values()].flatMap((together) => {
    const published: Published[] = [];
    for (const event of together) {
      if (event.type === 'RouteAgreed') route = event;
      if (event.type === 'EngagementOpened') opening = event;
      if (event.type === 'SolutionProposed') proposal = event;
      if (event.type === 'OfferPublished') published.push(event);
    }
    for (const event of published) {
      const id = offerOf.get(event) ?? '';
      shelves.set(id, withPublished(shelves.get(id), event));
    }
    const naming = proposal ?? opening;
    const offerId = naming?.data.offerId ?? '';
    const shelf = shelves.get(offerId);
    if (route === undefined || naming === undefined) agreement = undefined;
    else if (agreement?.route !== route || agreement.naming !== naming)
      agreement = { route, naming, newest: shelf?.newest, mended: false };
    else {
      const standing: Agreement = agreement;
      const mended = published.some((event) => offerOf.get(event) === offerId && mends(standing, event));
      if (mended) agreement = { ...standing, mended };
    }
    const sellability: Sellability = agreement === undefined ? { state: 'unknown' } : sellabilityOf(agreement, shelf);
    return together.slice(-1).map((event) => ({ event, sellability }));
  });
};

// Which routes to market does the shape of an order fit?
import type { RecordedOf } from '../../events/catalog.ts';
import type { Reference } from '../../events/envelope.ts';
import type { Route } from '../../events/fields.ts';
import type { Instant } from '../../events/instant.ts';
import { type Context, partyIdOf } from '../context/context.ts';
import { rolesAt } from '../context/party.ts';
import { type Engagement, leadAt } from '../engagement/engagement.ts';

/** What an order says of its shape, as its claims are merged. */
export type Shaped = Pick<RecordedOf<'OrderPlaced'>['data'], 'legs' | 'fees' | 'marketplace' | 'route' | 'customer'>;

interface Leg {
  readonly component: string;
  readonly seller: string;
  readonly buyer: string;
}

/** The last sale of a component, its first seller, and how many sales lead from the one to the other. */
interface Chain {
  readonly first: string;
  readonly last: Leg;
  readonly length: number;
}

/** The legs of a component as one chain of sales; undefined if they are none, so that a part of the list is missing. */
const chainOf = (legs: readonly Leg[]): Chain | undefined => {
  const bySeller = new Map(legs.map((leg) => [leg.seller, leg]));
  const buyers = new Set(legs.map(({ buyer }) => buyer));
  const [start, ...others] = legs.filter(({ seller }) => !buyers.has(seller));
  if (start === undefined || others.length > 0 || bySeller.size < legs.length) return undefined;
  let last = start;
  let length = 1;
  // Parties that sell to each other make a circle, which has no end.
  for (let next = bySeller.get(last.buyer); next !== undefined && length <= legs.length; length += 1) {
    last = next;
    next = bySeller.get(last.buyer);
  }
  return length === legs.length ? { first: start.seller, last, length } : undefined;
};

/** The chains of all components; undefined if some part of the list is missing, or if they end at several customers. */
const chainsOf = (legs: readonly Leg[]): readonly Chain[] | undefined => {
  const chains = [...Map.groupBy(legs, ({ component }) => component).values()].map(chainOf);
  const known = chains.filter((chain) => chain !== undefined);
  const customers = new Set(known.map(({ last }) => last.buyer));
  return known.length < chains.length || customers.size !== 1 ? undefined : known;
};

/** Who a party is known to be at an instant: a partner leads, or is registered with a role; nobody knows of the others. */
const knownAs = (
  partyId: string,
  { context, lead, at }: { readonly context: Context; readonly lead: string | undefined; readonly at: Instant },
): 'vendor' | 'partner' | undefined => {
  if (partyId === lead) return 'partner';
  const roles = rolesAt(context.parties.get(partyId), at) ?? [];
  if (roles.length === 0) return undefined;
  return roles.includes('vendor') || roles.includes('isv') ? 'vendor' : 'partner';
};

const throughMarketplace = ({ fees, marketplace }: Shaped, context: Context, at: Instant): boolean =>
  marketplace !== undefined ||
  fees.some(
    ({ kind, payee }) =>
      /marketplace/i.test(kind) || rolesAt(context.parties.get(partyIdOf(context, payee)), at)?.includes('marketplace'),
  );

/**
 * The routes that the shape of an order fits (domain reference D5), at an instant; undefined if its legs do not tell: there are
 * none, some are missing, or they do not end at its customer. Direct is one sale by the vendor. Two-tier is a chain of three, of
 * which the partner may list its own two. A marketplace takes a fee, which is often listed later, of a sale by the vendor or by a
 * partner. Co-sell consists of several orders of any shape, so that it fits all; of the routes, it alone has several sellers to the
 * customer.
 */
export const routesFitting = (
  said: Shaped,
  { engagement, context, at }: { readonly engagement: Engagement; readonly context: Context; readonly at: Instant },
): ReadonlySet<Route> | undefined => {
  const party = (reference: Reference): string => partyIdOf(context, reference);
  const chains = chainsOf(
    said.legs.map(({ component, seller, buyer }) => ({ component, seller: party(seller), buyer: party(buyer) })),
  );
  const [chain] = chains ?? [];
  if (chains === undefined || chain === undefined) return undefined;
  if (said.customer !== undefined && party(said.customer) !== chain.last.buyer) return undefined;
  const isSoldThere = throughMarketplace(said, context, at);
  if (new Set(chains.map(({ last }) => last.seller)).size > 1)
    return new Set(isSoldThere ? ['co_sell', 'marketplace'] : ['co_sell']);
  const leading = leadAt(engagement, at);
  const lead = leading === undefined ? undefined : party(leading);
  const longest = chains.reduce((most, each) => (each.length > most.length ? each : most), chain);
  const first = knownAs(longest.first, { context, lead, at });
  const isTwoTier =
    longest.length > 2 || (longest.length === 2 && first !== 'vendor') || (longest.length === 1 && first === 'partner');
  const isDirect = longest.length === 1 && first !== 'partner' && !isSoldThere;
  return new Set<Route>([
    'co_sell',
    ...(isTwoTier ? (['two_tier'] as const) : []),
    ...(isDirect ? (['direct'] as const) : []),
    ...(isSoldThere || longest.length < 3 ? (['marketplace'] as const) : []),
  ]);
};

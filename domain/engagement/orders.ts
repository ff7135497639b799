// Which orders were placed, and which claims of several parties are one order?
import type { RecordedOf } from '../../events/catalog.ts';
import { orderClaimants } from '../../events/fields.ts';
import { type IsUnconfirmed, unconfirmedIn, wordsFirst } from '../claims.ts';
import type { Facts } from './facts.ts';

type Claim = RecordedOf<'OrderPlaced'>;

export interface Order {
  /** The id of its first claim in fold order; of those that no partner said alone, if there are any. */
  readonly orderId: string;
  /** Its claims in fold order. */
  readonly claims: readonly Claim[];
  /** The fields of its claims: each from the claimant of highest precedence that has it. */
  readonly said: Claim['data'];
  /** The claims that its legs and its fees come from: the last that lists any, of the claimant whose list holds. */
  readonly listedBy: Readonly<Record<'legs' | 'fees', Claim | undefined>>;
  readonly fulfilled: RecordedOf<'OrderFulfilled'> | undefined;
  /** The fields in which its claims differ. */
  readonly differences: readonly string[];
}

/** Every key by which a claim may be found: its order id, agreement id and purchase order number. */
const keysOf = (claim: Claim): readonly string[] => {
  const { orderId, agreementId, poNumber } = claim.data;
  return [orderId, agreementId, poNumber].filter((key) => key !== undefined);
};

type Joined = Map<string, Set<string>>;

/** Joins keys, and with them all that they are joined to already. */
const join = (joined: Joined, keys: readonly string[]): void => {
  for (const key of keys) if (!joined.has(key)) joined.set(key, new Set([key]));
  const met = new Set(keys.flatMap((key) => joined.get(key) ?? []));
  const [largest, ...others] = [...met].sort((a, b) => b.size - a.size);
  // Smaller sets join the largest one, so that few keys move.
  for (const key of others.flatMap((group) => [...group])) if (largest) joined.set(key, largest.add(key));
};

/**
 * For each key, all the keys that claims join it to, transitively. Joined keys have one set in common. A partner's word that nobody
 * confirmed never makes one order of two that the vendor or systems tell apart: it joins the first of them alone.
 */
const joinedKeys = (
  claims: readonly Claim[],
  isUnconfirmed: IsUnconfirmed,
): ReadonlyMap<string, ReadonlySet<string>> => {
  const joined: Joined = new Map();
  const words = claims.filter((claim) => !isUnconfirmed(claim));
  for (const claim of words) join(joined, keysOf(claim));
  const said = new Set(words.flatMap(keysOf));
  for (const claim of claims.filter(isUnconfirmed)) {
    let known: ReadonlySet<string> | undefined;
    const keys = keysOf(claim).filter((key) => {
      const group = joined.get(key);
      if (group === undefined || said.isDisjointFrom(group)) return true;
      known ??= group;
      return known === group;
    });
    join(joined, keys);
  }
  return joined;
};

/** Whether a field says something: undefined says nothing, nor does an empty list of legs or fees. */
const says = (value: unknown): boolean => value !== undefined && !(Array.isArray(value) && value.length === 0);

const identifying: ReadonlySet<string> = new Set(['claimedBy', 'orderId', 'agreementId', 'poNumber']);

/** The currency that was named last: it is that of the whole order, also where the total comes without it. */
const currencyOf = (said: readonly Claim['data'][]): string | undefined =>
  said.map(({ total, currency }) => total?.currency ?? currency).findLast((code) => code !== undefined);

/**
 * What one claimant says of the order now: of each field the last that its claims have, the total in its own currency.
 */
const ownOverlay = (own: readonly Claim['data'][]): Claim['data'] => {
  const said = overlay(own);
  const currency = currencyOf(own);
  if (said.total === undefined || currency === undefined) return said;
  return { ...said, total: { ...said.total, currency } };
};

const overlay = (said: readonly Claim['data'][]): Claim['data'] =>
  Object.assign(
    {},
    ...said.map((data) => Object.fromEntries(Object.entries(data).filter(([, value]) => says(value)))),
    {
      legs: said.findLast(({ legs }) => says(legs))?.legs ?? [],
      fees: said.findLast(({ fees }) => says(fees))?.fees ?? [],
    },
  );

/**
 * The claims of each claimant, from the lowest rank to the highest. A partner's word that nobody confirmed ranks below all others,
 * whoever it names as claimant.
 */
const rankedOf = (claims: readonly Claim[], isUnconfirmed: IsUnconfirmed): readonly (readonly Claim[])[] =>
  [claims.filter(isUnconfirmed), claims.filter((claim) => !isUnconfirmed(claim))].flatMap((alike) =>
    [...Map.groupBy(alike, ({ data }) => data.claimedBy)]
      .toSorted(([a], [b]) => orderClaimants.indexOf(b) - orderClaimants.indexOf(a))
      .map(([, own]) => own),
  );

const merge = (
  claims: readonly Claim[],
  isUnconfirmed: IsUnconfirmed,
): Pick<Order, 'orderId' | 'said' | 'listedBy' | 'differences'> => {
  const byRank = rankedOf(claims, isUnconfirmed);
  const ranked = byRank.map((own) => ownOverlay(own.map(({ data }) => data)));
  const [first] = wordsFirst(claims, isUnconfirmed);
  const overlaid = overlay(ranked);
  const said = { ...overlaid, orderId: first?.data.orderId ?? overlaid.orderId };
  const differences = Object.keys(said).filter((field) => {
    if (identifying.has(field)) return false;
    const values = ranked.flatMap((data) =>
      Object.entries(data).filter(([key, value]) => key === field && says(value)),
    );
    return new Set(values.map(([, value]) => JSON.stringify(value))).size > 1;
  });
  const listing = (list: 'legs' | 'fees') => byRank.flat().findLast(({ data }) => says(data[list]));
  const listedBy = { legs: listing('legs'), fees: listing('fees') };
  return { orderId: said.orderId, said, listedBy, differences: differences.sort() };
};

/** The engagement's orders, in the order of their first claims. */
export const ordersOf = (facts: Facts): readonly Order[] => {
  const placed = facts.of('OrderPlaced');
  const isUnconfirmed = unconfirmedIn(facts.events);
  const joined = joinedKeys(placed, isUnconfirmed);
  const fulfilments = Map.groupBy(facts.of('OrderFulfilled'), ({ data }) => joined.get(data.orderId));
  return [...Map.groupBy(placed, ({ data }) => joined.get(data.orderId))].map(([keys, claims]) => ({
    claims,
    ...merge(claims, isUnconfirmed),
    fulfilled: keys === undefined ? undefined : fulfilments.get(keys)?.[0],
  }));
};

const nameOf = ({ system, kind, id }: Claim['data']['legs'][number]['buyer']): string => `${system}/${kind}/${id}`;

/**
 * Whether an order's legs conserve value: the legs of each component have one first seller, one last buyer and one
 * currency. Every other seller has bought what it sells.
 */
export const legsConserve = (legs: Claim['data']['legs']): boolean =>
  [...Map.groupBy(legs, ({ component }) => component).values()].every((chain) => {
    const buyers = new Set(chain.map((leg) => nameOf(leg.buyer)));
    const sellers = new Set(chain.map((leg) => nameOf(leg.seller)));
    const ends = chain.filter((leg) => !sellers.has(nameOf(leg.buyer)));
    const starts = chain.filter((leg) => !buyers.has(nameOf(leg.seller)));
    return ends.length === 1 && starts.length === 1 && new Set(chain.map((leg) => leg.amount.currency)).size === 1;
  });

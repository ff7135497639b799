// Which orders were placed, and which claims of several parties are one order?
import type { RecordedOf } from '../../events/catalog.ts';
import { orderClaimants } from '../../events/procure.ts';
import { unconfirmedIn } from '../claims.ts';
import type { Facts } from './facts.ts';

type Claim = RecordedOf<'OrderPlaced'>;

export interface Order {
  /** The id of its first claim, in fold order. */
  readonly orderId: string;
  /** Its claims in fold order. */
  readonly claims: readonly Claim[];
  /** The fields of its claims: each from the claimant of highest precedence that has it. */
  readonly said: Claim['data'];
  readonly fulfilled: RecordedOf<'OrderFulfilled'> | undefined;
  /** The fields in which its claims differ. */
  readonly differences: readonly string[];
}

/** Every key by which a claim may be found: its order id, agreement id and purchase order number. */
const keysOf = (claim: Claim): readonly string[] => {
  const { orderId, agreementId, poNumber } = claim.data;
  return [orderId, agreementId, poNumber].filter((key) => key !== undefined);
};

/** For each key, all the keys that claims join it to, transitively. Joined keys have one set in common. */
const joinedKeys = (claims: readonly Claim[]): ReadonlyMap<string, ReadonlySet<string>> => {
  const joined = new Map<string, Set<string>>();
  for (const claim of claims) {
    const keys = keysOf(claim);
    for (const key of keys) if (!joined.has(key)) joined.set(key, new Set([key]));
    const met = new Set(keys.flatMap((key) => joined.get(key) ?? []));
    const [largest, ...others] = [...met].sort((a, b) => b.size - a.size);
    // Smaller sets join the largest one, so that few keys move.
    for (const key of others.flatMap((group) => [...group])) if (largest) joined.set(key, largest.add(key));
  }
  return joined;
};

const precedence = ({ claimedBy }: Claim['data']): number => orderClaimants.indexOf(claimedBy);

/**
 * The claim that an order's legs or fees come from: of the claimant of highest precedence that lists any, the last one.
 * Undefined if no claim lists any.
 */
export const claimOf = ({ claims }: Pick<Order, 'claims'>, list: 'legs' | 'fees'): Claim | undefined =>
  claims
    .filter(({ data }) => data[list].length > 0)
    .reduce<Claim | undefined>(
      (best, claim) => (best === undefined || precedence(claim.data) <= precedence(best.data) ? claim : best),
      undefined,
    );

/** Whether a field says something: undefined says nothing, nor does an empty list of legs or fees. */
const says = (value: unknown): boolean => value !== undefined && !(Array.isArray(value) && value.length === 0);

const identifying: ReadonlySet<string> = new Set(['claimedBy', 'orderId', 'agreementId', 'poNumber']);

/**
 * What each claimant says now. If its later claim of the order leaves a field out, its earlier claim still holds for
 * that field.
 */
const perClaimant = (claims: readonly Claim[]): readonly Claim['data'][] =>
  [...Map.groupBy(claims, ({ data }) => data.claimedBy).values()].map((own) => ownOverlay(own.map(({ data }) => data)));

/** The currency that was named last: it is that of the whole order, also where the total comes without it. */
const currencyOf = (said: readonly Claim['data'][]): string | undefined =>
  said.map(({ total, currency }) => total?.currency ?? currency).findLast((code) => code !== undefined);

/** What one claimant said of the order in several claims: of each field the last, the total in its own currency. */
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

/** Whether a claim is a partner's word that nobody confirmed: it ranks below all others, whoever it names as claimant. */
type IsUnconfirmed = (claim: Claim) => boolean;

/** The claims of each claimant, merged, from the lowest rank to the highest. */
const rankedOf = (claims: readonly Claim[], isUnconfirmed: IsUnconfirmed): readonly Claim['data'][] =>
  [claims.filter(isUnconfirmed), claims.filter((claim) => !isUnconfirmed(claim))].flatMap((alike) =>
    perClaimant(alike).toSorted((a, b) => precedence(b) - precedence(a)),
  );

const merge = (
  claims: readonly Claim[],
  first: Claim,
  isUnconfirmed: IsUnconfirmed,
): Pick<Order, 'said' | 'differences'> => {
  const ranked = rankedOf(claims, isUnconfirmed);
  const said = { ...overlay(ranked), orderId: first.data.orderId };
  const differences = Object.keys(said).filter((field) => {
    if (identifying.has(field)) return false;
    const values = ranked.flatMap((data) =>
      Object.entries(data).filter(([key, value]) => key === field && says(value)),
    );
    return new Set(values.map(([, value]) => JSON.stringify(value))).size > 1;
  });
  return { said, differences: differences.sort() };
};

/** The engagement's orders, in the order of their first claims. */
export const ordersOf = (facts: Facts): readonly Order[] => {
  const placed = facts.of('OrderPlaced');
  const isUnconfirmed = unconfirmedIn(facts.events);
  const joined = joinedKeys(placed);
  const fulfilments = Map.groupBy(facts.of('OrderFulfilled'), ({ data }) => joined.get(data.orderId));
  return [...Map.groupBy(placed, ({ data }) => joined.get(data.orderId))].flatMap(([keys, claims]) => {
    const [first] = claims;
    if (first === undefined || keys === undefined) return [];
    const fulfilled = fulfilments.get(keys)?.[0];
    return [{ orderId: first.data.orderId, claims, ...merge(claims, first, isUnconfirmed), fulfilled }];
  });
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

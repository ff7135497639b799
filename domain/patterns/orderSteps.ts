// What was known of the shape of each order, from claim to claim?
import type { RecordedOf } from '../../events/catalog.ts';
import { orderClaimants } from '../../events/fields.ts';
import { type IsUnconfirmed, unconfirmedIn } from '../claims.ts';
import type { Facts } from '../engagement/facts.ts';
import type { Shaped } from './orderShape.ts';

type Claim = RecordedOf<'OrderPlaced'>;

/** A claim, and what is known of its order from then on. */
export interface OrderStep {
  readonly claim: Claim;
  /** The first claim of the order, as far as it is known by then. */
  readonly first: Claim;
  /** The first claims of other orders that this claim joins to it. */
  readonly joins: readonly Claim[];
  readonly said: Shaped & Pick<Claim['data'], 'routeReason'>;
}

/** A field, and the precedence of the claimant that said it. */
interface Ranked<Value> {
  readonly value: Value;
  readonly rank: number;
}

type Said = OrderStep['said'];

type Sayings = { readonly [Field in keyof Required<Said>]: Ranked<Said[Field]> };

const nothing: Sayings = {
  legs: { value: [], rank: -1 },
  fees: { value: [], rank: -1 },
  marketplace: { value: undefined, rank: -1 },
  route: { value: undefined, rank: -1 },
  customer: { value: undefined, rank: -1 },
  routeReason: { value: undefined, rank: -1 },
};

const over = <Value>(known: Ranked<Value>, said: Ranked<Value>): Ranked<Value> => {
  const isSilent = said.value === undefined || (Array.isArray(said.value) && said.value.length === 0);
  return isSilent || said.rank < known.rank ? known : said;
};

const overlay = (known: Sayings, said: Sayings): Sayings => ({
  legs: over(known.legs, said.legs),
  fees: over(known.fees, said.fees),
  marketplace: over(known.marketplace, said.marketplace),
  route: over(known.route, said.route),
  customer: over(known.customer, said.customer),
  routeReason: over(known.routeReason, said.routeReason),
});

const sayingsOf = ({ data }: Claim, rank: number): Sayings => ({
  legs: { value: data.legs, rank },
  fees: { value: data.fees, rank },
  marketplace: { value: data.marketplace, rank },
  route: { value: data.route, rank },
  customer: { value: data.customer, rank },
  routeReason: { value: data.routeReason, rank },
});

const shapeOf = ({ legs, fees, marketplace, route, customer, routeReason }: Sayings): Said => ({
  legs: legs.value,
  fees: fees.value,
  marketplace: marketplace.value,
  route: route.value,
  customer: customer.value,
  routeReason: routeReason.value,
});

/** The order that claims make up, as far as they are known. */
interface Known {
  readonly first: Claim;
  readonly keys: string[];
  said: Sayings;
}

const keysOf = ({ data }: Claim): readonly string[] =>
  [data.orderId, data.agreementId, data.poNumber].filter((key) => key !== undefined);

/** A claimant's precedence. A partner's word that nobody confirmed ranks below all others. */
const rankOf = (claim: Claim, isUnconfirmed: IsUnconfirmed): number => {
  const below = orderClaimants.length - orderClaimants.indexOf(claim.data.claimedBy);
  return isUnconfirmed(claim) ? below : below + orderClaimants.length;
};

/**
 * Every claim in fold order, with the shape of its order as it was known then. What a later claim says or joins changes no earlier step,
 * so that a flag that was raised on a step keeps its ground. A partner's word that nobody confirmed joins no orders.
 */
export const orderSteps = (facts: Facts): readonly OrderStep[] => {
  const isUnconfirmed = unconfirmedIn(facts.events);
  const byKey = new Map<string, Known>();
  return facts.of('OrderPlaced').map((claim) => {
    const keys = keysOf(claim);
    const found = [...new Set(keys.flatMap((key) => byKey.get(key) ?? []))];
    const met = isUnconfirmed(claim) ? found.slice(0, 1) : found;
    const known = met.toSorted((a, b) => b.keys.length - a.keys.length)[0] ?? { first: claim, keys: [], said: nothing };
    const joined = met.filter((other) => other !== known);
    for (const other of joined) known.said = overlay(known.said, other.said);
    known.said = overlay(known.said, sayingsOf(claim, rankOf(claim, isUnconfirmed)));
    const taken = isUnconfirmed(claim) ? keys.filter((key) => !byKey.has(key)) : keys;
    for (const key of [...joined.flatMap((other) => other.keys), ...taken]) {
      if (byKey.get(key) !== known) known.keys.push(key);
      byKey.set(key, known);
    }
    return { claim, first: known.first, joins: joined.map(({ first }) => first), said: shapeOf(known.said) };
  });
};

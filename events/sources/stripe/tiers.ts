// What does a quantity cost whose price has tiers?
import { at, decimalAt, integerAt, type Json, textAt } from '../sourceJson.ts';
import { type Exact, exactOf, plus, times, whole } from './exact.ts';

interface Tier {
  /** The last unit of the tier; undefined for the last tier. */
  readonly upTo: bigint | undefined;
  readonly unit: Exact;
  readonly flat: Exact;
}

/** The first amount that is told; 0 if none is. Undefined if what is told can't be read. */
const amountAt = (tier: Json, names: readonly string[]): Exact | undefined => {
  const decimal = names.map((name) => decimalAt(tier, name)).find((text) => text !== undefined);
  if (decimal !== undefined) return exactOf(decimal);
  return names.every((name) => (at(tier, name) ?? null) === null) ? whole(0n) : undefined;
};

const tierOf = (json: Json): Tier | undefined => {
  const last = at(json, 'up_to') === null || textAt(json, 'up_to') === 'inf';
  const upTo = integerAt(json, 'up_to');
  if (!last && upTo === undefined) return undefined;
  const unit = amountAt(json, ['unit_amount', 'unit_amount_decimal', 'amount']);
  const flat = amountAt(json, ['flat_amount', 'flat_amount_decimal']);
  if (unit === undefined || flat === undefined) return undefined;
  return { upTo: upTo === undefined ? undefined : BigInt(upTo), unit, flat };
};

const graduated = (tiers: readonly Tier[], quantity: bigint): Exact | undefined => {
  let below = 0n;
  let sum = whole(0n);
  for (const { upTo, unit, flat } of tiers) {
    const top = upTo === undefined || upTo > quantity ? quantity : upTo;
    // The first tier is used by a quantity of 0 too: its flat amount is charged.
    if (top > below || below === 0n) sum = plus(sum, plus(times(unit, whole(top - below)), flat));
    if (top === quantity) return sum;
    below = top;
  }
  return undefined;
};

/**
 * The sum of a quantity under tiers, in Stripe's unit. Undefined if the message does not hold the tiers (Stripe leaves
 * them out of events since API version 2020-08-27), or if they do not reach the quantity.
 */
export const tieredSum = (tiers: readonly Json[], mode: string | undefined, quantity: bigint): Exact | undefined => {
  const read = tiers.map(tierOf);
  const all = read.filter((tier) => tier !== undefined);
  if (all.length === 0 || all.length < read.length) return undefined;
  if (mode === 'graduated') return graduated(all, quantity);
  const tier = mode === 'volume' ? all.find(({ upTo }) => upTo === undefined || quantity <= upTo) : undefined;
  return tier === undefined ? undefined : plus(times(tier.unit, whole(quantity)), tier.flat);
};

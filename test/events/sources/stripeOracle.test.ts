// Does any subscription have the price that Stripe's documentation gives it? The oracle shares no code with the adapter.
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { dataOf, factsIn } from './reading.ts';
import { created, itemOf, saidBy } from './stripeShapes.ts';

/** The presentment currencies of docs.stripe.com/currencies, by how Stripe writes their amounts. */
const twoDecimals =
  'usd aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bmd bnd bob brl bsd bwp byn bzd cad cdf chf cny cop crc cve czk dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gtq gyd hkd hnl htg huf idr ils inr jmd kes kgs khr kyd kzt lak lbp lkr lrd lsl mad mdl mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd pab pen pgk php pkr pln qar ron rsd rub sar sbd scr sek sgd shp sle sos srd std szl thb tjs top try ttd twd tzs uah uyu uzs wst xcd yer zar zmw'.split(
    ' ',
  );
const noDecimals = 'bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' ');
const writtenWithTwo = ['isk', 'ugx'];
const threeDecimals = ['bhd', 'jod', 'kwd', 'omr', 'tnd'];

/** ISO's minor units in one hundred of Stripe's units. */
const isoPerHundred = (currency: string): bigint => {
  if (currency === 'mga') return 10_000n;
  return writtenWithTwo.includes(currency) ? 1n : 100n;
};

interface Case {
  readonly currency: string;
  readonly scheme: 'unit' | 'decimal' | 'package' | 'graduated' | 'volume' | 'hiddenTiers' | 'metered';
  readonly quantity: number;
  /** Thousandths of Stripe's unit. */
  readonly thousandths: number;
  readonly size: number;
  readonly up: boolean;
}

/** The sum in thousandths of Stripe's unit; a word where Stripe's own object does not tell it. */
const sumOf = ({ scheme, quantity, thousandths, size, up }: Case): bigint | string => {
  const units = BigInt(quantity);
  const unit = BigInt(thousandths);
  const rounded = unit - (unit % 1000n);
  switch (scheme) {
    case 'metered':
      return 'metered';
    case 'hiddenTiers':
      return 'tiered';
    case 'unit':
      return rounded * units;
    case 'decimal':
      return unit * units;
    case 'package': {
      const parts = Number.isInteger(quantity / size) ? quantity / size : Math.trunc(quantity / size) + (up ? 1 : 0);
      return rounded * BigInt(parts);
    }
    case 'graduated': {
      // The first `size` units at the price and 7 flat; each further unit at 3.
      const first = quantity < size ? units : BigInt(size);
      return rounded * first + 7000n + 3000n * (units - first);
    }
    case 'volume':
      return quantity <= size ? rounded * units + 7000n : 3000n * units;
    default:
      return scheme satisfies never;
  }
};

const expectedOf = (given: Case): unknown => {
  const sum = sumOf(given);
  if (typeof sum === 'string') return { priceReason: sum };
  if (sum % 1000n !== 0n) return { priceReason: 'notWholeMinorUnits' };
  const hundredfold = (sum / 1000n) * isoPerHundred(given.currency);
  if (hundredfold % 100n !== 0n) return { priceReason: 'notWholeMinorUnits' };
  return { price: { amountMinor: Number(hundredfold / 100n), currency: given.currency.toUpperCase() } };
};

const itemFor = (
  { currency, scheme, quantity, thousandths, size, up }: Case,
  recurring: Readonly<Record<string, unknown>>,
) => {
  const unit_amount = Math.trunc(thousandths / 1000);
  const whole = { unit_amount, unit_amount_decimal: String(unit_amount) };
  const tiers = [
    { up_to: size, ...whole, flat_amount: 7, flat_amount_decimal: '7' },
    { up_to: null, unit_amount: 3, unit_amount_decimal: '3', flat_amount: null },
  ];
  const none = { unit_amount: null, unit_amount_decimal: null, billing_scheme: 'tiered' };
  const decimal = `${unit_amount}.${String(thousandths % 1000).padStart(3, '0')}`;
  const price = {
    unit: whole,
    decimal: { unit_amount: thousandths % 1000 === 0 ? unit_amount : null, unit_amount_decimal: decimal },
    package: { ...whole, transform_quantity: { divide_by: size, round: up ? 'up' : 'down' } },
    graduated: { ...none, tiers_mode: 'graduated', tiers },
    volume: { ...none, tiers_mode: 'volume', tiers },
    hiddenTiers: { ...none, tiers_mode: up ? 'graduated' : 'volume' },
    metered: whole,
  }[scheme];
  const usage_type = scheme === 'metered' ? 'metered' : 'licensed';
  const counted = scheme === 'metered' ? undefined : quantity;
  return itemOf({ quantity: counted }, { currency, ...price }, { ...recurring, usage_type });
};

const cases = fc.record<Case>({
  currency: fc.constantFrom(
    ...twoDecimals,
    ...noDecimals,
    ...writtenWithTwo,
    ...threeDecimals,
    ...writtenWithTwo,
    'mga',
  ),
  scheme: fc.constantFrom('unit', 'decimal', 'package', 'graduated', 'volume', 'hiddenTiers', 'metered'),
  quantity: fc.oneof(fc.integer({ min: 0, max: 60 }), fc.constantFrom(100, 1000, 999_999)),
  thousandths: fc.oneof(
    fc.integer({ min: 0, max: 9_999_999 }),
    fc.integer({ min: 0, max: 9999 }).map((n) => n * 1000),
  ),
  size: fc.integer({ min: 1, max: 40 }),
  up: fc.boolean(),
});

/** The intervals that Stripe allows: up to three years. */
const intervals = fc.oneof(
  fc.record({ interval: fc.constant('day'), interval_count: fc.integer({ min: 1, max: 999 }) }),
  fc.record({ interval: fc.constant('week'), interval_count: fc.integer({ min: 1, max: 156 }) }),
  fc.record({ interval: fc.constant('month'), interval_count: fc.integer({ min: 1, max: 36 }) }),
  fc.record({ interval: fc.constant('year'), interval_count: fc.integer({ min: 1, max: 3 }) }),
);
const letters: Readonly<Record<string, string>> = { day: 'D', week: 'W', month: 'M', year: 'Y' };

/** What a status means for a new subscription, by docs.stripe.com/billing/subscriptions/overview. */
const statuses: Readonly<Record<string, readonly string[]>> = {
  active: ['SubscriptionStarted'],
  trialing: ['SubscriptionStarted'],
  past_due: ['SubscriptionStarted'],
  unpaid: ['SubscriptionStarted', 'SubscriptionSuspended'],
  paused: ['SubscriptionStarted', 'SubscriptionSuspended'],
  incomplete: [],
  incomplete_expired: [],
  canceled: [],
};

it('for all currencies, billing schemes, intervals, statuses and quantities', () => {
  fc.assert(
    fc.property(cases, intervals, fc.constantFrom(...Object.keys(statuses)), (given, recurring, status) => {
      const translation = saidBy(created({ currency: given.currency, status }, [itemFor(given, recurring)]));
      const types = statuses[status] ?? [];
      if (types.length === 0) {
        expect(translation).toMatchObject({ outcome: 'ignored' });
        return;
      }
      const facts = factsIn(translation).filter(({ derived }) => derived !== true);
      expect(facts.map(({ type }) => type)).toEqual(types);
      const data = dataOf(facts[0]);
      const months = recurring.interval === 'month' && recurring.interval_count % 12 === 0;
      const billingPeriod = months
        ? `P${recurring.interval_count / 12}Y`
        : `P${recurring.interval_count}${letters[recurring.interval]}`;
      expect(data).toMatchObject({ ...Object(expectedOf(given)), billingPeriod });
      expect('price' in Object(data) && 'priceReason' in Object(data)).toBe(false);
    }),
    { numRuns: 3000 },
  );
});

it('for several items of one subscription: the sum in the longest interval, or a reason', () => {
  const perMonth = fc.constantFrom(1, 2, 3, 4, 6, 12, 24);
  const items = fc.array(fc.record({ months: perMonth, amount: fc.nat(100_000), quantity: fc.nat(50) }), {
    minLength: 1,
    maxLength: 6,
  });
  fc.assert(
    fc.property(items, (lines) => {
      const longest = Math.max(...lines.map(({ months }) => months));
      const exact = lines.every(({ months }) => longest % months === 0);
      const sum = lines.reduce(
        (total, { months, amount, quantity }) => total + amount * quantity * (longest / months),
        0,
      );
      const data = dataOf(
        factsIn(
          saidBy(
            created(
              {},
              lines.map(({ months, amount, quantity }, index) =>
                itemOf(
                  { id: `si_${index}`, quantity },
                  { unit_amount: amount },
                  { interval: 'month', interval_count: months },
                ),
              ),
            ),
          ),
        )[0],
      );
      expect(data).toMatchObject(
        exact ? { price: { amountMinor: sum, currency: 'USD' } } : { priceReason: 'mixedIntervals' },
      );
    }),
    { numRuns: 500 },
  );
});

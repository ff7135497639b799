// Is a subscription's price exact, or absent with its reason?
import { describe, expect, it } from 'vitest';
import { itemOf, monthOn, start, startOf, toldBy, updated } from './stripeShapes.ts';

const usd = (amountMinor: number) => ({ amountMinor, currency: 'USD' });
const price = (...given: Parameters<typeof itemOf>) => startOf({}, [itemOf(...given)]);
const forever = (coupon: Readonly<Record<string, unknown>>) => ({
  discount: { id: 'di_1', coupon: { id: 'c', duration: 'forever', ...coupon } },
});

describe('what a unit costs', () => {
  it('is not known before usage, nor without a quantity', () => {
    expect(price({ quantity: undefined }, {}, { usage_type: 'metered' })).toMatchObject({ priceReason: 'metered' });
    expect(price({}, {}, { usage_type: 'metered' })).toMatchObject({ priceReason: 'metered' });
    expect(price({ quantity: undefined })).toMatchObject({ priceReason: 'metered' });
    expect(price({ quantity: undefined })).not.toHaveProperty('price');
    expect(price({ quantity: '1.5' })).toMatchObject({ priceReason: 'quantityUnreadable' });
    expect(price({ quantity: 0 })).toMatchObject({ price: usd(0), quantity: 0 });
  });

  it.each([
    [25, 10, 'up', 3600],
    [25, 10, 'down', 2400],
    [30, 10, 'up', 3600],
    [0, 10, 'up', 0],
    [9, 10, 'down', 0],
    [1e12, 1e12, 'up', 1200],
  ])('%i units in packages of %i, rounded %s, cost %i', (quantity, divide_by, round, sum) => {
    expect(price({ quantity }, { transform_quantity: { divide_by, round } })).toMatchObject({ price: usd(sum) });
  });

  it('has a reason if the package can not be read', () => {
    for (const rule of [{ divide_by: 0, round: 'up' }, { divide_by: 10 }, { divide_by: 10, round: 'nearest' }])
      expect(price({}, { transform_quantity: rule })).toMatchObject({ priceReason: 'packageUnreadable' });
  });

  it('is computed from tiers where the message holds them', () => {
    const tiers = [
      { up_to: 5, unit_amount: 1000, flat_amount: null },
      { up_to: 20, unit_amount: 800, flat_amount: 500 },
      { up_to: null, unit_amount: null, unit_amount_decimal: '0.5', flat_amount: 100 },
    ];
    const tiered = (quantity: number, tiers_mode: string, shown: unknown = tiers) =>
      price(
        { quantity },
        { billing_scheme: 'tiered', unit_amount: null, unit_amount_decimal: null, tiers_mode, tiers: shown },
      );
    expect(tiered(5, 'graduated')).toMatchObject({ price: usd(5000) });
    expect(tiered(6, 'graduated')).toMatchObject({ price: usd(5000 + 500 + 800) });
    expect(tiered(22, 'graduated')).toMatchObject({ price: usd(5000 + 500 + 12_000 + 100 + 1) });
    expect(tiered(21, 'graduated')).toMatchObject({ priceReason: 'notWholeMinorUnits' });
    expect(tiered(6, 'volume')).toMatchObject({ price: usd(6 * 800 + 500) });
    expect(tiered(22, 'volume')).toMatchObject({ price: usd(100 + 11) });
    for (const shown of [null, [], [{ unit_amount: 1 }], tiers.slice(0, 1), [{ up_to: null, unit_amount: 'free' }]])
      expect(tiered(6, 'graduated', shown)).toMatchObject({ priceReason: 'tiered' });
    expect(tiered(6, 'unknown')).toMatchObject({ priceReason: 'tiered' });
  });

  it('may be a fraction of a minor unit, if all units together are whole', () => {
    const decimal = (text: string) => price({}, { unit_amount: null, unit_amount_decimal: text });
    expect(decimal('0.3')).toMatchObject({ price: usd(3) });
    expect(decimal('0.35')).toMatchObject({ priceReason: 'notWholeMinorUnits' });
    expect(price({}, { unit_amount: null, unit_amount_decimal: null })).toMatchObject({ priceReason: 'noUnitAmount' });
    expect(price({}, { unit_amount: -1 })).toMatchObject({ priceReason: 'negative' });
    expect(price({ quantity: 1e12 }, { unit_amount: 10_000 })).toMatchObject({ priceReason: 'amountTooLarge' });
    for (const quantity of [-1, 1e13]) {
      expect(price({ quantity })).toMatchObject({ priceReason: 'quantityUnreadable' });
      expect(price({ quantity })).not.toHaveProperty('quantity');
    }
  });
});

describe('currencies', () => {
  const in_ = (currency: string, unit_amount: number) =>
    startOf({ currency }, [itemOf({ quantity: 1 }, { currency, unit_amount })]);

  it('are written by Stripe and by ISO 4217 with other decimals', () => {
    expect(in_('isk', 500_000)).toMatchObject({ price: { amountMinor: 5000, currency: 'ISK' } });
    expect(in_('ugx', 500_000)).toMatchObject({ price: { amountMinor: 5000, currency: 'UGX' } });
    expect(in_('mga', 45_000)).toMatchObject({ price: { amountMinor: 4_500_000, currency: 'MGA' } });
    expect(in_('jpy', 500)).toMatchObject({ price: { amountMinor: 500, currency: 'JPY' } });
    expect(in_('kwd', 5120)).toMatchObject({ price: { amountMinor: 5120, currency: 'KWD' } });
    expect(in_('huf', 50_000)).toMatchObject({ price: { amountMinor: 50_000, currency: 'HUF' } });
    expect(in_('isk', 500_050)).toMatchObject({ priceReason: 'notWholeMinorUnits' });
    expect(in_('clf', 500)).toMatchObject({ priceReason: 'currencyUnknown' });
    expect(in_('€', 500)).toMatchObject({ priceReason: 'currencyUnknown' });
  });

  it('may be other ones than the price’s own, if the price shows them', () => {
    const options = { currency_options: { eur: { unit_amount: 1100, unit_amount_decimal: '1100' } } };
    expect(startOf({ currency: 'eur' }, [itemOf({}, options)])).toMatchObject({
      price: { amountMinor: 11_000, currency: 'EUR' },
    });
    expect(startOf({ currency: 'eur' })).toMatchObject({ priceReason: 'currencyNotShown' });
    expect(startOf({ currency: null }, [itemOf(), itemOf({ id: 'si_2' }, { currency: 'eur' })])).toMatchObject({
      priceReason: 'mixedCurrencies',
    });
  });
});

describe('intervals', () => {
  it.each([
    ['day', 1, 'P1D'],
    ['day', 45, 'P45D'],
    ['week', 1, 'P1W'],
    ['week', 4, 'P4W'],
    ['month', 2, 'P2M'],
    ['month', 12, 'P1Y'],
    ['month', 18, 'P18M'],
    ['month', 36, 'P3Y'],
    ['year', 3, 'P3Y'],
  ])('every %s × %i', (interval, interval_count, billingPeriod) => {
    expect(price({}, {}, { interval, interval_count })).toMatchObject({ price: usd(12_000), billingPeriod });
  });

  it('that can not be read leave no price', () => {
    for (const recurring of [{ interval: 'fortnight' }, { interval_count: 0 }, { interval_count: 1000 }])
      expect(price({}, {}, recurring)).toMatchObject({ priceReason: 'intervalUnknown' });
  });

  it('of one subscription add up in the longest, which is also its term', () => {
    const monthly = itemOf(
      { id: 'si_2', quantity: 1, current_period_end: monthOn },
      { unit_amount: 500 },
      { interval: 'month' },
    );
    const mixed = startOf({ billing_mode: { type: 'flexible' } }, [monthly, itemOf()]);
    expect(mixed).toMatchObject({ price: usd(18_000), billingPeriod: 'P1Y', termEnd: '2027-02-01T00:00:00.000Z' });
    const weekly = itemOf({ id: 'si_2', current_period_end: start + 7 * 86_400 }, {}, { interval: 'week' });
    expect(startOf({}, [itemOf(), weekly])).toMatchObject({
      priceReason: 'mixedIntervals',
      billingPeriod: 'P1Y',
      termEnd: '2027-02-01T00:00:00.000Z',
    });
    const daily = itemOf({ quantity: 1 }, { unit_amount: 10 }, { interval: 'day' });
    expect(startOf({}, [weekly, daily])).toMatchObject({ price: usd(12_070), billingPeriod: 'P1W' });
    const quarterly = itemOf({}, {}, { interval: 'month', interval_count: 3 });
    const fiveMonths = itemOf({}, {}, { interval: 'month', interval_count: 5 });
    expect(startOf({}, [quarterly, fiveMonths])).toMatchObject({ priceReason: 'mixedIntervals', billingPeriod: 'P5M' });
  });

  it('of items that are cut off are not known where they may differ', () => {
    const cutOff = { has_more: true, total_count: 14 };
    const classic = startOf({}, [itemOf()], cutOff);
    expect(classic).toMatchObject({
      priceReason: 'itemsCutOff',
      billingPeriod: 'P1Y',
      termEnd: '2027-02-01T00:00:00.000Z',
    });
    for (const field of ['price', 'quantity', 'sku']) expect(classic).not.toHaveProperty(field);
    const flexible = startOf({ billing_mode: { type: 'flexible' } }, [itemOf()], cutOff);
    for (const field of ['price', 'billingPeriod', 'termEnd']) expect(flexible).not.toHaveProperty(field);
  });
});

describe('discounts', () => {
  it('for ever are taken off where what is left is exact', () => {
    expect(startOf({ discounts: ['di_1'], ...forever({ percent_off: 100 }) })).toMatchObject({ price: usd(0) });
    expect(startOf(forever({ percent_off: 12.5 }))).toMatchObject({ price: usd(10_500) });
    expect(startOf(forever({ percent_off: 33.333 }))).toMatchObject({ priceReason: 'discounted' });
    expect(startOf(forever({ amount_off: 500, currency: 'usd' }))).toMatchObject({ price: usd(11_500) });
    expect(startOf(forever({ amount_off: 50_000, currency: 'usd' }))).toMatchObject({ price: usd(0) });
    expect(startOf(forever({ amount_off: 500, currency: 'eur' }))).toMatchObject({ priceReason: 'discounted' });
  });

  it('are read as lists, in the order of the list, and on items too', () => {
    const half = { id: 'di_1', source: { type: 'coupon', coupon: { duration: 'forever', percent_off: 50 } } };
    const off = { id: 'di_2', coupon: { duration: 'forever', amount_off: 1000, currency: 'usd' } };
    expect(startOf({ discounts: [half, off] })).toMatchObject({ price: usd(5000) });
    expect(startOf({ discounts: [off, half] })).toMatchObject({ price: usd(5500) });
    expect(startOf({ discounts: [half] }, [itemOf({ discounts: [off] })])).toMatchObject({ price: usd(5500) });
    expect(startOf({ customer: { id: 'cus_1', discount: half } })).toMatchObject({ price: usd(6000) });
  });

  it('that end, or of which only an id is shown, leave no price', () => {
    const of = (coupon: Readonly<Record<string, unknown>>) => ({ discount: { id: 'di_1', coupon } });
    for (const given of [
      of({ duration: 'once', percent_off: 50 }),
      of({ duration: 'repeating', duration_in_months: 3, percent_off: 50 }),
      of({ duration: 'forever' }),
      of({ duration: 'forever', percent_off: 150 }),
      { discounts: ['di_1'] },
      { discounts: ['di_2'], ...forever({ percent_off: 100 }) },
      { discounts: [{ id: 'di_1', source: { type: 'coupon', coupon: 'c' } }] },
    ])
      expect(startOf(given)).toMatchObject({ priceReason: 'discounted' });
    expect(startOf({}, [itemOf({ discounts: ['di_1'] })])).toMatchObject({ priceReason: 'discounted' });
  });

  it('that have ended take nothing off', () => {
    const over = { discount: { id: 'di_1', end: start, coupon: { duration: 'repeating', percent_off: 50 } } };
    expect(startOf(over)).toMatchObject({ price: usd(12_000) });
  });

  it('of several products have no known reach unless the coupon names it', () => {
    const other = itemOf({ id: 'si_2' }, { product: 'prod_2' });
    expect(startOf(forever({ percent_off: 50 }), [itemOf(), other])).toMatchObject({ priceReason: 'discounted' });
    const named = forever({ percent_off: 50, applies_to: { products: ['prod_2'] } });
    expect(startOf(named, [itemOf(), other])).toMatchObject({ price: usd(18_000) });
    const monthly = itemOf({ id: 'si_2' }, {}, { interval: 'month' });
    expect(startOf(forever({ amount_off: 5, currency: 'usd' }), [itemOf(), monthly])).toMatchObject({
      priceReason: 'discounted',
    });
  });

  it('that are taken away give the price back', () => {
    const previous = { discount: { id: 'di_1', coupon: { duration: 'once', percent_off: 50 } } };
    expect(toldBy(updated({ discount: null }, previous))).toMatchObject([
      ['SubscriptionChanged', { price: usd(12_000) }],
    ]);
  });
});

describe('tax', () => {
  const automatic_tax = { enabled: true };
  it('beside the price leaves it as it is; inside of it, or unspecified, it leaves none', () => {
    expect(startOf({ automatic_tax }, [itemOf({}, { tax_behavior: 'exclusive' })])).toMatchObject({
      price: usd(12_000),
    });
    expect(startOf({ automatic_tax }, [itemOf({}, { tax_behavior: 'inclusive' })])).toMatchObject({
      priceReason: 'taxInside',
    });
    expect(startOf({ automatic_tax })).toMatchObject({ priceReason: 'taxUnspecified' });
    expect(startOf({}, [itemOf({}, { tax_behavior: 'inclusive' })])).toMatchObject({ price: usd(12_000) });
    const rates = (inclusive: boolean) => [{ id: 'txr_1', inclusive, percentage: 25 }];
    expect(startOf({ default_tax_rates: rates(true) })).toMatchObject({ priceReason: 'taxInside' });
    expect(startOf({ default_tax_rates: rates(false) })).toMatchObject({ price: usd(12_000) });
    expect(startOf({}, [itemOf({ tax_rates: rates(true) })])).toMatchObject({ priceReason: 'taxInside' });
  });
});

it('a subscription without items has no price', () => {
  expect(startOf({}, [])).toMatchObject({ priceReason: 'noItems' });
});

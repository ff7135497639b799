// What is an engagement's deal worth, and who may see it?
import * as z from 'zod';
import { forEveryone, forSeers, forVendor } from '../../events/audience.ts';
import type { RecordedEvent } from '../../events/catalog.ts';
import type { Money } from '../../events/money.ts';
import { amountFieldOf, type DealWorth, dealValues, moneyOfDeal } from '../engagement/dealValues.ts';
import { CurrencyCode, Minor } from './commonColumns.ts';
import type { RowContext } from './rowContext.ts';
import { seenBy, seenByColumn } from './seenBy.ts';
import type { Columns } from './table.ts';

/** The columns of the head row that say what the deal is worth. */
export const valueColumns = () => ({
  ...forEveryone({
    valueEvent: z.string().nullable().describe('The event that named the value, or cleared it; null if none did.'),
  }),
  ...forVendor({ valueSeenBy: seenByColumn('the value') }),
  ...forSeers(
    { seenBy: 'valueSeenBy', from: 'valueEvent', reason: 'valueReason' },
    {
      valueMinor: Minor.describe('The latest value of the deal, minor units.'),
      valueCurrency: CurrencyCode.describe('The currency of `valueMinor`.'),
      valueReason: z
        .enum(['notSaid', 'cleared', 'currencyUnknown', 'notExact', 'notAdded'])
        .nullable()
        .describe(
          'Why there is no value: none was named, it was cleared, its currency is unknown, it has more decimals than its currency, or combined deals name values that can not be added.',
        ),
    },
  ),
});

type Cells = Columns<typeof valueColumns>;

type Worth =
  | { readonly money: Money; readonly reason?: undefined }
  | { readonly money?: undefined; readonly reason: NonNullable<Cells['valueReason']> };

const dealValueOf = (last: DealWorth | undefined): Worth => {
  if (last === undefined) return { reason: 'notSaid' };
  if (last.added?.isMixed === true) return { reason: 'notAdded' };
  if (last.value === undefined) return { reason: 'cleared' };
  const money = moneyOfDeal(last);
  if (money !== undefined) return { money };
  return { reason: last.currency === undefined ? 'currencyUnknown' : 'notExact' };
};

/** The events that name the amounts of a value. */
const amountsFrom = (worth: DealWorth | undefined): readonly RecordedEvent[] =>
  worth === undefined ? [] : [worth.amountFrom, ...(worth.added?.from ?? [])];

/** The cells of the value that holds: the last one said, of combined deals their sum. */
export const valueCells = ({ engagement, seersOf }: Pick<RowContext, 'engagement' | 'seersOf'>): Cells => {
  const worth = dealValues(engagement).at(-1);
  const value = dealValueOf(worth);
  return {
    valueEvent: worth?.amountFrom.eventId ?? null,
    valueSeenBy: seenBy(amountsFrom(worth).map((event) => seersOf(event, amountFieldOf(event)))),
    valueMinor: value.money?.amountMinor ?? null,
    valueCurrency: value.money?.currency ?? null,
    valueReason: value.reason ?? null,
  };
};

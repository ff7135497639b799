// What did the facts say the deal is worth, one after the other?
import type { RecordedEvent } from '../../events/catalog.ts';
import { type DealValue, decimalOf, type Money, moneyOf } from '../../events/money.ts';
import { unconfirmedIn, wordsFirst } from '../claims.ts';
import { inFoldOrder } from '../history.ts';
import { originOf } from '../merging.ts';
import { oncePer } from '../oncePer.ts';
import type { Facts } from './facts.ts';

/** A value of the deal, from an event on. */
export interface DealWorth {
  readonly event: RecordedEvent;
  /** The event that named the amount, or cleared it. A currency that comes alone is no amount. */
  readonly amountFrom: RecordedEvent;
  /** Undefined if the value was cleared. */
  readonly value: DealValue | undefined;
  /** Undefined if no currency is known. */
  readonly currency: string | undefined;
  /** Of combined deals: the events that named the other amounts of the sum, and whether they have no sum. */
  readonly added?: { readonly from: readonly RecordedEvent[]; readonly isMixed: boolean };
}

/** A deal, and the deals that were combined with it. */
interface Deals extends Pick<Facts, 'events'> {
  readonly combined?: readonly (readonly RecordedEvent[])[] | undefined;
  /** The streams whose deals stand aside: a proposal there names no value of this deal. */
  readonly dealsAside?: ReadonlySet<string> | undefined;
}

const dealValueOf = (event: RecordedEvent): DealValue | null | undefined => {
  switch (event.type) {
    case 'EngagementOpened':
      return event.data.expectedValue;
    case 'DealRevised':
    case 'DealClosed':
    case 'SolutionProposed':
      return event.data.value;
    default:
      return undefined;
  }
};

/** The field of an event that names the deal's value. */
export const amountFieldOf = ({ type }: RecordedEvent): 'expectedValue' | 'value' =>
  type === 'EngagementOpened' ? 'expectedValue' : 'value';

/** What an event says of the deal's value: null clears it, and a currency may come alone. */
const saidBy = (
  event: RecordedEvent,
): { readonly value: DealValue | null | undefined; readonly currency: string | undefined } => {
  const value = dealValueOf(event);
  return { value, currency: value?.currency ?? (event.type === 'DealRevised' ? event.data.currency : undefined) };
};

/**
 * Every value that a fact of the deal names, in fold order. If the fact names no currency, the currency is the latest
 * one that the same source had named by then, else the connection's. A currency that comes alone gives the amount
 * before it another currency: the number stays, since no source converts it. Where the vendor or a system names a value, what a
 * partner says and nobody confirmed does not count. Values of deals that were combined with it add.
 */
export const dealValues = ({ events, combined = [], dealsAside }: Deals): readonly DealWorth[] => {
  if (dealsAside === undefined || dealsAside.size === 0) return valuesIn(events);
  const own = events.filter((event) => !dealsAside.has(originOf(event)));
  return sumsOf([own, ...combined].map(valuesIn));
};

const valuesIn = oncePer((events: Facts['events']): readonly DealWorth[] => {
  const worths = worthsIn(events);
  const isUnconfirmed = unconfirmedIn(events);
  const counted = new Set(
    wordsFirst(
      worths.map(({ event }) => event),
      isUnconfirmed,
    ),
  );
  return worths.filter(({ event }) => counted.has(event));
});

/** What partners say the deal is worth, where the vendor or a system says it too: their word alone counts. */
export const claimedValues = ({ events }: Pick<Facts, 'events'>): readonly DealWorth[] => {
  const counted = new Set(valuesIn(events).map(({ event }) => event));
  return worthsIn(events).filter(({ event }) => !counted.has(event));
};

const worthsIn = (events: Facts['events']): readonly DealWorth[] => {
  const said = events.flatMap((event) => {
    const { value, currency } = saidBy(event);
    return value === undefined && currency === undefined ? [] : [{ event, value, currency }];
  });
  const named = new Map<string, string>();
  const amounts = new Map<string, { readonly value: DealValue | undefined; readonly from: RecordedEvent }>();
  let heard = 0;
  return said.flatMap(({ event, value, currency }): readonly DealWorth[] => {
    const { source } = event;
    // Currencies of the same instant count too.
    for (let next = said[heard]; next !== undefined && next.event.occurredAt <= event.occurredAt; next = said[heard]) {
      if (next.currency !== undefined) named.set(next.event.source, next.currency);
      heard += 1;
    }
    const known = currency ?? named.get(source) ?? event.connectionCurrency;
    if (value !== undefined) {
      amounts.set(source, { value: value ?? undefined, from: event });
      return [{ event, amountFrom: event, value: value ?? undefined, currency: known }];
    }
    const { value: amount, from: amountFrom } = amounts.get(source) ?? {};
    return amount === undefined || amountFrom === undefined
      ? []
      : [{ event, amountFrom, value: { amount: amount.amount }, currency: known }];
  });
};

/** The sum of what each deal is worth at an event; none where an amount has no money, or where the currencies differ. */
const sumOf = (event: RecordedEvent, worths: readonly DealWorth[]): DealWorth => {
  const [first] = worths;
  const own = worths.find((worth) => worth.event === event) ?? first;
  const from = worths.filter((worth) => worth !== own).map(({ amountFrom }) => amountFrom);
  const amounts = worths.map(moneyOfDeal);
  const currency = first?.currency;
  const sum = amounts.reduce<number | undefined>(
    (total, money) =>
      total === undefined || money === undefined || money.currency !== currency ? undefined : total + money.amountMinor,
    0,
  );
  const isMixed = sum === undefined || currency === undefined || !Number.isSafeInteger(sum);
  const value = isMixed ? undefined : { amount: decimalOf({ amountMinor: sum, currency }), currency };
  return { event, amountFrom: own?.amountFrom ?? event, value, currency, added: { from, isMixed } };
};

/** What several deals are worth together, after each event that names a value of one of them. A value that was cleared adds nothing. */
const sumsOf = (deals: readonly (readonly DealWorth[])[]): readonly DealWorth[] => {
  const latest = new Map<number, DealWorth>();
  return deals
    .flatMap((worths, deal) => worths.map((worth) => ({ worth, deal })))
    .sort((a, b) => inFoldOrder(a.worth.event, b.worth.event))
    .map(({ worth, deal }) => {
      latest.set(deal, worth);
      const known = [...latest.values()].filter(({ value }) => value !== undefined);
      // What is left of a sum holds from the event that cleared the rest, not from the one that named it.
      return known.length > 1 ? sumOf(worth.event, known) : { ...(known[0] ?? worth), event: worth.event };
    });
};

/** A deal value as money. Undefined if no currency is known, or if the text has more decimals than the currency. */
export const moneyOfDeal = ({ value, currency }: DealWorth): Money | undefined =>
  value === undefined || currency === undefined ? undefined : moneyOf(value.amount, currency);

// Which parties may see every price of a set that changes one price at a time?
import { anyParty } from '../../events/audience.ts';
import type { RecordedEvent } from '../../events/catalog.ts';

/** The parties that may see the price of an event. */
export type PriceSeers = (event: RecordedEvent) => ReadonlySet<string>;

/** Prices, and how many of them each party may see. Counts are kept, so that no question goes through all prices. */
export interface PriceTally {
  readonly add: (price: RecordedEvent) => void;
  readonly remove: (price: RecordedEvent) => void;
  /** The parties that may see each price. Without a price there is nothing to hide. */
  readonly seenBy: () => string[];
  /** How many of the prices a party may not see. */
  readonly closedTo: (party: string) => number;
}

/** A tally of these prices, for a start. A price counts once, however often it is added. */
export const tallyOf = (seersOf: PriceSeers, start: readonly RecordedEvent[] = []): PriceTally => {
  const prices = new Map<RecordedEvent, ReadonlySet<string>>();
  const seen = new Map<string, number>();
  const count = (parties: ReadonlySet<string>, times: 1 | -1): void => {
    for (const party of parties) seen.set(party, (seen.get(party) ?? 0) + times);
  };
  const tally: PriceTally = {
    add: (price) => {
      if (prices.has(price)) return;
      const seers = seersOf(price);
      prices.set(price, seers);
      count(seers, 1);
    },
    remove: (price) => {
      const seers = prices.get(price);
      if (seers !== undefined) count(seers, -1);
      prices.delete(price);
    },
    seenBy: () => {
      // Who may see each price may see any one of them.
      const [first] = prices.values();
      return first === undefined ? [anyParty] : [...first].filter((party) => seen.get(party) === prices.size);
    },
    closedTo: (party) => prices.size - (seen.get(party) ?? 0),
  };
  for (const price of start) tally.add(price);
  return tally;
};

// What do the books say was earned by implementing an offer?
import type { RecordedOf } from '../../events/catalog.ts';
import type { Instant } from '../../events/instant.ts';
import type { Facts } from '../engagement/facts.ts';
import { turningPoint } from '../time/sortedSearch.ts';
import { lastById } from './lastById.ts';

export interface Earned {
  readonly minor: number;
  readonly currency: string;
  /** When the first of it was earned. */
  readonly from: Instant;
}

type Entry = RecordedOf<'LedgerEntryRecorded'>;

const signs: Readonly<Partial<Record<Entry['data']['kind'], 1 | -1>>> = { charge: 1, credit: -1, refund: -1 };

const sumOf = (entries: readonly Entry[]): Earned | undefined => {
  const first = entries.find(({ data }) => data.kind === 'charge');
  if (first === undefined || new Set(entries.map(({ data }) => data.amount.currency)).size > 1) return undefined;
  const minor = entries.reduce((sum, { data }) => sum + (signs[data.kind] ?? 0) * data.amount.amountMinor, 0);
  return minor > 0 && Number.isSafeInteger(minor)
    ? { minor, currency: first.data.amount.currency, from: first.occurredAt }
    : undefined;
};

/**
 * The revenue of implementation that the engagement's ledger entries name, less credits and refunds, in minor units: for each
 * delivery what was earned from its start on and before the next one starts, for the first one also what was earned before.
 * `starts` are in order. Undefined where there is none above 0, where it is in several currencies, or where the sum is too large
 * for an exact number. Fees, payouts, accruals and withholdings earn nothing.
 */
export const earnedBy = (
  facts: Pick<Facts, 'of'>,
  starts: readonly Instant[],
): ReadonlyMap<number, Earned | undefined> => {
  const entries = [...lastById(facts.of('LedgerEntryRecorded'), ({ data }) => data.entryId).values()]
    .filter(
      ({ data }) =>
        data.direction === 'revenue' && data.category === 'implementation' && signs[data.kind] !== undefined,
    )
    .sort((a, b) => (a.occurredAt < b.occurredAt ? -1 : a.occurredAt > b.occurredAt ? 1 : 0));
  const byDelivery = Map.groupBy(entries, ({ occurredAt }) =>
    Math.max(turningPoint(starts, (start) => start > occurredAt) - 1, 0),
  );
  return new Map([...byDelivery].map(([index, own]) => [index, sumOf(own)]));
};

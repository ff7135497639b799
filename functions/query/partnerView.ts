// What may a partner see of what is its own? Everything but the hands of an order's money that it does not hold.
import { type Context, partyIdOf } from '../../domain/context/context.ts';
import type { TableName } from '../../domain/rows/row.ts';
import type { RecordedEvent } from '../../events/catalog.ts';
import type { Reference } from '../../events/envelope.ts';
import type { Caller } from '../http/caller.ts';
import type { ReadRow } from './rowReader.ts';

const hidden = (row: ReadRow, columns: readonly string[]): ReadRow => ({
  ...row,
  ...Object.fromEntries(columns.map((column) => [column, null])),
});

const sellersOwn = ['boughtMinor', 'feesMinor', 'retainedBySellerMinor'] as const;
const legsOwn = ['sellerId', 'buyerId', 'amountMinor', 'currency', ...sellersOwn] as const;

/** What stands where something is not the caller's. */
export const notYours = 'not_yours';

/** By table, what a partner may find hidden of a row: columns that are then null, and the column that says why. */
export const hiddenColumns: Readonly<
  Partial<Record<TableName, { readonly columns: readonly string[]; readonly reasonColumn: string }>>
> = { order_legs: { columns: legsOwn, reasonColumn: 'retainedReason' } };

/** A row as the caller may see it: of an order's legs those that it sells or buys, and of what it buys not the seller's margin. */
export const rowFor = ({ role, partnerId }: Caller, table: TableName, row: ReadRow): ReadRow => {
  if (role === 'vendor' || table !== 'order_legs' || row.sellerId === partnerId) return row;
  if (row.buyerId === partnerId) return { ...hidden(row, sellersOwn), retainedReason: notYours };
  return { ...hidden(row, legsOwn), retainedReason: notYours, reason: notYours };
};

/** An event as shown: whole, or with the parts that are not the caller's left out and the reason in their place. */
export type ShownEvent = Omit<RecordedEvent, 'data' | 'type'> & {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
};

/** Shows events to a caller: what rows hide of an order's legs and of money, its events hide too. */
export const eventsFor = ({ role, partnerId, tenantId }: Caller, links: Context['links']) => {
  const isOwn = (party: Reference | undefined): boolean =>
    party !== undefined && partyIdOf({ tenantId, links }, party) === partnerId;

  return (event: RecordedEvent): ShownEvent => {
    if (role === 'vendor') return event;
    switch (event.type) {
      case 'OrderPlaced': {
        const legs = event.data.legs.map((leg) =>
          isOwn(leg.seller) || isOwn(leg.buyer)
            ? leg
            : { seq: leg.seq, component: leg.component, seller: null, buyer: null, amount: null, reason: notYours },
        );
        const fees = event.data.fees.map((fee) =>
          isOwn(fee.payee) || isOwn(fee.payer)
            ? fee
            : { kind: fee.kind, payee: null, payer: null, amount: null, reason: notYours },
        );
        return { ...event, data: { ...event.data, legs, fees } };
      }
      case 'LedgerEntryRecorded':
        return isOwn(event.data.party)
          ? event
          : { ...event, data: { ...event.data, party: null, amount: null, reason: notYours } };
      case 'OfferPublished':
        return isOwn(event.data.ownerPartner)
          ? event
          : {
              ...event,
              data: {
                ...event.data,
                components: event.data.components.map(({ cost, ...component }) =>
                  cost === undefined ? component : { ...component, cost: null, reason: notYours },
                ),
              },
            };
      default:
        return event;
    }
  };
};

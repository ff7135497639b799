// Which fields of a Salesforce order and contract do we follow, and what does it mean if an update changes or clears one?
import { type Field, readers, readField, recordOf } from './field.ts';
import type { ChangedRecord, Sayable } from './record.ts';

/** Of several fields that may hold one thing, the first with a value; else the first that says anything. */
const firstOf = (fields: readonly Field<string>[]): Field<string> =>
  fields.find(({ says }) => says === 'value') ??
  fields.find(({ says }) => says !== 'nothing') ?? { field: '', says: 'nothing' };

/** Where the org keeps the ids that lead to an engagement. */
export const pointingNames = ({ change, mapping }: ChangedRecord) =>
  change.entity === 'Order' ? mapping.order : mapping.contract;

/** The ids of an order or a contract that lead to its engagement, the most reliable first. */
const pointingFields = (of: ChangedRecord) => {
  const { change, connection } = of;
  const names = pointingNames(of);
  return {
    opportunity: readField(change, names.opportunity, recordOf(connection, 'Opportunity')),
    reference: readField(change, names.engagement, readers.code),
  };
};

/** The fields of an order, by the catalog's names. */
export const orderFields = (of: ChangedRecord) => {
  const { change, connection, mapping } = of;
  const names = mapping.order;
  return {
    ...pointingFields(of),
    contract: readField(change, names.contract, recordOf(connection, 'Contract')),
    customer: readField(change, names.customer, recordOf(connection, 'Account')),
    poNumber: firstOf(names.poNumbers.map((field) => readField(change, field, readers.code))),
    route: readField(change, names.route, readers.code),
    total: readField(change, names.total, readers.amount),
    currency: readField(change, names.currency, readers.currency),
    term: readField(change, names.start, readers.date),
    termEnd: readField(change, names.end, readers.date),
  };
};
export type OrderFields = ReturnType<typeof orderFields>;

const saidUnlessCleared: Sayable = { changed: 'said', cleared: 'askAgain' };

/** A claim has no null: what is cleared can't be said. A link stays when its lookup is cleared. */
export const sayableOfOrder: { readonly [name in keyof OrderFields]: Sayable } = {
  opportunity: saidUnlessCleared,
  reference: saidUnlessCleared,
  contract: saidUnlessCleared,
  customer: saidUnlessCleared,
  poNumber: saidUnlessCleared,
  route: saidUnlessCleared,
  total: saidUnlessCleared,
  currency: saidUnlessCleared,
  term: saidUnlessCleared,
  termEnd: saidUnlessCleared,
};

/** The fields of a contract. Its status is said as the deal's stage. */
export const contractFields = (of: ChangedRecord) => ({
  ...pointingFields(of),
  salesStage: readField(of.change, of.mapping.contract.status, readers.code),
});

export const sayableOfContract: { readonly [name in keyof ReturnType<typeof contractFields>]: Sayable } = {
  opportunity: saidUnlessCleared,
  reference: saidUnlessCleared,
  salesStage: saidUnlessCleared,
};

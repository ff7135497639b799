// Which facts do a changed Salesforce order and a changed contract mean?
import { addDays, parseInstant } from '../../instant.ts';
import { routeOf } from '../routeWords.ts';
import type { SourceFact } from '../source.ts';
import { defined, flagAt } from '../sourceJson.ts';
import { externalOf } from './external.ts';
import { readField, recordOf, valueIn } from './field.ts';
import {
  contractFields,
  type OrderFields,
  orderFields,
  pointingFields,
  sayableOfContract,
  sayableOfOrder,
} from './orderFields.ts';
import {
  type About,
  aboutPrimary,
  type ChangedRecord,
  dealValueIn,
  linkOf,
  referenceIn,
  requestsOf,
  saysOf,
} from './record.ts';

/**
 * The ids that the record names, the most reliable first: its opportunity, the engagement's reference, and an order's
 * contract.
 */
const pointsOf = (of: ChangedRecord) => {
  const { change, connection, mapping } = of;
  const fields = change.entity === 'Order' ? mapping.order : mapping.contract;
  const points = pointingFields(of);
  const contract =
    change.entity === 'Order'
      ? valueIn(readField(change, mapping.order.contract, recordOf(connection, 'Contract')))
      : undefined;
  return { opportunity: valueIn(points.opportunity), reference: referenceIn(points.reference), contract, fields };
};

/**
 * Links the record, because its later changes no longer name its engagement. An order and its contract belong to one
 * engagement: if one of them is linked, it leads to the other.
 */
const linksOf = (of: ChangedRecord): readonly SourceFact[] => {
  const { opportunity, reference, contract, fields } = pointsOf(of);
  const { changeType, entity } = of.change;
  const own = externalOf(of.connection, entity, of.record);
  const to = opportunity ?? reference;
  const reason = `salesforce ${entity}.${opportunity === undefined ? fields.engagement : fields.opportunity}`;
  const contractReason = `salesforce Order.${of.mapping.order.contract}`;
  if (to !== undefined) {
    const link = linkOf(of, { external: own, to, reason });
    return contract === undefined ? [link] : [link, linkOf(of, { external: contract, to, reason: contractReason })];
  }
  if (contract === undefined) return [];
  // A new order has no link yet, so it is linked to its contract. An older order may have one, so its contract is
  // linked to it.
  return changeType === 'CREATE'
    ? [linkOf(of, { external: own, to: contract, reason: contractReason })]
    : [linkOf(of, { external: contract, to: own, reason: contractReason })];
};

const aboutOf = (of: ChangedRecord): About => {
  const { opportunity, reference } = pointsOf(of);
  if (opportunity !== undefined) return aboutPrimary(opportunity, reference);
  return { subject: { secondary: reference ?? externalOf(of.connection, of.change.entity, of.record) } };
};

/** A new order's total of 0 means that there is no total yet: an order gets its products after its creation. */
const totalOf = (of: ChangedRecord, { total }: OrderFields) => {
  const value = dealValueIn(of, total, of.mapping.order.currency);
  return of.change.changeType === 'CREATE' && value?.amount === '0' ? undefined : value;
};

/**
 * The term from the first day's beginning to the last day's end. An update of one of both days says no term, because the
 * other day may be set.
 */
const termOf = ({ change }: ChangedRecord, { term, termEnd }: OrderFields) => {
  const start = parseInstant(valueIn(term) ?? '');
  const lastDay = parseInstant(valueIn(termEnd) ?? '');
  const isWhole =
    lastDay !== undefined || (change.changeType === 'CREATE' ? termEnd.says === 'nothing' : termEnd.says === 'cleared');
  if (start === undefined || !isWhole) return undefined;
  return defined({ start, end: lastDay === undefined ? undefined : addDays(lastDay, 1) });
};

/**
 * The facts of one order. A creation claims the order. An update claims again the fields that it changed; the order's
 * id joins the claims. A contract's id is no key of an order, because several orders may belong to one contract.
 */
export const orderFacts = (of: ChangedRecord): readonly SourceFact[] => {
  const { change, mapping, record } = of;
  if (flagAt(change.fields, 'isreductionorder') === true) return [];
  const fields = orderFields(of);
  const total = totalOf(of, fields);
  const claim = {
    poNumber: valueIn(fields.poNumber),
    customer: valueIn(fields.customer),
    total,
    currency: total === undefined ? valueIn(fields.currency) : undefined,
    route: undefined,
    marketplace: undefined,
    ...routeOf(valueIn(fields.route) ?? '', mapping.routes),
    term: termOf(of, fields),
  };
  const isCreation = change.changeType === 'CREATE';
  const says = isCreation || Object.values(claim).some((value) => value !== undefined);
  const say = saysOf(of, aboutOf(of));
  const unsaid = [
    ...(claim.term === undefined ? ['term', 'termEnd'] : []),
    ...(fields.total.says === 'value' && dealValueIn(of, fields.total, mapping.order.currency) === undefined
      ? ['total']
      : []),
  ];
  return [
    ...(says ? [say('OrderPlaced', { claimedBy: 'crm', orderId: record, ...claim })] : []),
    ...linksOf(of),
    ...requestsOf(of, fields, { sayable: sayableOfOrder, unsaid }),
  ];
};

/** The facts of one contract: its links, and its status if an update changed it. */
export const contractFacts = (of: ChangedRecord): readonly SourceFact[] => {
  const fields = contractFields(of);
  const status = of.change.changeType === 'UPDATE' ? valueIn(fields.salesStage) : undefined;
  const say = saysOf(of, aboutOf(of));
  return [
    ...(status === undefined ? [] : [say('DealRevised', { salesStage: `Contract ${status}` }, 'salesStage')]),
    ...linksOf(of),
    ...requestsOf(of, fields, { sayable: sayableOfContract, unsaid: [] }),
  ];
};

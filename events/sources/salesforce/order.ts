// Which facts do a changed Salesforce order and a changed contract mean?
import type { ExternalId } from '../../identifiers.ts';
import { addDays, parseInstant } from '../../instant.ts';
import { routeOf } from '../routeWords.ts';
import type { SourceFact } from '../source.ts';
import { defined, flagAt } from '../sourceJson.ts';
import { externalOf } from './external.ts';
import { type Field, valueIn } from './field.ts';
import {
  contractFields,
  type OrderFields,
  orderFields,
  pointingNames,
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

/** The fields of an order or a contract that name ids. */
interface Pointing {
  readonly opportunity: Field<ExternalId>;
  readonly reference: Field<string>;
  readonly contract?: Field<ExternalId>;
}

/**
 * The ids that the record names, the most reliable first: its opportunity, the engagement's reference, and an order's
 * contract.
 */
const pointsOf = ({ opportunity, reference, contract }: Pointing) => ({
  opportunity: valueIn(opportunity),
  reference: referenceIn(reference),
  contract: contract === undefined ? undefined : valueIn(contract),
});
type Points = ReturnType<typeof pointsOf>;

/**
 * Links the record, because its later changes no longer name its engagement. An order and its contract belong to one
 * engagement: if one of them is linked, it leads to the other.
 */
const linksOf = (of: ChangedRecord, { opportunity, reference, contract }: Points): readonly SourceFact[] => {
  const { changeType, entity } = of.change;
  const names = pointingNames(of);
  const own = externalOf(of.connection, entity, of.record);
  const to = opportunity ?? reference;
  const reason = `salesforce ${entity}.${opportunity === undefined ? names.engagement : names.opportunity}`;
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

const aboutOf = (of: ChangedRecord, { opportunity, reference }: Points): About => {
  if (opportunity !== undefined) return aboutPrimary(opportunity, reference);
  return { subject: { secondary: reference ?? externalOf(of.connection, of.change.entity, of.record) } };
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
  const isCreation = change.changeType === 'CREATE';
  const read = dealValueIn(of, fields.total, mapping.order.currency);
  // A new order's total of 0 means that there is no total yet: an order gets its products after its creation.
  const total = isCreation && read?.amount === '0' ? undefined : read;
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
  const says = isCreation || Object.values(claim).some((value) => value !== undefined);
  const points = pointsOf(fields);
  const say = saysOf(of, aboutOf(of, points));
  const unsaid = [
    ...(claim.term === undefined ? ['term', 'termEnd'] : []),
    ...(fields.total.says === 'value' && read === undefined ? ['total'] : []),
  ];
  return [
    ...(says ? [say('OrderPlaced', { claimedBy: 'crm', orderId: record, ...claim })] : []),
    ...linksOf(of, points),
    ...requestsOf(of, fields, { sayable: sayableOfOrder, unsaid }),
  ];
};

/** The facts of one contract: its links, and its status if an update changed it. */
export const contractFacts = (of: ChangedRecord): readonly SourceFact[] => {
  const fields = contractFields(of);
  const status = of.change.changeType === 'UPDATE' ? valueIn(fields.salesStage) : undefined;
  const points = pointsOf(fields);
  const say = saysOf(of, aboutOf(of, points));
  return [
    ...(status === undefined ? [] : [say('DealRevised', { salesStage: `Contract ${status}` }, 'salesStage')]),
    ...linksOf(of, points),
    ...requestsOf(of, fields, { sayable: sayableOfContract, unsaid: [] }),
  ];
};

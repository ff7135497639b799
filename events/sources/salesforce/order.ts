// Which facts do a changed Salesforce order and a changed contract mean?
import { addDays, parseInstant } from '../../instant.ts';
import { routeOf } from '../routeWords.ts';
import type { SourceFact, Subject } from '../source.ts';
import { defined, flagAt } from '../sourceJson.ts';
import {
  type ChangedRecord,
  changedCode,
  changedDate,
  changedText,
  dealValueOf,
  externalOf,
  linkOf,
  lookedUp,
  referenceOf,
  saysOf,
} from './record.ts';

/**
 * The ids that the record names, the most reliable first: its opportunity, the engagement's reference, and an order's
 * contract.
 */
const pointsOf = (of: ChangedRecord) => {
  const { change, mapping } = of;
  const fields = change.entity === 'Order' ? mapping.order : mapping.contract;
  const opportunity = lookedUp(of, fields.opportunity, 'Opportunity');
  const reference = referenceOf(of, fields.engagement);
  const contract = change.entity === 'Order' ? lookedUp(of, mapping.order.contract, 'Contract') : undefined;
  return { opportunity, reference, contract, fields };
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

const subjectOf = (of: ChangedRecord): Parameters<typeof saysOf>[1] => {
  const { opportunity, reference } = pointsOf(of);
  if (opportunity !== undefined) {
    return reference === undefined
      ? { subject: { primary: opportunity } }
      : { subject: { primary: opportunity }, reference };
  }
  const subject: Subject = { secondary: reference ?? externalOf(of.connection, of.change.entity, of.record) };
  return { subject };
};

/** A total of 0 means that there is no total yet: an order gets its products after its creation. */
const totalOf = (of: ChangedRecord) => {
  const total = dealValueOf(of, { amount: of.mapping.order.total, currency: of.mapping.order.currency });
  return total?.amount === '0' ? undefined : total;
};

/** The term from the first day's beginning to the last day's end. */
const termOf = (of: ChangedRecord) => {
  const start = parseInstant(changedDate(of, of.mapping.order.start) ?? '');
  const lastDay = parseInstant(changedDate(of, of.mapping.order.end) ?? '');
  return start === undefined
    ? undefined
    : defined({ start, end: lastDay === undefined ? undefined : addDays(lastDay, 1) });
};

/**
 * The facts of one order. A creation claims the order. An update claims again the fields that it changed; the order's
 * id joins the claims. A contract's id is no key of an order, because several orders may belong to one contract.
 */
export const orderFacts = (of: ChangedRecord): readonly SourceFact[] => {
  const { change, mapping, record } = of;
  if (flagAt(change.fields, 'IsReductionOrder') === true) return [];
  const claim = {
    poNumber: mapping.order.poNumbers.map((field) => changedCode(of, field)).find((number) => number !== undefined),
    customer: lookedUp(of, mapping.order.customer, 'Account'),
    total: totalOf(of),
    route: undefined,
    marketplace: undefined,
    ...routeOf(changedText(of, mapping.order.route) ?? '', mapping.routes),
    term: termOf(of),
  };
  const says = change.changeType === 'CREATE' || Object.values(claim).some((value) => value !== undefined);
  const say = saysOf(of, subjectOf(of));
  return [...(says ? [say('OrderPlaced', { claimedBy: 'crm', orderId: record, ...claim })] : []), ...linksOf(of)];
};

/** The facts of one contract: its links, and its status if an update changed it. */
export const contractFacts = (of: ChangedRecord): readonly SourceFact[] => {
  const status = of.change.changeType === 'UPDATE' ? changedText(of, of.mapping.contract.status) : undefined;
  const say = saysOf(of, subjectOf(of));
  return [
    ...(status === undefined ? [] : [say('DealRevised', { salesStage: `Contract ${status}` }, 'salesStage')]),
    ...linksOf(of),
  ];
};

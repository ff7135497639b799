// Which fields of a Salesforce opportunity do we follow, and what does it mean if an update changes or clears one?
import { type Field, partnerOf, readers, readField, recordOf } from './field.ts';
import type { ChangedRecord, Sayable } from './record.ts';

/** The fields, by the catalog's names. */
export const opportunityFields = ({ change, connection, mapping }: ChangedRecord) => {
  const names = mapping.opportunity;
  const code = (field: string): Field<string> => readField(change, field, readers.code);
  return {
    salesStage: code('StageName'),
    forecast: code(names.forecast),
    value: readField(change, names.amount, readers.amount),
    currency: readField(change, names.currency, readers.currency),
    expectedClose: readField(change, names.closeDate, readers.date),
    closed: readField(change, 'IsClosed', readers.flag),
    won: readField(change, 'IsWon', readers.flag),
    closeReason: names.closeReason === undefined ? unread : code(names.closeReason),
    customer: readField(change, names.customer, recordOf(connection, 'Account')),
    segment: code(names.segment),
    country: readField(change, names.country, readers.country),
    partner: readField(change, names.partner, partnerOf(connection)),
    route: code(names.route),
    buyerPreference: code(names.buyerPreference),
    offerId: code(names.offer),
    offerVersion: readField(change, names.offerVersion, readers.version),
    campaignId: code(names.campaign),
    dealRegistration: code(names.dealRegistration),
    type: code(names.type),
    reference: code(names.engagement),
  };
};

export type OpportunityFields = ReturnType<typeof opportunityFields>;

/** The mapping names no field. */
const unread: Field<string> = { field: '', says: 'nothing' };

const said: Sayable = { changed: 'said', cleared: 'said' };
const saidUnlessCleared: Sayable = { changed: 'said', cleared: 'askAgain' };
const onlyWhenOpened: Sayable = { changed: 'askAgain', cleared: 'askAgain' };

/**
 * What an update means. A cleared stage, forecast, value or close date is a DealRevised with null. A cleared partner is
 * a PartnerAssigned with null, or with the connection's own partner. Segment and country are said only beside the
 * customer, the buyer's preference beside the route, the offer in a proposal, the reason of a closing in the closing.
 */
export const sayableOfOpportunity: { readonly [name in keyof OpportunityFields]: Sayable } = {
  salesStage: said,
  forecast: said,
  value: said,
  currency: saidUnlessCleared,
  expectedClose: said,
  closed: saidUnlessCleared,
  won: saidUnlessCleared,
  closeReason: saidUnlessCleared,
  customer: saidUnlessCleared,
  segment: saidUnlessCleared,
  country: saidUnlessCleared,
  partner: said,
  route: saidUnlessCleared,
  buyerPreference: saidUnlessCleared,
  offerId: saidUnlessCleared,
  offerVersion: onlyWhenOpened,
  campaignId: onlyWhenOpened,
  dealRegistration: onlyWhenOpened,
  // It tells a renewal from a new deal when the record is created. Later changes of it say nothing of ours.
  type: { changed: 'opening', cleared: 'opening' },
  reference: saidUnlessCleared,
};

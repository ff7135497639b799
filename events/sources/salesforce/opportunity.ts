// Which facts does a changed Salesforce opportunity mean?
import { routeOf } from '../routeWords.ts';
import type { SourceFact } from '../source.ts';
import { externalOf } from './external.ts';
import { type Field, orNull, valueIn } from './field.ts';
import { meaningOf } from './mapping.ts';
import { type OpportunityFields, opportunityFields, sayableOfOpportunity } from './opportunityFields.ts';
import {
  aboutPrimary,
  type ChangedRecord,
  dealValueIn,
  linkOf,
  reconciliationOf,
  referenceIn,
  requestsOf,
  type Say,
  saysOf,
} from './record.ts';

/** One changed opportunity, read. */
interface Read extends ChangedRecord {
  readonly fields: OpportunityFields;
  readonly isCreation: boolean;
  readonly value: ReturnType<typeof dealValueIn>;
  /** The deal's result, or that it is open (again), if this change says it. */
  readonly result: 'won' | 'lost' | 'open' | undefined;
  readonly isProposed: boolean;
}

/**
 * IsClosed and IsWon are the same in every language. A change lists only what differs, so a closing without IsWon is a
 * loss, unless the mapping calls the stage won: then the relay leaves IsWon out. Without both fields, the mapping says
 * what the stage's name means.
 */
const resultOf = ({ fields, isCreation, mapping }: Omit<Read, 'result' | 'isProposed'>): Read['result'] => {
  const closed = valueIn(fields.closed);
  const won = valueIn(fields.won);
  const meaning = meaningOf(mapping, valueIn(fields.salesStage));
  if (closed === false) return 'open';
  if (won === true) return 'won';
  if (closed === true) return won === undefined && meaning === 'won' ? 'won' : 'lost';
  if (won === undefined || isCreation || meaning === 'proposed' || meaning === 'open') {
    return meaning === 'proposed' ? 'open' : meaning;
  }
  return 'lost';
};

const read = (of: ChangedRecord): Read => {
  const fields = opportunityFields(of);
  const isCreation = of.change.changeType === 'CREATE';
  const value = dealValueIn(of, fields.value, of.mapping.opportunity.currency);
  const isProposed = meaningOf(of.mapping, valueIn(fields.salesStage)) === 'proposed';
  return { ...of, fields, isCreation, value, isProposed, result: resultOf({ ...of, fields, isCreation, value }) };
};

/** The route. If we don't know a word, the record must be read again once the mapping holds the word. */
const routeFacts = (of: Read, say: Say): readonly SourceFact[] => {
  const { routes } = of.mapping;
  const { route, buyerPreference } = of.fields;
  const agreed = route.says === 'value' ? routeOf(route.value, routes) : undefined;
  const preferred = buyerPreference.says === 'value' ? routeOf(buyerPreference.value, routes) : undefined;
  const lacked = ({ field }: Field<string>, name: string): SourceFact => {
    const reason = `the mapping's routes lack the word that ${of.change.entity}.${field} holds`;
    return reconciliationOf(of, reason, name);
  };
  return [
    ...(agreed === undefined ? [] : [say('RouteAgreed', { ...agreed, buyerPreference: preferred?.route })]),
    ...(route.says === 'value' && agreed === undefined ? [lacked(route, 'route')] : []),
    ...(buyerPreference.says === 'value' && preferred === undefined
      ? [lacked(buyerPreference, 'buyerPreference')]
      : []),
  ];
};

/** A partner that is cleared leads no more: its access ends. The connection's own partner then leads, if it has one. */
const partnerFacts = ({ fields, mapping, isCreation }: Read, say: Say): readonly SourceFact[] => {
  const { partner } = fields;
  if (partner.says === 'value') return [say('PartnerAssigned', { partner: partner.value, by: 'identity' })];
  const isUnnamed = partner.says === 'cleared' || (isCreation && partner.says === 'nothing');
  if (isUnnamed && mapping.leadPartner !== undefined) {
    return [say('PartnerAssigned', { partner: mapping.leadPartner, by: 'connection' })];
  }
  return partner.says === 'cleared' ? [say('PartnerAssigned', { partner: null, by: 'identity' })] : [];
};

const customerFacts = ({ fields }: Read, say: Say): readonly SourceFact[] => {
  const customer = valueIn(fields.customer);
  const about = { customer, segment: valueIn(fields.segment), country: valueIn(fields.country) };
  return customer === undefined ? [] : [say('CustomerIdentified', about)];
};

const endFacts = ({ fields, value, result, isProposed, isCreation }: Read, say: Say): readonly SourceFact[] => [
  ...(isProposed ? [say('SolutionProposed', { offerId: valueIn(fields.offerId), value })] : []),
  ...(result === 'won' || result === 'lost'
    ? [say('DealClosed', { result, reason: valueIn(fields.closeReason), value })]
    : []),
  ...(result === 'open' && !isCreation ? [say('DealReopened', {})] : []),
];

const openedFacts = ({ fields, mapping, value }: Read, say: Say): readonly SourceFact[] => {
  const { partner } = fields;
  const renews = fields.reference.says === 'value' && mapping.renewalTypes.includes(valueIn(fields.type) ?? '');
  if (renews) return [say('RenewalProposed', { value })];
  const currency = value === undefined ? valueIn(fields.currency) : undefined;
  const opened = {
    customer: valueIn(fields.customer),
    segment: valueIn(fields.segment),
    country: valueIn(fields.country),
    leadPartner: partner.says === 'nothing' ? mapping.leadPartner : valueIn(partner),
    offerId: valueIn(fields.offerId),
    offerVersion: valueIn(fields.offerVersion),
    campaignId: valueIn(fields.campaignId),
    expectedValue: value,
    expectedClose: valueIn(fields.expectedClose),
    salesStage: valueIn(fields.salesStage),
    dealRegistration: valueIn(fields.dealRegistration),
  };
  return [
    say('EngagementOpened', opened),
    ...(currency === undefined ? [] : [say('DealRevised', { currency }, 'currency')]),
  ];
};

/**
 * One fact for each group of fields that changed. A deal that closes says only that: its stage, value and date belong
 * to the closing. What is cleared, and a currency that comes alone, is said in any case.
 */
const revisedFacts = ({ fields, value, result }: Read, say: Say): readonly SourceFact[] => {
  const closes = result === 'won' || result === 'lost';
  const salesStage = orNull(fields.salesStage);
  const forecast = orNull(fields.forecast);
  const revised = fields.value.says === 'cleared' ? null : closes ? undefined : value;
  const expectedClose = orNull(fields.expectedClose);
  const currency = value === undefined ? valueIn(fields.currency) : undefined;
  const staged = !closes && (salesStage !== undefined || forecast !== undefined);
  return [
    ...(staged ? [say('DealRevised', { salesStage, forecast }, 'salesStage')] : []),
    ...(revised === undefined ? [] : [say('DealRevised', { value: revised }, 'value')]),
    ...(currency === undefined ? [] : [say('DealRevised', { currency }, 'currency')]),
    ...(expectedClose === undefined || closes ? [] : [say('DealRevised', { expectedClose }, 'expectedClose')]),
  ];
};

/** The fields that this message's facts can't say, because what they stand beside is missing. */
const unsaidIn = ({ fields, mapping, value, result, isProposed, isCreation }: Read): readonly string[] => {
  const isSaid = (name: keyof OpportunityFields) => fields[name].says === 'value';
  const renews = isSaid('type') && mapping.renewalTypes.includes(valueIn(fields.type) ?? '');
  const isRoute = (field: Field<string>) =>
    field.says === 'value' && routeOf(field.value, mapping.routes) !== undefined;
  const isRouteless = isRoute(fields.buyerPreference) && !isRoute(fields.route);
  return [
    ...(isSaid('value') && value === undefined ? ['value'] : []),
    ...(isRouteless ? ['buyerPreference'] : []),
    ...(isCreation || isSaid('customer') ? [] : ['segment', 'country']),
    ...(isCreation || isProposed ? [] : ['offerId']),
    ...(isCreation || result === 'won' || result === 'lost' ? [] : ['closeReason']),
    ...(renews && !isCreation ? ['type'] : []),
  ];
};

/**
 * The facts of one opportunity; none if nothing that we follow changed. Its id is primary, so it has an engagement
 * without a link.
 */
export const opportunityFacts = (record: ChangedRecord): readonly SourceFact[] => {
  const of = read(record);
  const { connection, mapping, fields, isCreation } = of;
  const primary = externalOf(connection, 'Opportunity', of.record);
  const reference = referenceIn(fields.reference);
  const say = saysOf(of, aboutPrimary(primary, reference));
  const said = [
    ...(isCreation ? openedFacts(of, say) : revisedFacts(of, say)),
    ...routeFacts(of, say),
    ...customerFacts(of, say),
    ...partnerFacts(of, say),
    ...endFacts(of, say),
    ...requestsOf(of, fields, { sayable: sayableOfOpportunity, unsaid: unsaidIn(of) }),
  ];
  if (reference === undefined || said.some((fact) => fact.reference !== undefined)) return said;
  const reason = `salesforce Opportunity.${mapping.opportunity.engagement}`;
  return [linkOf(of, { external: reference, to: primary, reason }), ...said];
};

/** A deleted opportunity ends its engagement, and a restored one takes it up again. */
export const goneFacts = (of: ChangedRecord): readonly SourceFact[] => {
  const primary = externalOf(of.connection, 'Opportunity', of.record);
  const { changeType } = of.change;
  const type = ended.get(changeType);
  return type === undefined ? [] : [saysOf(of, { subject: { primary } })(type, { reason: `salesforce ${changeType}` })];
};

const ended: ReadonlyMap<string, SourceFact['type']> = new Map([
  ['DELETE', 'EngagementWithdrawn'],
  ['GAP_DELETE', 'EngagementWithdrawn'],
  ['UNDELETE', 'EngagementReinstated'],
  ['GAP_UNDELETE', 'EngagementReinstated'],
]);

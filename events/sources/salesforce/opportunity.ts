// Which facts does a changed Salesforce opportunity mean?
import type { ExternalId } from '../../identifiers.ts';
import { routeOf } from '../routeWords.ts';
import type { SourceFact } from '../source.ts';
import { flagAt, integerAt, textAt } from '../sourceJson.ts';
import { touched } from './change.ts';
import { meaningOf } from './mapping.ts';
import {
  type ChangedRecord,
  changedCode,
  changedCountry,
  changedDate,
  changedText,
  dealValueOf,
  externalOf,
  linkOf,
  lookedUp,
  partnerOf,
  reconciliationOf,
  referenceOf,
  saysOf,
} from './record.ts';

type Say = ReturnType<typeof saysOf>;

/**
 * The deal's result, if this change says it. IsClosed and IsWon are the same in every language. A change lists only
 * what differs, so a closing without IsWon is a loss. Without both fields, the mapping says what the stage's name
 * means.
 */
const closing = (of: ChangedRecord): 'won' | 'lost' | undefined => {
  const { change, mapping } = of;
  const closed = touched(change, 'IsClosed') ? flagAt(change.fields, 'IsClosed') : undefined;
  const won = touched(change, 'IsWon') ? flagAt(change.fields, 'IsWon') : undefined;
  if (closed === false) return undefined;
  if (won === true) return 'won';
  if (closed === true || (won === false && change.changeType === 'UPDATE')) return 'lost';
  const meaning = meaningOf(mapping, changedText(of, 'StageName'));
  return meaning === 'won' || meaning === 'lost' ? meaning : undefined;
};

/** The route. If we don't know its word, the record must be read again once the mapping holds the word. */
const routeFacts = (of: ChangedRecord, say: Say): readonly SourceFact[] => {
  const { opportunity, routes } = of.mapping;
  const word = changedText(of, opportunity.route);
  if (word === undefined) return [];
  const route = routeOf(word, routes);
  if (route === undefined) {
    const field = `${of.change.entity}.${opportunity.route}`;
    return [reconciliationOf(of, `the mapping's routes lack the word that ${field} holds`, 'route')];
  }
  const preference = changedText(of, opportunity.buyerPreference);
  const buyerPreference = preference === undefined ? undefined : routeOf(preference, routes)?.route;
  return [say('RouteAgreed', { ...route, buyerPreference })];
};

const partiesFacts = (of: ChangedRecord, say: Say): readonly SourceFact[] => {
  const { mapping, change } = of;
  const customer = lookedUp(of, mapping.opportunity.customer, 'Account');
  const segment = changedCode(of, mapping.opportunity.segment);
  const country = changedCountry(of, mapping.opportunity.country);
  const named = partnerOf(of, mapping.opportunity.partner);
  const partner = named ?? (change.changeType === 'CREATE' ? mapping.leadPartner : undefined);
  return [
    ...(customer === undefined ? [] : [say('CustomerIdentified', { customer, segment, country })]),
    ...(partner === undefined
      ? []
      : [say('PartnerAssigned', { partner, by: named === undefined ? 'connection' : 'identity' })]),
  ];
};

const endFacts = (of: ChangedRecord, say: Say): readonly SourceFact[] => {
  const { mapping } = of;
  const value = dealValueOf(of, mapping.opportunity);
  const proposed = meaningOf(mapping, changedText(of, 'StageName')) === 'proposed';
  const offerId = changedCode(of, mapping.opportunity.offer);
  const result = closing(of);
  const { closeReason } = mapping.opportunity;
  const reason = closeReason === undefined ? undefined : changedCode(of, closeReason);
  return [
    ...(proposed ? [say('SolutionProposed', { offerId, value })] : []),
    ...(result === undefined ? [] : [say('DealClosed', { result, reason, value })]),
  ];
};

const openedFacts = (of: ChangedRecord, say: Say, reference: ExternalId | undefined): readonly SourceFact[] => {
  const { change, mapping } = of;
  const fields = mapping.opportunity;
  const value = dealValueOf(of, fields);
  const renews = reference !== undefined && mapping.renewalTypes.includes(changedText(of, fields.type) ?? '');
  const offerVersion = integerAt(change.fields, fields.offerVersion);
  const opened = {
    customer: lookedUp(of, fields.customer, 'Account'),
    segment: changedCode(of, fields.segment),
    country: changedCountry(of, fields.country),
    leadPartner: partnerOf(of, fields.partner) ?? mapping.leadPartner,
    offerId: changedCode(of, fields.offer),
    offerVersion: offerVersion !== undefined && offerVersion > 0 ? offerVersion : undefined,
    campaignId: changedCode(of, fields.campaign),
    expectedValue: value,
    expectedClose: changedDate(of, fields.closeDate),
    salesStage: changedText(of, 'StageName'),
    dealRegistration: changedCode(of, fields.dealRegistration),
  };
  return [renews ? say('RenewalProposed', { value }) : say('EngagementOpened', opened)];
};

/**
 * One fact for each group of fields that changed. A deal that closes says only that: its stage, value and date belong
 * to the closing.
 */
const revisedFacts = (of: ChangedRecord, say: Say): readonly SourceFact[] => {
  const { change, mapping } = of;
  const fields = mapping.opportunity;
  const closes = closing(of) !== undefined;
  const salesStage = changedText(of, 'StageName');
  const forecast = changedText(of, fields.forecast);
  const value = dealValueOf(of, fields);
  const expectedClose = changedDate(of, fields.closeDate);
  const staged = !closes && (salesStage !== undefined || forecast !== undefined);
  const currencyAlone =
    value === undefined && touched(change, fields.currency) && textAt(change.fields, fields.currency) !== undefined;
  return [
    ...(staged ? [say('DealRevised', { salesStage, forecast }, 'salesStage')] : []),
    ...(value === undefined || closes ? [] : [say('DealRevised', { value }, 'value')]),
    ...(expectedClose === undefined || closes ? [] : [say('DealRevised', { expectedClose }, 'expectedClose')]),
    ...(currencyAlone ? [reconciliationOf(of, 'the currency changed without the amount', 'value')] : []),
  ];
};

/**
 * The facts of one opportunity; none if nothing that we follow changed. Its id is primary, so it has an engagement
 * without a link.
 */
export const opportunityFacts = (of: ChangedRecord): readonly SourceFact[] => {
  const { change, connection, mapping, record } = of;
  const primary = externalOf(connection, 'Opportunity', record);
  const reference = referenceOf(of, mapping.opportunity.engagement);
  const say = saysOf(of, reference === undefined ? { subject: { primary } } : { subject: { primary }, reference });
  const facts = [
    ...(change.changeType === 'CREATE' ? openedFacts(of, say, reference) : revisedFacts(of, say)),
    ...routeFacts(of, say),
    ...partiesFacts(of, say),
    ...endFacts(of, say),
  ];
  if (facts.length > 0 || reference === undefined) return facts;
  const reason = `salesforce Opportunity.${mapping.opportunity.engagement}`;
  return [linkOf(of, { external: reference, to: primary, reason })];
};

// Which facts do the messages of a Salesforce org mean?
import { salesforceId } from './externalIds.ts';
import { accountFacts, mergedFacts } from './salesforce/account.ts';
import { type Change, idExpected, orgOfBus, readChange } from './salesforce/change.ts';
import { detailTypeOf } from './salesforce/detailType.ts';
import { type SalesforceMapping, salesforceMapping } from './salesforce/mapping.ts';
import { goneFacts, opportunityFacts } from './salesforce/opportunity.ts';
import { contractFacts, orderFacts } from './salesforce/order.ts';
import { outcomeFacts } from './salesforce/outcome.ts';
import { type ChangedRecord, reconciliationOf } from './salesforce/record.ts';
import {
  defineSource,
  factsOr,
  type Part,
  refused,
  type SourceFact,
  type Translating,
  type Translation,
} from './source.ts';

const objects: ReadonlyMap<string, (of: ChangedRecord) => readonly SourceFact[]> = new Map([
  ['Opportunity', opportunityFacts],
  ['Order', orderFacts],
  ['Contract', contractFacts],
  ['Account', accountFacts],
]);

/** Whether a change carries values: not so a gap, a record deleted or restored, or all records at once. */
const holdsValues = ({ changeType }: Change, record: string): boolean =>
  record !== '*' && (changeType === 'CREATE' || changeType === 'UPDATE');

const bitmaps = 'changedFieldsAreBitmaps: they do not tell which fields changed; decode them before relaying';

/**
 * What a change without values says: that a deal is gone or is there again, and that the record must be read again. An
 * order, a contract or an account that is gone is only asked for again, because no fact takes its claims back.
 */
const withoutValues = (of: ChangedRecord): readonly SourceFact[] => {
  const merged = mergedFacts(of);
  return [
    ...(of.change.entity === 'Opportunity' && of.record !== '*' ? goneFacts(of) : []),
    ...(merged.length > 0 ? merged : [reconciliationOf(of, `salesforce ${of.change.changeType}`)]),
  ];
};

const recordFacts = (of: ChangedRecord, factsOf: (of: ChangedRecord) => readonly SourceFact[]) => {
  if (!holdsValues(of.change, of.record)) return withoutValues(of);
  const isUnclear = of.change.changeType === 'UPDATE' && of.change.carries === 'unknown';
  return isUnclear ? [reconciliationOf(of, bitmaps)] : factsOf(of);
};

const changeFacts = (change: Change, { connection, mapping }: Translating<SalesforceMapping>): Translation => {
  const factsOf = objects.get(change.entity);
  if (factsOf === undefined) return { outcome: 'ignored', reason: `objectNotFollowed: ${change.entity}` };
  const { records, unusableIds, path } = change;
  const isAlone = records.length + unusableIds.length === 1;
  const facts = records.flatMap(({ record, place }) => {
    const said = recordFacts({ change, record, connection, mapping }, factsOf);
    return isAlone ? said : said.map((fact) => ({ ...fact, part: `recordIds.${place}` }));
  });
  const parts = unusableIds.map(
    (place): Part => ({
      path: `recordIds.${place}`,
      outcome: 'refused',
      reason: 'recordIdUnusable',
      issues: [{ path: `${path}.recordIds.${place}`, message: idExpected }],
    }),
  );
  return parts.length > 0
    ? { outcome: 'facts', facts, parts }
    : factsOr(`nothingOfOursChanged: ${change.entity} ${change.changeType}`, facts);
};

/**
 * Salesforce: change events and platform events over a partner bus (Event Relay or AppFlow). There is nothing to
 * verify: only the org's relay can put messages on the bus, and the bus's name holds the org.
 */
export const salesforce = defineSource({
  name: 'salesforce',
  title: 'Salesforce',
  isCrm: true,
  accountIs: 'org',
  accountOf: (text) => {
    const account = text === undefined ? undefined : salesforceId(text);
    return account?.startsWith('00D') === true
      ? { ok: true, account }
      : { ok: false, expected: '00D…, of 15 or 18 characters (Setup, Company Information)' };
  },
  delivery: {
    way: 'partnerBus',
    setUp: 'Set up Event Relay, or AppFlow, in Salesforce.',
    partnerSourceOf: (org) => `aws.partner/salesforce.com/${org}/throughline`,
    detailTypeOf,
    // The name of AppFlow's bus holds no org, so the connection has that name as an alias.
    accountOfBus: (partnerSource) =>
      orgOfBus(partnerSource) ??
      (/^aws\.partner\/appflow(?:\.[\w.-]+)?\/salesforce\.com\//.test(partnerSource) ? partnerSource : undefined),
  },
  says: [
    'EngagementOpened',
    'CustomerIdentified',
    'PartnerAssigned',
    'DealRevised',
    'OutcomeAgreed',
    'RouteAgreed',
    'SolutionProposed',
    'DealClosed',
    'DealReopened',
    'EngagementWithdrawn',
    'EngagementReinstated',
    'OrderPlaced',
    'RenewalProposed',
  ],
  mapping: salesforceMapping,
  translate: (input) => {
    const read = readChange(input.message.body);
    if (!read.ok) return { outcome: 'refused', reason: read.reason, issues: read.issues };
    const { account } = input.connection;
    if (read.org !== undefined && read.org !== (salesforceId(account) ?? account)) {
      return refused('otherOrg', 'source', `the message is from org ${read.org}, the connection is for ${account}`);
    }
    if (read.said.kind === 'change') return changeFacts(read.said, input);
    return read.said.name === input.mapping.outcome.event
      ? outcomeFacts(read.said, input)
      : { outcome: 'ignored', reason: `platformEventNotFollowed: ${read.said.name}` };
  },
});

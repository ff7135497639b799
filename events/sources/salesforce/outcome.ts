// Which fact does an org's platform event about an agreed outcome mean?
import type { ExternalId } from '../../identifiers.ts';
import { engagementReference } from '../externalIds.ts';
import { factsOr, refused, type SourceFact, type Subject, type Translating, type Translation } from '../source.ts';
import { dateAt, defined, instantAt, numberAt, textAt } from '../sourceJson.ts';
import type { PlatformEvent } from './change.ts';
import type { SalesforceMapping } from './mapping.ts';
import { externalOf } from './record.ts';

const aboutOf = (
  primary: ExternalId | undefined,
  reference: ExternalId | undefined,
): { readonly subject: Subject; readonly reference?: ExternalId } | undefined => {
  if (primary !== undefined)
    return reference === undefined ? { subject: { primary } } : { subject: { primary }, reference };
  return reference === undefined ? undefined : { subject: { secondary: reference } };
};

/**
 * The publisher's own key names the outcome: a later event with the same key restates it. The statement and the person
 * who agreed stay in the org; the fact refers to them.
 */
export const outcomeFacts = (
  { name, fields }: PlatformEvent,
  { connection, mapping, message }: Translating<SalesforceMapping>,
): Translation => {
  const names = mapping.outcome;
  const key = textAt(fields, names.key);
  if (key === undefined) {
    return refused('outcomeWithoutKey', `detail.payload.${names.key}`, 'without it the outcome has no id');
  }
  const opportunity = textAt(fields, names.opportunity);
  const reference = textAt(fields, names.engagement);
  const about = aboutOf(
    opportunity === undefined ? undefined : externalOf(connection, 'Opportunity', opportunity),
    reference === undefined ? undefined : engagementReference(reference),
  );
  if (about === undefined) {
    const expected = `expected ${names.opportunity} or ${names.engagement}: the outcome must name its engagement`;
    return refused('outcomeWithoutEngagement', `detail.payload.${names.opportunity}`, expected);
  }
  const occurredAt = instantAt(fields, 'CreatedDate');
  const fact: SourceFact = {
    type: 'OutcomeAgreed',
    data: defined({
      outcomeId: key,
      statementRef: `salesforce:${name}/${key}`,
      metric: textAt(fields, names.metric),
      unit: textAt(fields, names.unit),
      baseline: numberAt(fields, names.baseline),
      target: numberAt(fields, names.target),
      due: dateAt(fields, names.due),
    }),
    occurredAt: occurredAt ?? textAt(fields, 'CreatedDate') ?? message.receivedAt,
    sourceId: `${name}:${key}`,
    sourceSeq: occurredAt ?? message.receivedAt,
    ...about,
  };
  return factsOr('', [fact]);
};

// Which fact does an org's platform event about an agreed outcome mean?
import type { ExternalId } from '../../identifiers.ts';
import { factsOr, refused, type SourceFact, type Translating, type Translation } from '../source.ts';
import { defined, instantAt, textAt } from '../sourceJson.ts';
import type { PlatformEvent } from './change.ts';
import { externalOf } from './external.ts';
import { type Field, readers, readHeld, recordOf, valueIn } from './field.ts';
import type { SalesforceMapping } from './mapping.ts';
import { type About, aboutPrimary, referenceIn, requestOf } from './record.ts';

const aboutOf = (primary: ExternalId | undefined, reference: ExternalId | undefined): About | undefined => {
  if (primary !== undefined) return aboutPrimary(primary, reference);
  return reference === undefined ? undefined : { subject: { secondary: reference } };
};

/** The event's fields, by the catalog's names. */
const outcomeFields = ({ fields }: PlatformEvent, { connection, mapping }: Translating<SalesforceMapping>) => {
  const names = mapping.outcome;
  return {
    opportunity: readHeld(fields, names.opportunity, recordOf(connection, 'Opportunity')),
    reference: readHeld(fields, names.engagement, readers.code),
    metric: readHeld(fields, names.metric, readers.code),
    unit: readHeld(fields, names.unit, readers.code),
    baseline: readHeld(fields, names.baseline, readers.number),
    target: readHeld(fields, names.target, readers.number),
    due: readHeld(fields, names.due, readers.date),
  };
};

/**
 * The publisher's own key names the outcome: a later event with the same key restates it. The statement and the person
 * who agreed stay in the org; the fact refers to them. A field that can't be read is left out, and asked for again.
 */
export const outcomeFacts = (event: PlatformEvent, translating: Translating<SalesforceMapping>): Translation => {
  const { name, fields } = event;
  const { connection, mapping, message } = translating;
  const names = mapping.outcome;
  const key = valueIn(readHeld(fields, names.key, readers.code));
  if (key === undefined) {
    return refused('outcomeWithoutKey', `detail.payload.${names.key}`, 'without it the outcome has no id');
  }
  const read = outcomeFields(event, translating);
  const about = aboutOf(valueIn(read.opportunity), referenceIn(read.reference));
  if (about === undefined) {
    const expected = `expected ${names.opportunity} or ${names.engagement}: the outcome must name its engagement`;
    return refused('outcomeWithoutEngagement', `detail.payload.${names.opportunity}`, expected);
  }
  const created = instantAt(fields, 'createddate');
  const from = {
    occurredAt: created ?? textAt(fields, 'createddate') ?? message.receivedAt,
    sourceId: `${name}:${key}`,
    sourceSeq: created ?? message.receivedAt,
  };
  const fact: SourceFact = {
    ...from,
    type: 'OutcomeAgreed',
    data: defined({
      outcomeId: key,
      statementRef: `salesforce:${name}/${key}`,
      metric: valueIn(read.metric),
      unit: valueIn(read.unit),
      baseline: valueIn(read.baseline),
      target: valueIn(read.target),
      due: valueIn(read.due),
    }),
    ...about,
  };
  const subject = externalOf(connection, name, key);
  const unreadable = Object.entries(read).flatMap(([lacks, field]: [string, Field<unknown>]) => {
    if (field.says !== 'unreadable') return [];
    return [
      requestOf({ connection, subject, ...from }, `fieldUnreadable: ${name}.${field.field}: ${field.why}`, lacks),
    ];
  });
  return factsOr('', [fact, ...unreadable]);
};

// Which facts does a changed Salesforce account mean?
import type { ExternalId } from '../../identifiers.ts';
import type { SourceFact } from '../source.ts';
import { externalOf } from './external.ts';
import { type Field, readers, readField, recordOf, valueIn } from './field.ts';
import { type ChangedRecord, reconciliationOf, requestsOf, saysOf } from './record.ts';

/**
 * The facts of one account, for its own party stream. An update that changes neither segment nor country gives none. No
 * fact can say that one of them is empty. People who work there are never read.
 */
export const accountFacts = (of: ChangedRecord): readonly SourceFact[] => {
  const { change, connection, mapping, record } = of;
  const customer = externalOf(connection, 'Account', record);
  const fields = {
    segment: readField(change, mapping.account.segment, readers.code),
    country: readField(change, mapping.account.country, readers.country),
    merged: masterOf(of),
  };
  const [segment, country] = [valueIn(fields.segment), valueIn(fields.country)];
  const says = change.changeType === 'CREATE' || segment !== undefined || country !== undefined;
  const say = saysOf(of, { subject: { party: customer } });
  const sayable = {
    segment: { changed: 'said', cleared: 'askAgain' },
    country: { changed: 'said', cleared: 'askAgain' },
    merged: { changed: 'said', cleared: 'said' },
  } as const;
  return [
    ...(says ? [say('CustomerIdentified', { customer, segment, country })] : []),
    ...requestsOf(of, fields, { sayable, unsaid: [] }),
    ...mergedFacts(of),
  ];
};

const masterOf = ({ change, connection }: ChangedRecord): Field<ExternalId> =>
  readField(change, 'MasterRecordId', recordOf(connection, change.entity));

/** An account that was merged into another one. Merges are not followed yet, so they are asked for by name. */
export const mergedFacts = (of: ChangedRecord): readonly SourceFact[] => {
  const master = valueIn(masterOf(of));
  if (master === undefined) return [];
  const reason = `merged: ${of.change.entity} ${of.record} went into ${master.id}`;
  return [reconciliationOf(of, reason, 'merged')];
};

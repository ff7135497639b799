// Which facts does a changed Salesforce account mean?
import type { SourceFact } from '../source.ts';
import { type ChangedRecord, changedCode, changedCountry, externalOf, saysOf } from './record.ts';

/**
 * The facts of one account, for its own party stream. An update that changes neither segment nor country gives none.
 * People who work there are never read.
 */
export const accountFacts = (of: ChangedRecord): readonly SourceFact[] => {
  const { change, connection, mapping, record } = of;
  const customer = externalOf(connection, 'Account', record);
  const segment = changedCode(of, mapping.account.segment);
  const country = changedCountry(of, mapping.account.country);
  const says = change.changeType === 'CREATE' || segment !== undefined || country !== undefined;
  const say = saysOf(of, { subject: { party: customer } });
  return says ? [say('CustomerIdentified', { customer, segment, country })] : [];
};

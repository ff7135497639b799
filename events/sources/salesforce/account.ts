// What does a changed account say? Which customer it is, in which segment and country; never who works there.
import type { SourceFact } from '../source.ts';
import { type ChangedRecord, changedCode, changedCountry, externalOf, saysOf } from './record.ts';

/** The facts of one account, for its own stream; none where neither segment nor country changed. */
export const accountFacts = (of: ChangedRecord): readonly SourceFact[] => {
  const { change, connection, mapping, record } = of;
  const customer = externalOf(connection, 'Account', record);
  const segment = changedCode(of, mapping.account.segment);
  const country = changedCountry(of, mapping.account.country);
  const says = change.changeType === 'CREATE' || segment !== undefined || country !== undefined;
  const say = saysOf(of, { subject: { party: customer } });
  return says ? [say('CustomerIdentified', { customer, segment, country })] : [];
};

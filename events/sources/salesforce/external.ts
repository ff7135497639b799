// Which external id does a record of a Salesforce org have?
import type { ExternalId } from '../../identifiers.ts';
import { salesforceId, salesforceSystem } from '../externalIds.ts';
import type { Connection } from '../source.ts';

export const externalOf = (connection: Connection, kind: string, id: string): ExternalId => ({
  system: salesforceSystem(connection.account),
  kind,
  id: salesforceId(id) ?? id,
});

// Does an account over a partner bus belong to another tenant already? Its messages would then go to the wrong tenant.
// What connects an account calls it, here and in a stack, before it stores the connection; it reads the connections table.
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { aliasOf, type ConnectionRequest } from '../../functions/intake/connect.ts';
import { refuse } from './core/refusal.ts';

/** Reads an item of the connections table by its key. */
export type ReadConnection = (key: string) => Promise<Readonly<Record<string, AttributeValue>> | undefined>;

/** Refuses an account that another tenant has connected: one account leads to one connection. */
export async function refuseTakenAccount(
  read: ReadConnection,
  { source, account, tenant }: ConnectionRequest,
): Promise<void> {
  if (source.delivery.way !== 'partnerBus' || account === undefined) return;
  const id = (await read(aliasOf(source.name, account)))?.connectionId?.S;
  const owner = id === undefined ? undefined : (await read(id))?.tenantId?.S;
  if (owner === undefined || owner === tenant) return;
  refuse(`The ${source.accountIs} ${account} is connected already: connection ${id} of tenant ${owner}.`);
}

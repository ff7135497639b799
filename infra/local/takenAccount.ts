// Does an account belong to another tenant, or to another partner, already? Its messages would then count as those of the wrong one.
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

/** An item of the connections table, as the engine gives it. */
export type ConnectionItem = Readonly<Record<string, AttributeValue>>;

/**
 * Refuses to connect an account both for a partner and for others: its ids would be those of both, and a partner could speak of what
 * the others named.
 */
export function refuseSharedAccount(
  items: readonly ConnectionItem[],
  { source, account, tenant, partner }: Pick<ConnectionRequest, 'source' | 'account' | 'tenant' | 'partner'>,
): void {
  if (account === undefined) return;
  const other = items.find(
    (item) =>
      item.source?.S === source.name &&
      item.account?.S === account &&
      item.tenantId?.S === tenant &&
      item.partner?.S !== partner,
  );
  if (other === undefined) return;
  const bound = other.partner?.S === undefined ? 'is bound to no partner' : `is bound to partner ${other.partner.S}`;
  refuse(
    `The ${source.accountIs} ${account} is connected already: connection ${other.connection?.S} ${bound}. Name another account for this one, or change that one: npm run connect -- --connection ${other.connection?.S} --partner PARTY, or --no-partner.`,
  );
}

// How does the next tenant of a run take over the account of a partner bus? The account is no longer known as the last tenant's.
// The faults call it before they connect a tenant; it deletes from the connections table.
import { aliasOf } from '../../functions/intake/connect.ts';
import { refuse } from '../local/core/refusal.ts';
import type { Runtime } from '../local/runtime.ts';

/** Tenants of one run have one account, one after the other, because another account would need another bus. */
export const freeAccount = async (
  { engine, plan }: Pick<Runtime, 'engine' | 'plan'>,
  { source, account }: { readonly source: string; readonly account: string },
): Promise<void> => {
  const { ConnectionsTable: table } = plan.outputs;
  if (table === undefined) refuse('The template lacks the output ConnectionsTable.');
  await engine.call('DeleteItem', { TableName: table, Key: { connection: { S: aliasOf(source, account) } } });
};

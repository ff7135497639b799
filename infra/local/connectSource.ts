// How is a source connected on one machine? By the running instance, because its bus must know a partner's source before the first message.
// The commands and the sample call it; it writes to the instance's tables, parameters and data directory.
import { randomBytes } from 'node:crypto';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { type Connected, type ConnectionRequest, connect, partnerSourceOf } from '../../functions/intake/connect.ts';
import { addPartnerSource } from './core/dataDirectory.ts';
import { refuse } from './core/refusal.ts';
import type { Runtime } from './runtime.ts';
import { refuseSharedAccount, refuseTakenAccount } from './takenAccount.ts';

const isItem = (value: unknown): value is Readonly<Record<string, AttributeValue>> =>
  typeof value === 'object' && value !== null;

/** Makes a connection of the local runtime. */
export async function connectSource(runtime: Runtime, request: ConnectionRequest): Promise<Connected> {
  const { plan, engine, queueStore, clock, url, dataDir } = runtime;
  const { ConnectionsTable: table, SecretsPrefix: prefix } = plan.outputs;
  if (table === undefined || prefix === undefined) {
    return refuse('A connection needs the outputs ConnectionsTable and SecretsPrefix, but the template lacks them.');
  }
  const read = async (key: string) => {
    const { Item } = await engine.call('GetItem', { TableName: table, Key: { connection: { S: key } } });
    return isItem(Item) ? Item : undefined;
  };
  await refuseTakenAccount(read, request);
  if (request.account !== undefined) {
    const { Items } = await engine.call('Scan', { TableName: table, ConsistentRead: true });
    refuseSharedAccount(Array.isArray(Items) ? Items.filter(isItem) : [], request);
  }
  const partnerSource = partnerSourceOf(request);
  if (partnerSource !== undefined && addPartnerSource(dataDir, partnerSource)) await runtime.reload();
  return connect(
    {
      url,
      prefix,
      now: () => clock.now(),
      random: randomBytes,
      putItem: (Item) => engine.call('PutItem', { TableName: table, Item }),
      putSecret: async (name, value) => queueStore.parameters.put(name, value),
    },
    request,
  );
}

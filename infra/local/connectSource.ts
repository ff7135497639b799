// How is a source connected on one machine? The request as people give it, held against the rules, and made through the running instance.
import {
  type Connected,
  type ConnectionRequest,
  connect,
  connectableSources,
  partnerSourceOf,
  salesforceId18,
} from '../../functions/intake/connect.ts';
import { addPartnerSource } from './core/dataDirectory.ts';
import type { Properties } from './core/json.ts';
import { refuse } from './core/refusal.ts';
import type { Runtime } from './runtime.ts';

const isConnectable = (source: string): source is ConnectionRequest['source'] =>
  connectableSources.some((name) => name === source);

/** Reads a request, or refuses it with the reason. */
export function connectionRequest(given: Properties): ConnectionRequest {
  const source = given.text('source', '');
  if (!isConnectable(source)) {
    return refuse(`Source "${source}" can't be connected; name one of ${connectableSources.join(', ')}.`);
  }
  const tenant = given.text('tenant', '');
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(tenant)) {
    refuse('A connection needs a tenant: --tenant ID, of letters, digits, dot, dash and underscore.');
  }
  const account = given.text('account', '');
  if (source === 'salesforce' && !/^00D[A-Za-z0-9]{12}([A-Za-z0-9]{3})?$/.test(account)) {
    refuse(
      'A Salesforce connection needs its org: --account 00D…, of 15 or 18 characters (Setup, Company Information).',
    );
  }
  const currency = given.text('currency', '');
  if (currency !== '' && !/^[A-Z]{3}$/.test(currency))
    refuse(`--currency ${currency} is not an ISO 4217 code such as EUR.`);
  return {
    source,
    tenant,
    ...(account === '' ? {} : { account }),
    ...(currency === '' ? {} : { currency }),
    mapping: Object.fromEntries(given.object('mapping').entries()),
    ...(given.has('allow')
      ? {
          alsoAllows: given
            .text('allow')
            .split(',')
            .map((type) => type.trim()),
        }
      : {}),
  };
}

/** Makes a connection of the local runtime; an org's bus must know it before its first message comes. */
export async function connectSource(runtime: Runtime, request: ConnectionRequest): Promise<Connected> {
  const { plan, engine, queueStore, clock, url, dataDir } = runtime;
  const { ConnectionsTable: table, SecretsPrefix: prefix } = plan.outputs;
  if (table === undefined || prefix === undefined) {
    return refuse('The template publishes no outputs ConnectionsTable and SecretsPrefix, which a connection needs.');
  }
  if (request.source === 'salesforce') {
    const account = salesforceId18(request.account ?? '');
    if (addPartnerSource(dataDir, partnerSourceOf(account))) await runtime.reload();
  }
  return connect(
    {
      url,
      prefix,
      now: () => clock.now(),
      putItem: (Item) => engine.call('PutItem', { TableName: table, Item }),
      putSecret: async (name, value) => queueStore.parameters.put(name, value),
    },
    request,
  );
}

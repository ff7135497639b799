// What does a connection consist of? An item that says whose messages these are, and a secret that only their sender knows.
import { randomBytes, randomUUID } from 'node:crypto';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { addPartnerSource } from './dataDirectory.ts';
import type { Properties } from './properties.ts';
import { refuse } from './refusal.ts';
import type { Runtime } from './runtime.ts';

export const connectableSources = ['salesforce', 'stripe', 'cloudevents'] as const;
type ConnectableSource = (typeof connectableSources)[number];

export interface ConnectionRequest {
  readonly source: ConnectableSource;
  readonly tenant: string;
  /** The account within the system; the connection's own id where there is none to name. */
  readonly account?: string;
  /** ISO 4217: what amounts are in where a message names no currency. */
  readonly currency?: string;
  /** How the source's own fields are to be read, beside the mapping that its adapter knows. */
  readonly mapping: Readonly<Record<string, unknown>>;
  /** Types that it may say beside those that its source says by default. */
  readonly alsoAllows?: readonly string[];
}

/** Where connections and secrets are kept. */
export interface ConnectionStore {
  /** The URL of the HTTP API. */
  readonly url: string;
  /** The path below which each connection's secret lies. */
  readonly prefix: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly putItem: (item: Readonly<Record<string, AttributeValue>>) => Promise<unknown>;
  readonly putSecret: (name: string, value: string) => Promise<unknown>;
}

export interface Connected {
  readonly connection: string;
  readonly source: string;
  readonly tenantId: string;
  readonly account: string;
  /** Where to send messages; for Salesforce the partner event source whose bus takes them. */
  readonly url: string;
  /** What to sign them with; absent for a partner bus, which needs none. */
  readonly secret?: string;
}

const isConnectable = (source: string): source is ConnectableSource =>
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

/** A Salesforce id of 15 characters as its 18: three letters for which of each five are capitals. */
export function salesforceId18(id: string): string {
  if (id.length === 18) return id;
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';
  const suffix = [0, 5, 10].map((start) => {
    const capitals = [...id.slice(start, start + 5)].map((letter, place) => (/[A-Z]/.test(letter) ? 2 ** place : 0));
    return letters[capitals.reduce((sum, bit) => sum + bit, 0)];
  });
  return `${id}${suffix.join('')}`;
}

const secretFor = (source: ConnectableSource): string | undefined => {
  switch (source) {
    case 'stripe':
      return `whsec_${randomBytes(24).toString('hex')}`;
    case 'cloudevents':
      return `whsec_${randomBytes(32).toString('base64')}`;
    case 'salesforce':
      return undefined;
    default:
      return source satisfies never;
  }
};

const text = (value: string) => ({ S: value });

/** The partner event source of an org, where nothing else is known of it. */
const partnerSourceOf = (account: string): string => `aws.partner/salesforce.com/${account}/throughline`;

/**
 * Makes a connection. Its secret is kept before its item, and the item before the alias that leads to it: cut off at any point,
 * nothing is left that could take a message and not verify or place it.
 */
export async function connect(store: ConnectionStore, request: ConnectionRequest): Promise<Connected> {
  const { source, tenant, currency, mapping, alsoAllows } = request;
  const connection = `c-${randomUUID().replaceAll('-', '').slice(0, 16)}`;
  const account = source === 'salesforce' ? salesforceId18(request.account ?? '') : (request.account ?? connection);
  const version = typeof mapping.version === 'number' ? mapping.version : 1;
  const secret = secretFor(source);
  if (secret !== undefined) {
    await store.putSecret(`${store.prefix}/${connection}`, JSON.stringify({ secrets: [secret] }));
  }
  const webhook = `${store.url.replace(/\/$/, '')}/webhooks/${source}/${connection}`;
  await store.putItem({
    connection: text(connection),
    source: text(source),
    tenantId: text(tenant),
    account: text(account),
    mapping: text(JSON.stringify({ ...mapping, version })),
    mappingVersion: { N: String(version) },
    ...(currency === undefined ? {} : { currency: text(currency) }),
    ...(alsoAllows === undefined ? {} : { alsoAllows: { L: alsoAllows.map(text) } }),
    ...(source === 'salesforce' ? {} : { publicUrl: text(webhook) }),
    createdAt: text(new Date(store.now()).toISOString()),
    active: { BOOL: true },
  });
  if (source === 'salesforce') {
    await store.putItem({ connection: text(`salesforce#${account}`), connectionId: text(connection) });
  }
  return {
    connection,
    source,
    tenantId: tenant,
    account,
    url: source === 'salesforce' ? partnerSourceOf(account) : webhook,
    ...(secret === undefined ? {} : { secret }),
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

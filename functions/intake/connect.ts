// How is a connection made, with its item, its alias and its secret?
// The commands that connect call it; it writes one secret to the parameter store, and one or two items to the connections table.
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Source } from '../../events/sources/source.ts';
import { firstSecret } from './secretParameter.ts';

/** What to connect; the account is in the form that its source reads. */
export interface ConnectionRequest {
  readonly source: Source;
  readonly tenant: string;
  /** The account in the system; absent: the connection's own id. */
  readonly account?: string;
  /** ISO 4217: the currency of amounts where a message names none. */
  readonly currency?: string;
  /** How to read the source's own fields, beside the adapter's default mapping. */
  readonly mapping: Readonly<Record<string, unknown>>;
  /** Types that the connection may say beside the source's default types. */
  readonly alsoAllows?: readonly string[];
  /** The secret that the source has issued; absent: one is made, where the source takes ours. */
  readonly secret?: string;
  /** Test data of the account counts as live data does. */
  readonly testData?: true;
  /** The party id of the partner to which it is bound. */
  readonly partner?: string;
  /** The hours within which it is heard at least once; absent: its silence says nothing. */
  readonly rhythmHours?: number;
}

/** Where connections and secrets are stored. */
export interface ConnectionStore {
  /** The URL of the HTTP API. */
  readonly url: string;
  /** The path of the secrets; each connection's secret is below it. */
  readonly prefix: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Random bytes that nobody can guess. */
  readonly random: (bytes: number) => Uint8Array;
  readonly putItem: (item: Readonly<Record<string, AttributeValue>>) => Promise<unknown>;
  readonly putSecret: (name: string, value: string) => Promise<unknown>;
}

export interface Connected {
  readonly connection: string;
  readonly source: string;
  readonly tenantId: string;
  readonly account: string;
  /** The URL for messages; for a partner bus, the partner event source that brings them. */
  readonly url: string;
  /** The secret that was made to sign messages; absent where messages are not signed, or where the source issues its own secret. */
  readonly secret?: string;
}

const secretBytes = 32;

/** A new secret; undefined where messages are not signed, or where the source takes no secret but its own. */
export const madeSecret = ({ delivery }: Source, random: ConnectionStore['random']): string | undefined =>
  delivery.way === 'webhook' ? delivery.secretOf?.(random(secretBytes)) : undefined;

const text = (value: string) => ({ S: value });

/** The key of the item that leads from an account to its connection. */
export const aliasOf = (source: string, account: string): string => `${source}#${account}`;

/** The partner event source that brings the account's messages; undefined where they come by webhook. */
export const partnerSourceOf = ({ source, account }: ConnectionRequest): string | undefined =>
  source.delivery.way === 'partnerBus' && account !== undefined ? source.delivery.partnerSourceOf(account) : undefined;

/** The item of a connection, as `connectionOf` reads it. */
export const connectionItem = (
  {
    source,
    tenant,
    account,
    currency,
    mapping,
    alsoAllows,
    testData,
    partner,
    rhythmHours,
  }: ConnectionRequest & { readonly account: string },
  made: { readonly connection: string; readonly at: number },
): Readonly<Record<string, AttributeValue>> => {
  const version = typeof mapping.version === 'number' ? mapping.version : 1;
  return {
    connection: text(made.connection),
    source: text(source.name),
    tenantId: text(tenant),
    account: text(account),
    mapping: text(JSON.stringify({ ...mapping, version })),
    mappingVersion: { N: String(version) },
    ...(currency === undefined ? {} : { currency: text(currency) }),
    ...(alsoAllows === undefined ? {} : { alsoAllows: { L: alsoAllows.map(text) } }),
    ...(testData === undefined ? {} : { testData: { BOOL: testData } }),
    ...(partner === undefined ? {} : { partner: text(partner) }),
    ...(rhythmHours === undefined ? {} : { rhythmHours: { N: String(rhythmHours) } }),
    createdAt: text(new Date(made.at).toISOString()),
    active: { BOOL: true },
  };
};

/**
 * Makes a connection. It stores the secret before the item, and the item before the alias that leads to it. So a crash at any
 * point leaves nothing that accepts a message but can't verify it or find its connection.
 */
export async function connect(store: ConnectionStore, request: ConnectionRequest): Promise<Connected> {
  const { name, delivery } = request.source;
  const connection = `c-${Buffer.from(store.random(8)).toString('hex')}`;
  const account = request.account ?? connection;
  const made = request.secret === undefined ? madeSecret(request.source, store.random) : undefined;
  const secret = request.secret ?? made;
  if (secret !== undefined) await store.putSecret(`${store.prefix}/${connection}`, firstSecret(secret));
  await store.putItem(connectionItem({ ...request, account }, { connection, at: store.now() }));
  if (delivery.way === 'partnerBus') {
    await store.putItem({ connection: text(aliasOf(name, account)), connectionId: text(connection) });
  }
  return {
    connection,
    source: name,
    tenantId: request.tenant,
    account,
    url: partnerSourceOf({ ...request, account }) ?? `${store.url.replace(/\/$/, '')}/webhooks/${name}/${connection}`,
    ...(made === undefined ? {} : { secret: made }),
  };
}

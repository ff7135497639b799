// What does a connection consist of? An item that says whose messages these are, and a secret that only their sender knows.
// The connect commands call it; it puts one parameter and one or two items.
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Source } from '../../events/sources/source.ts';

/** What is to be connected; the account is as its source reads it. */
export interface ConnectionRequest {
  readonly source: Source;
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
  /** So many bytes that nobody can guess. */
  readonly random: (bytes: number) => Uint8Array;
  readonly putItem: (item: Readonly<Record<string, AttributeValue>>) => Promise<unknown>;
  readonly putSecret: (name: string, value: string) => Promise<unknown>;
}

export interface Connected {
  readonly connection: string;
  readonly source: string;
  readonly tenantId: string;
  readonly account: string;
  /** Where to send messages; of a partner bus, the partner event source that brings them. */
  readonly url: string;
  /** What to sign them with; absent where there is nothing to sign, or the source issues its own. */
  readonly secret?: string;
}

const secretBytes = 32;

const text = (value: string) => ({ S: value });

/** The key of the item that leads from an account to its connection. */
export const aliasOf = (source: string, account: string): string => `${source}#${account}`;

/** The partner event source whose bus brings what is to be connected; undefined where messages come by webhook. */
export const partnerSourceOf = ({ source, account }: ConnectionRequest): string | undefined =>
  source.delivery.way === 'partnerBus' && account !== undefined ? source.delivery.partnerSourceOf(account) : undefined;

/** The item of a connection, as `connectionOf` reads it. */
const itemOf = (
  { source, tenant, account, currency, mapping, alsoAllows }: ConnectionRequest & { readonly account: string },
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
    createdAt: text(new Date(made.at).toISOString()),
    active: { BOOL: true },
  };
};

/**
 * Makes a connection. Its secret is kept before its item, and the item before the alias that leads to it: cut off at any point,
 * nothing is left that could take a message and not verify or place it.
 */
export async function connect(store: ConnectionStore, request: ConnectionRequest): Promise<Connected> {
  const { name, delivery } = request.source;
  const connection = `c-${Buffer.from(store.random(8)).toString('hex')}`;
  const account = request.account ?? connection;
  const secret = delivery.way === 'webhook' ? delivery.secretOf?.(store.random(secretBytes)) : undefined;
  if (secret !== undefined) {
    await store.putSecret(`${store.prefix}/${connection}`, JSON.stringify({ secrets: [secret] }));
  }
  await store.putItem(itemOf({ ...request, account }, { connection, at: store.now() }));
  if (delivery.way === 'partnerBus') {
    await store.putItem({ connection: text(aliasOf(name, account)), connectionId: text(connection) });
  }
  return {
    connection,
    source: name,
    tenantId: request.tenant,
    account,
    url: partnerSourceOf({ ...request, account }) ?? `${store.url.replace(/\/$/, '')}/webhooks/${name}/${connection}`,
    ...(secret === undefined ? {} : { secret }),
  };
}

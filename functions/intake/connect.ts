// What does a connection consist of? An item that says whose messages these are, and a secret that only their sender knows.
// The connect commands call it; it puts one item and one parameter.
import { randomBytes, randomUUID } from 'node:crypto';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';

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
export const partnerSourceOf = (account: string): string => `aws.partner/salesforce.com/${account}/throughline`;

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

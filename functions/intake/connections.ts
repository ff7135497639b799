// Whose account is a connection, how are its messages read, and which types may it say?
// Receive and translate call it; it reads the connections table, and caches what it finds for half a minute.
import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { eventTypes } from '../../events/catalog.ts';
import { sourceOf } from '../../events/sources/catalog.ts';
import { typesForPartner } from '../../events/sources/defaultTypes.ts';
import type { Connection } from '../../events/sources/source.ts';
import { createTtlCache, type TtlCache } from '../aws/ttlCache.ts';
import { mayBeConnection } from '../http/pathIds.ts';
import { aliasOf } from './connect.ts';

const MappingText = z.string().transform((text, context) => {
  try {
    return z.looseObject({ version: z.int().min(0).optional() }).parse(JSON.parse(text));
  } catch {
    context.addIssue({ code: 'custom', message: 'expected the JSON text of a mapping' });
    return z.NEVER;
  }
});

const Stored = z.object({
  connection: z.string().min(1),
  source: z.string().min(1),
  tenantId: z.string().min(1),
  account: z.string().min(1),
  currency: z.string().optional(),
  mapping: MappingText.prefault('{}'),
  mappingVersion: z.int().min(0).optional(),
  active: z.boolean().default(true),
  testData: z.boolean().optional(),
  /** The party id of the partner to which it is bound. */
  partner: z.string().min(1).optional(),
  /** The hours within which it is heard at least once. */
  rhythmHours: z.number().positive().optional(),
  /** Absent: the source's default types. */
  allowedTypes: z.union([z.array(z.string()), z.set(z.string()).transform((types) => [...types])]).optional(),
  /** Further types that it may say. */
  alsoAllows: z.array(z.string()).default([]),
});

const Alias = z.object({ connectionId: z.string().min(1) });

/** A connection of the table; one that is not active is disabled: it accepts no messages. */
export interface StoredConnection extends Connection {
  readonly active: boolean;
}

/** A connection, from an item of its table; throws, with what is wrong, where the item is malformed. */
export const connectionOf = (item: unknown): StoredConnection => {
  const { currency, allowedTypes, alsoAllows, mapping, mappingVersion, testData, partner, rhythmHours, ...stored } =
    Stored.parse(item);
  const defaults = sourceOf(stored.source)?.defaultTypes ?? [];
  return {
    ...stored,
    mapping: { ...mapping, version: mappingVersion ?? mapping.version ?? 0 },
    allowedTypes:
      partner === undefined
        ? eventTypes.filter((type) => [...(allowedTypes ?? defaults), ...alsoAllows].includes(type))
        : typesForPartner(allowedTypes === undefined ? defaults : [], [...(allowedTypes ?? []), ...alsoAllows]),
    ...(currency !== undefined && { currency }),
    ...(testData === true && { testData }),
    ...(partner !== undefined && { partner }),
    ...(rhythmHours !== undefined && { rhythmHours }),
  };
};

export interface Connections {
  /** The connection of that id; undefined where there is none. */
  byId(connectionId: string): Promise<StoredConnection | undefined>;
  /** The connection that an account's alias leads to. */
  byAccount(source: string, account: string): Promise<StoredConnection | undefined>;
}

export interface ConnectionsSettings {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly now: () => string;
}

/** How long a found item is cached. */
const keptMs = 30_000;

/**
 * So long an id is remembered that no connection has, so that requests to it again and again cost no reads. A connection gets its
 * id when it is made, so hardly anybody has asked for it before.
 */
const absentMs = 5_000;
const absentBytes = 1024 ** 2;

/** A disabled connection is not cached, so that it works again as soon as it is enabled. */
const lasts = (value: StoredConnection | string): boolean => typeof value === 'string' || value.active;

/** The connections, read consistently and cached for half a minute. */
export const createConnections = ({ client, table, now }: ConnectionsSettings): Connections => {
  const settings = { forMs: keptMs, budgetBytes: 16 * 1024 ** 2, now };
  const connections = createTtlCache<StoredConnection>(settings);
  const aliases = createTtlCache<string>(settings);
  const absent = createTtlCache<true>({ forMs: absentMs, budgetBytes: absentBytes, now });

  const read = async <T extends StoredConnection | string>(
    key: string,
    kept: TtlCache<T>,
    parse: (item: unknown) => T,
  ): Promise<T | undefined> => {
    const known = kept.get(key);
    if (known !== undefined) return known;
    const answer = await client.send(
      new GetItemCommand({ TableName: table, Key: { connection: { S: key } }, ConsistentRead: true }),
    );
    if (answer.Item === undefined) return undefined;
    const value = parse(unmarshall(answer.Item));
    if (lasts(value)) kept.set(key, value);
    return value;
  };

  const byId: Connections['byId'] = async (connectionId) => {
    // Aliases are in the same table. Their keys contain a `#`, and no connection's id does.
    if (!mayBeConnection(connectionId) || absent.get(connectionId) === true) return undefined;
    const found = await read(connectionId, connections, connectionOf);
    if (found === undefined) absent.set(connectionId, true);
    return found;
  };

  return {
    byId,
    byAccount: async (source, account) => {
      const id = await read(aliasOf(source, account), aliases, (item) => Alias.parse(item).connectionId);
      return id === undefined ? undefined : byId(id);
    },
  };
};

// Which connections does an installation have, and which one has this id?
// `npm run connect` calls it; it reads the tables of connections and sources.
import { GetItemCommand, paginateScan } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { sourceOf } from '../../../events/sources/catalog.ts';
import type { Source } from '../../../events/sources/source.ts';
import { isSameAccount } from '../../../functions/again/sameAccount.ts';
import { connectionOf, type StoredConnection } from '../../../functions/intake/connections.ts';
import { refuse } from '../../local/core/refusal.ts';
import type { ConnectionItem } from '../../local/takenAccount.ts';
import type { Target } from '../target.ts';

/** A connection, as a person sees it in a list: without anything secret. */
export type Listed = Readonly<Record<string, unknown>>;

/** An alias leads from an account to its connection: its key holds a `#`. */
const isConnection = (id: unknown): id is string => typeof id === 'string' && !id.includes('#');

/** The items of the connections table, of aliases too. */
export async function connectionItems({ dynamo, output }: Target): Promise<readonly ConnectionItem[]> {
  const table = { TableName: output('ConnectionsTable'), ConsistentRead: true };
  const pages = await Array.fromAsync(paginateScan({ client: dynamo }, table));
  return pages.flatMap(({ Items = [] }) => Items);
}

async function scan({ dynamo }: Target, table: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const items: Readonly<Record<string, unknown>>[] = [];
  for await (const { Items = [] } of paginateScan({ client: dynamo }, { TableName: table, ConsistentRead: true })) {
    items.push(...Items.map((item) => unmarshall(item)));
  }
  return items;
}

/** One that can't be read is listed by its id, so that it doesn't hide the others. */
function listed(item: Readonly<Record<string, unknown>>, lastHeardAt: unknown): Listed {
  try {
    const {
      connection,
      source,
      tenantId,
      account,
      currency,
      mapping,
      active,
      testData,
      partner,
      rhythmHours,
      allowedTypes,
    } = connectionOf(item);
    return {
      ...{ connection, source, tenantId, account, mappingVersion: mapping.version, disabled: !active },
      ...(currency !== undefined && { currency }),
      ...(testData !== undefined && { testData }),
      ...(partner !== undefined && { partner }),
      ...(rhythmHours !== undefined && { rhythmHours }),
      ...{ lastHeardAt: lastHeardAt ?? null, allowedTypes },
    };
  } catch (error) {
    const { connection, tenantId } = item;
    return { connection, tenantId, malformed: error instanceof Error ? error.message : String(error) };
  }
}

/** The connections of a tenant, or of all tenants, by tenant, source and id. */
export async function listedConnections(site: Target, tenant: string | undefined): Promise<readonly Listed[]> {
  const items = await scan(site, site.output('ConnectionsTable'));
  const { SourcesTable } = site.outputs;
  const heard = SourcesTable === undefined ? [] : await scan(site, SourcesTable);
  const heardAt = new Map(heard.map(({ connectionId, lastHeardAt }) => [connectionId, lastHeardAt]));
  const orderOf = ({ tenantId, source, connection }: Listed): string => [tenantId, source, connection].join('\n');
  return items
    .filter(({ connection, tenantId }) => isConnection(connection) && (tenant === undefined || tenantId === tenant))
    .map((item) => listed(item, heardAt.get(item.connection)))
    .sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
}

export interface Found {
  readonly connection: StoredConnection;
  readonly source: Source;
  /** The item of the table. */
  readonly item: Readonly<Record<string, unknown>>;
}

/** The ids of all connections that say the facts of this connection's account, disabled ones too, itself included. */
export async function connectionsOfAccount(site: Target, { connection }: Found): Promise<readonly string[]> {
  const items = await scan(site, site.output('ConnectionsTable'));
  return items
    .filter((item) => isConnection(item.connection) && item.tenantId === connection.tenantId)
    .flatMap((item) => {
      try {
        return [connectionOf(item)];
      } catch {
        // One that can't be read says nothing.
        return [];
      }
    })
    .filter((other) => isSameAccount(other, connection))
    .map((other) => other.connection)
    .sort();
}

/** The connection of that id; refuses one that there is not, or that is another tenant's than the named one's. */
export async function foundConnection(
  { dynamo, output, name }: Target,
  { id, tenant }: { readonly id: string; readonly tenant: string | undefined },
): Promise<Found> {
  const key = { connection: { S: id } };
  const { Item } = isConnection(id)
    ? await dynamo.send(new GetItemCommand({ TableName: output('ConnectionsTable'), Key: key, ConsistentRead: true }))
    : {};
  const item = Item === undefined ? undefined : unmarshall(Item);
  if (item === undefined || (tenant !== undefined && item.tenantId !== tenant)) {
    const whose = tenant === undefined ? '' : ` of tenant ${tenant}`;
    return refuse(`There is no connection ${id}${whose} in ${name}; npm run connect -- --list shows them.`);
  }
  const connection = connectionOf(item);
  const source = sourceOf(connection.source);
  return source === undefined
    ? refuse(`Connection ${id} is of the source ${connection.source}, which this version doesn't have.`)
    : { connection, source, item };
}

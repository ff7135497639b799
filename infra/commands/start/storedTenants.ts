// Which tenants does a data directory hold, and how many facts of each?
// The summary calls it; it reads the tables of events and of connections.
import { parseStreamId } from '../../../events/identifiers.ts';
import { isObject, type JsonObject } from '../../local/core/json.ts';
import type { Runtime } from '../../local/runtime.ts';

export interface StoredTenant {
  readonly tenant: string;
  /** Events in the store, without those that the pipeline itself records; null: there are too many to count at a start. */
  readonly facts: number | null;
}

/** A start counts this many pages of 1 MB at the most. */
const pagesCounted = 100;

interface Scanned {
  readonly table: string;
  readonly index?: string;
  /** The attribute that is read. */
  readonly attribute: string;
  readonly pages?: number;
}

/** The items of a table; `undefined` as the last one where there are more than the pages hold. */
async function* scanned(
  { engine }: Pick<Runtime, 'engine'>,
  { table, index, attribute, pages = Number.POSITIVE_INFINITY }: Scanned,
): AsyncGenerator<JsonObject | undefined> {
  let after: unknown;
  let read = 0;
  do {
    if (read === pages) {
      yield undefined;
      return;
    }
    const page = await engine.call('Scan', {
      TableName: table,
      ...(index === undefined ? {} : { IndexName: index }),
      ProjectionExpression: '#stream, #attribute',
      ExpressionAttributeNames: { '#stream': 'stream', '#attribute': attribute },
      ...(after === undefined ? {} : { ExclusiveStartKey: after }),
    });
    const items: unknown = page.Items;
    for (const item of Array.isArray(items) ? items : []) if (isObject(item)) yield item;
    after = page.LastEvaluatedKey;
    read += 1;
  } while (after !== undefined);
}

const textIn = (item: JsonObject, attribute: string): string => {
  const value = item[attribute];
  return isObject(value) && typeof value.S === 'string' ? value.S : '';
};

const saidIn = (events: string): number => {
  const commit: unknown = JSON.parse(events || '[]');
  return Array.isArray(commit) ? commit.filter((event) => event.type !== 'StageEntered').length : 0;
};

const tableOf = ({ plan }: Pick<Runtime, 'plan'>, name: string): string =>
  plan.functions.find(({ environment }) => environment[name] !== undefined)?.environment[name] ?? '';

/** The tenants that have a connection or an event, in alphabetical order. */
export const storedTenants = async (runtime: Pick<Runtime, 'engine' | 'plan'>): Promise<readonly StoredTenant[]> => {
  const events = tableOf(runtime, 'EVENTS_TABLE');
  const facts = new Map<string, number>();
  const add = (tenant: string, count: number): void => void facts.set(tenant, (facts.get(tenant) ?? 0) + count);
  for await (const item of scanned(runtime, { table: tableOf(runtime, 'CONNECTIONS_TABLE'), attribute: 'tenantId' }))
    if (item !== undefined) add(textIn(item, 'tenantId'), 0);
  let complete = true;
  for await (const item of scanned(runtime, { table: events, attribute: 'events', pages: pagesCounted })) {
    if (item === undefined) complete = false;
    else add(parseStreamId(textIn(item, 'stream')).tenantId, saidIn(textIn(item, 'events')));
  }
  // The index lists each stream once, so that a store too large to be counted still tells its tenants.
  if (!complete) {
    for await (const item of scanned(runtime, { table: events, index: 'shards', attribute: 'shard' }))
      if (item !== undefined) add(parseStreamId(textIn(item, 'stream')).tenantId, 0);
  }
  return [...facts]
    .filter(([tenant]) => tenant !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([tenant, count]) => ({ tenant, facts: complete ? count : null }));
};

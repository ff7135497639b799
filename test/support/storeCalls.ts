// Which calls does a path make of the store? A client that notes each, by its operation and the tables that it names.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { clientOf, type TestEngine } from './engine.ts';

export interface StoreCalls {
  readonly client: DynamoDBClient;
  /** What was called since it was last asked, in order: `Query events`, `PutItem events (refused)`. */
  taken(): readonly string[];
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** A test's table is `name-1` or `p1-name`. */
const plainName = (table: unknown): string =>
  String(table)
    .replace(/^p\d+-/, '')
    .replace(/(-api)?-[0-9a-f]+$/, '');

const tablesOf = (input: unknown): readonly string[] => {
  if (!isObject(input)) return [];
  if (input.TableName !== undefined) {
    return [plainName(input.TableName) + (input.IndexName === undefined ? '' : `/${String(input.IndexName)}`)];
  }
  const parts = listOf(input.TransactItems).flatMap((part) => (isObject(part) ? Object.entries(part) : []));
  const named = parts.map(([kind, said]) => `${kind} ${isObject(said) ? plainName(said.TableName) : ''}`);
  const counted = [...Map.groupBy(named, (name) => name)].map(([name, all]) => `${all.length} ${name}`);
  return [...counted, ...Object.keys(isObject(input.RequestItems) ? input.RequestItems : {}).map(plainName)];
};

/** A client of the engine whose calls are noted; one that is refused is noted as that. */
export const storeCalls = (engine: TestEngine): StoreCalls => {
  const client = clientOf(engine.endpoint);
  let noted: string[] = [];
  client.middlewareStack.add((next, { commandName = '' }) => async (args) => {
    const name = `${commandName.replace(/Command$/, '')} ${tablesOf(args.input).join(', ')}`;
    const place = noted.push(name) - 1;
    try {
      return await next(args);
    } catch (error) {
      noted[place] = `${name} (refused)`;
      throw error;
    }
  });
  return {
    client,
    taken: () => {
      const taken = noted;
      noted = [];
      return taken;
    },
  };
};

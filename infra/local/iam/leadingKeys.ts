// Which partitions does a call of DynamoDB touch? These are the values of `dynamodb:LeadingKeys`, from the key of the table or index.
import type { DynamoPart } from '../aws/dynamoAccess.ts';
import { isObject, type JsonObject } from '../core/json.ts';
import type { TablePlan } from '../core/plan.ts';

const partitionKeyOf = ({ table, index }: DynamoPart, tables: readonly TablePlan[]): string | undefined => {
  const plan = tables.find(({ name }) => name === table);
  const key = index === undefined ? plan?.key : plan?.indexes.find(({ name }) => name === index)?.key;
  return key?.find(({ role }) => role === 'HASH')?.name;
};

/** A key's value as IAM sees it: its text. */
const textOf = (value: unknown): readonly string[] => {
  if (!isObject(value)) return [];
  return Object.values(value).filter((text) => typeof text === 'string');
};

/** The value that a key condition requires for the partition key. */
function queried(said: JsonObject, key: string): readonly string[] {
  const {
    KeyConditionExpression: expression,
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: values,
  } = said;
  if (typeof expression !== 'string' || !isObject(values)) return [];
  const named = (name: string): unknown => (isObject(names) ? (names[name] ?? name) : name);
  return [...expression.matchAll(/([#\w.-]+)\s*=\s*(:\w+)/g)]
    .filter(([, name = '']) => named(name) === key)
    .flatMap(([, , value = '']) => textOf(values[value]));
}

/** The items and keys that a part names; each operation has them in its own place. */
function itemsOf(said: unknown): readonly JsonObject[] {
  if (Array.isArray(said)) {
    return said.filter(isObject).flatMap((request) => Object.values(request).flatMap((one) => itemsOf(one)));
  }
  if (!isObject(said)) return [];
  const keys = Array.isArray(said.Keys) ? said.Keys : [];
  return [said.Item, said.Key, ...keys].filter(isObject);
}

/** The partition keys of a part; empty where it names none, such as a scan or a query in another form. */
export function leadingKeys(part: DynamoPart, tables: readonly TablePlan[]): readonly string[] {
  const key = partitionKeyOf(part, tables);
  if (key === undefined) return [];
  const named = itemsOf(part.said).flatMap((item) => textOf(item[key]));
  return [...named, ...(isObject(part.said) ? queried(part.said, key) : [])];
}

// Which writes may share a transaction with others? Those of one item that ask for nothing which only a call of their own answers.
import { isUtf8 } from 'node:buffer';
import { isObject, type JsonObject } from '../core/json.ts';

/** The names of a table's key attributes; undefined where they aren't known. */
export type KeysOf = (table: string) => readonly string[] | undefined;

/** A write of one item that a transaction can carry out in place of its own call. */
export interface GroupableWrite {
  /** Its part of a transaction, as JSON: the call's input, unchanged. */
  readonly part: string;
  readonly bytes: number;
  /** The item that it writes: two writes of one item can't be in one transaction. */
  readonly item: string;
  /** What it does to which table. */
  readonly kind: string;
  readonly hasCondition: boolean;
}

interface Form {
  readonly part: string;
  /** The member that holds the key. */
  readonly keyIn: string;
  readonly required: readonly string[];
}

const forms: ReadonlyMap<string, Form> = new Map([
  ['PutItem', { part: 'Put', keyIn: 'Item', required: [] }],
  // A transaction refuses an update that changes nothing.
  ['UpdateItem', { part: 'Update', keyIn: 'Key', required: ['UpdateExpression'] }],
  ['DeleteItem', { part: 'Delete', keyIn: 'Key', required: [] }],
]);

/** The members that mean the same in a call and in a part of a transaction, beside those of the form. */
const carried = new Set([
  'TableName',
  'ConditionExpression',
  'ExpressionAttributeNames',
  'ExpressionAttributeValues',
  'ReturnValuesOnConditionCheckFailure',
]);

function parsed(text: string): JsonObject {
  try {
    const input: unknown = JSON.parse(text);
    return isObject(input) ? input : {};
  } catch {
    return {};
  }
}

/** The write in a call; undefined where the call must go alone. */
export function groupableWrite(operation: string, body: string | Buffer, keysOf: KeysOf): GroupableWrite | undefined {
  const form = forms.get(operation);
  // As text, bytes that are no UTF-8 would become other ones.
  if (form === undefined || (typeof body !== 'string' && !isUtf8(body))) return undefined;
  const text = body.toString();
  const input = parsed(text);
  const { TableName: table, [form.keyIn]: holder } = input;
  const isCarried = (name: string): boolean => carried.has(name) || name === form.keyIn || form.required.includes(name);
  if (typeof table !== 'string' || !isObject(holder)) return undefined;
  if (!Object.keys(input).every(isCarried) || form.required.some((name) => input[name] === undefined)) return undefined;
  const key = keysOf(table)?.map((name) => holder[name]);
  if (key === undefined || key.includes(undefined)) return undefined;
  return {
    part: `{"${form.part}":${text}}`,
    bytes: typeof body === 'string' ? Buffer.byteLength(body) : body.length,
    item: JSON.stringify([table, key]),
    kind: `${operation} ${table}`,
    hasCondition: input.ConditionExpression !== undefined,
  };
}

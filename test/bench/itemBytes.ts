// How large is an item, as DynamoDB counts? The rules of its developer guide, by which it charges.
import { isObject } from '../../infra/local/core/json.ts';

const textBytes = (value: unknown): number => Buffer.byteLength(typeof value === 'string' ? value : '');

/** A number takes a byte for two digits and one more, without zeros around them; a further one below zero. */
const numberBytes = (value: unknown): number => {
  const text = String(value);
  const digits = text.replace(/^-/, '').replace('.', '').replace(/^0+/, '').replace(/0+$/, '');
  return Math.ceil(digits.length / 2) + 1 + (text.startsWith('-') ? 1 : 0);
};

const valueBytes = (value: unknown): number => {
  const [kind = '', held] = Object.entries(isObject(value) ? value : {})[0] ?? [];
  const each = Array.isArray(held) ? held : [];
  switch (kind) {
    case 'S':
      return textBytes(held);
    case 'N':
      return numberBytes(held);
    case 'B':
      return Buffer.from(String(held), 'base64').length;
    case 'SS':
      return each.reduce((sum, text) => sum + textBytes(text), 0);
    case 'NS':
      return each.reduce((sum, text) => sum + numberBytes(text), 0);
    case 'BOOL':
    case 'NULL':
      return 1;
    case 'L':
      return 3 + each.reduce((sum, inner) => sum + 1 + valueBytes(inner), 0);
    case 'M': {
      const members = Object.entries(isObject(held) ? held : {});
      return 3 + members.reduce((sum, [name, inner]) => sum + Buffer.byteLength(name) + 1 + valueBytes(inner), 0);
    }
    default:
      throw new Error(`no size is known of ${JSON.stringify(value)}`);
  }
};

/** The bytes of an item in DynamoDB's JSON: its attributes' names and values. */
export const itemBytes = (item: Readonly<Record<string, unknown>>): number =>
  Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value), 0);

// What does a JSON value contain? This reads its fields, and names a field of the wrong type.
import { refuse } from './refusal.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isListOfTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string');

/** The fields of an object whose values are already resolved; `where` names the object in refusals. */
export interface Properties {
  readonly where: string;
  readonly has: (name: string) => boolean;
  readonly raw: (name: string) => unknown;
  readonly text: (name: string, otherwise?: string) => string;
  readonly number: (name: string, otherwise?: number) => number;
  readonly flag: (name: string) => boolean;
  readonly texts: (name: string) => readonly string[];
  /** The objects of a list; none where it is absent. */
  readonly objects: (name: string) => readonly Properties[];
  /** The fields of an object; an absent object counts as an empty one. */
  readonly object: (name: string) => Properties;
  readonly entries: () => readonly (readonly [string, unknown])[];
}

export function properties(value: unknown, where: string): Properties {
  if (!isObject(value)) return refuse(`${where}: expected an object, found ${JSON.stringify(value)}.`);
  const wrong = (name: string, expected: string): never =>
    refuse(`${where}: ${name} should be ${expected}, found ${JSON.stringify(value[name])}.`);
  const list = (name: string): readonly unknown[] => {
    const found = value[name] ?? [];
    return Array.isArray(found) ? found : wrong(name, 'a list');
  };
  return {
    where,
    has: (name) => value[name] !== undefined,
    raw: (name) => value[name],
    text(name, otherwise) {
      const found = value[name] ?? otherwise;
      return typeof found === 'string' ? found : wrong(name, 'text');
    },
    number(name, otherwise) {
      const found = value[name] ?? otherwise;
      // CloudFormation accepts numbers as text too.
      const number = typeof found === 'string' && found.trim() !== '' ? Number(found) : found;
      return typeof number === 'number' && Number.isFinite(number) ? number : wrong(name, 'a number');
    },
    flag: (name) => value[name] === true || value[name] === 'true',
    texts: (name) => list(name).map((item) => (typeof item === 'string' ? item : wrong(name, 'a list of text'))),
    objects: (name) => list(name).map((item, index) => properties(item, `${where}: ${name}[${index}]`)),
    object: (name) => properties(value[name] ?? {}, `${where}: ${name}`),
    entries: () => Object.entries(value),
  };
}

// How does a value of each parameter look?
import { sources } from '../../events/sources/catalog.ts';
import type { JsonObject } from './jsonSchema.ts';

const id = '7c1b1f0e-55b4-5f0e-9d1c-2a9f4f7f1a10';

/** By the parameter's name; a parameter with words to choose from shows the first of them. */
const byName: JsonObject = {
  asOf: '2026-06-30T00:00:00Z',
  connection: 'c-7f3a1c',
  cursor: 'eyJxIjoiZmxhZ3MifQ',
  engagement: id,
  flag: id,
  from: '2026-06-01T00:00:00Z',
  id,
  limit: 100,
  partner: id,
  receipt: id,
  run: id,
  source: sources[0]?.name ?? '',
  status: 'open',
  to: '2026-06-30T00:00:00Z',
};

/** The example of a parameter, as its `example`; empty where none is known. */
export const parameterExample = (name: string, { enum: words, default: usual }: JsonObject): JsonObject => {
  const example = Array.isArray(words) ? words[0] : (byName[name] ?? usual);
  return example === undefined ? {} : { example };
};

// What is wrong with a mapping that somebody gives to a connection?
// It is not part of a source, because the functions that run don't need it: a mapping is checked when it is given.
import type * as z from 'zod';
import { type EventType, type Issue, issuesOf } from '../catalog.ts';
import { CloudEventsMapping } from './cloudevents/mapping.ts';
import { rulesIssues } from './cloudevents/mappingIssues.ts';
import type { Source } from './source.ts';

type Check = (mapping: unknown, allowedTypes: readonly EventType[]) => readonly Issue[];

/** The mappings that name types of the catalog, by their schemas. */
const checks: ReadonlyMap<z.ZodType, Check> = new Map([[CloudEventsMapping, rulesIssues]]);

/** The faults of a mapping, by its schema and by the catalog, for a connection that may say `allowedTypes`. */
export const mappingIssues = (
  { mapping: schema }: Pick<Source, 'mapping'>,
  mapping: unknown,
  allowedTypes: readonly EventType[],
): readonly Issue[] => {
  const check = checks.get(schema);
  if (check !== undefined) return check(mapping, allowedTypes);
  const read = schema.safeParse(mapping);
  return read.success ? [] : issuesOf(read.error);
};

// Does a mapping fit the catalog: its fields, its constants, and what the catalog requires?
import * as z from 'zod';
import { definitionOf, type EventType, type Issue, issuesOf } from '../../catalog.ts';
import type { Expression } from './expression.ts';
import { CloudEventsMapping, type Rule } from './mapping.ts';

type Schema = z.core.$ZodType;

/** What an expression has to fill: a field's schema, and the field's name for people. */
interface Place {
  readonly schema: Schema;
  readonly name: string;
  readonly path: string;
}

/** The schema inside an optional or nullable one, or inside one with a default. */
const inner = (schema: Schema): Schema =>
  schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault
    ? inner(schema.unwrap())
    : schema;

const joined = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join('.');

const refusals = (value: unknown, { schema, path }: Place): readonly Issue[] => {
  const read = z.safeParse(schema, value);
  return read.success
    ? []
    : issuesOf(read.error).map((issue) => ({ path: joined(path, issue.path), message: issue.message }));
};

/** Whether the schema refuses every value of this one's type, whatever it is. */
const neverTakes = (schema: Schema, value: string | number): boolean => {
  const read = z.safeParse(schema, value);
  return !read.success && read.error.issues.some(({ code, path }) => code === 'invalid_type' && path.length === 0);
};

const typeIssues = (expression: Expression, { schema, name, path }: Place): readonly Issue[] => {
  const { as, template } = expression;
  const text = template !== undefined || (as !== undefined && as !== 'number');
  if (text && neverTakes(schema, 'text')) return [{ path, message: `${name} can't be text` }];
  return as === 'number' && neverTakes(schema, 1) ? [{ path, message: `${name} can't be a number` }] : [];
};

const membersIssues = (
  members: Readonly<Record<string, Expression>>,
  { schema, name, path }: Place,
): readonly Issue[] => {
  const object = inner(schema);
  if (!(object instanceof z.ZodObject)) return [];
  const { shape } = object;
  const fields = Object.keys(shape);
  const given = Object.entries(members).flatMap(([field, expression]) => {
    const at = joined(path, field);
    const schemaOfField = Object.hasOwn(shape, field) ? shape[field] : undefined;
    return schemaOfField === undefined
      ? [{ path: at, message: `${name} has no field ${field}; it has ${fields.join(', ')}` }]
      : expressionIssues(expression, { schema: schemaOfField, name: `${name}.${field}`, path: at });
  });
  const unfilled = fields
    .filter((field) => !Object.hasOwn(members, field) && !z.safeParse(shape[field] ?? z.unknown(), undefined).success)
    .map((field) => ({ path, message: `${name} needs ${field}, and nothing fills it` }));
  return [...given, ...unfilled];
};

const expressionIssues = (expression: Expression, place: Place): readonly Issue[] => {
  const { constant, lookup, object, list, money } = expression;
  const within = (part: string): Place => ({ ...place, path: joined(place.path, part) });
  if (constant !== undefined) return refusals(constant, within('constant'));
  if (lookup !== undefined) {
    return Object.entries(lookup).flatMap(([word, value]) => refusals(value, within(`lookup.${word}`)));
  }
  if (object !== undefined) return membersIssues(object, within('object'));
  if (money !== undefined) return refusals({ amountMinor: 1, currency: 'EUR' }, within('money'));
  if (list === undefined) return typeIssues(expression, place);
  const of = inner(place.schema);
  return of instanceof z.ZodArray
    ? list.flatMap((each, index) => expressionIssues(each, { ...within(`list.${index}`), schema: of.element }))
    : [];
};

const ruleIssues = (rule: Rule, path: string, allowedTypes: readonly EventType[]): readonly Issue[] => {
  const schema = definitionOf(rule.as)?.data;
  const message = `the connection may not say ${rule.as}; allow it with --allow ${rule.as}`;
  return [
    ...(allowedTypes.includes(rule.as) ? [] : [{ path: `${path}.as`, message }]),
    ...(schema === undefined ? [] : membersIssues(rule.fields, { schema, name: rule.as, path: `${path}.fields` })),
  ];
};

/**
 * What would be refused in every message of a rule, or make it wait for ever: a field that the type doesn't have, a
 * constant or a word of a lookup that the field refuses, a required field that nothing fills, a type that the connection
 * may not say.
 */
export const rulesIssues = (mapping: unknown, allowedTypes: readonly EventType[]): readonly Issue[] => {
  const read = CloudEventsMapping.safeParse(mapping);
  return read.success
    ? read.data.rules.flatMap((rule, index) => ruleIssues(rule, `rules.${index}`, allowedTypes))
    : issuesOf(read.error);
};
